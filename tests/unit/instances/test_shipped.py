"""Every shipped instance: it loads without a warning, says what it is, and names its best plan."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from optmix.data.build import build_case
from optmix.resources import instance_names, shipped
from optmix.schema.load import load_site

ROOT = shipped("instances")
NAMES = instance_names()
PROVEN = [name for name in NAMES if not name.startswith("texas/")]
"""Instances whose optimum is derived by hand in their README."""

STEPS = {
    "tutorial/one-engine": 24,
    "tutorial/engine-battery": 48,
    "tutorial/n-plus-one": 24,
    "texas/islanded-300mw": 8760,
    "texas/islanded-300mw-3yr": 26280,
    "texas/islanded-300mw-fortnight": 336,
    "texas/grid-300mw": 8760,
    "texas/grid-300mw-fortnight": 336,
    "texas/islanded-1gw": 8760,
    "texas/islanded-1gw-fortnight": 336,
    "edge/diesel-stock": 24,
    "edge/dst-autumn": 169,
    "edge/dst-spring": 167,
    "edge/infeasible-capacity": 24,
    "edge/infeasible-min-load": 24,
    "edge/infeasible-nox-cap": 24,
    "edge/leap-year": 8784,
    "edge/multi-year": 144,
    "edge/negative-prices": 24,
    "edge/one-step": 1,
    "edge/single-unit": 24,
    "edge/sub-hourly": 96,
    "edge/zero-demand": 24,
}


def best(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name / "best.toml").read_text(encoding="utf-8"))


def test_every_instance_is_listed_here() -> None:
    assert set(NAMES) == set(STEPS)


@pytest.mark.parametrize("name", NAMES)
def test_it_builds_without_a_warning(name: str) -> None:
    site = load_site(f"@{name}")
    case = build_case(site)
    assert site.name == name.split("/")[1]
    assert case.axis.n_steps == STEPS[name]
    assert case.warnings == ()


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name: str) -> None:
    site = load_site(f"@{name}")
    readme = (ROOT / name / "README.md").read_text(encoding="utf-8")
    assert site.description
    assert readme.startswith(f"# {name}\n")
    assert "Apache-2.0" in " ".join(readme.split())


@pytest.mark.parametrize("name", NAMES)
def test_the_index_links_to_it(name: str) -> None:
    assert f"({name}/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROVEN)
def test_its_readme_tells_the_best_objective(name: str) -> None:
    known = best(name)
    if known["status"] == "infeasible":
        assert name.startswith("edge/infeasible-")
        return
    readme = (ROOT / name / "README.md").read_text(encoding="utf-8")
    objective_usd = known["objective_usd"]
    assert f"{objective_usd:,.2f}".removesuffix(".00") in readme
    assert known["bound_usd"] == objective_usd


@pytest.mark.parametrize("name", [name for name in NAMES if (ROOT / name / "best.toml").is_file()])
def test_the_best_mix_names_what_the_site_offers(name: str) -> None:
    site = load_site(f"@{name}")
    mix = best(name).get("mix", {})
    assert set(mix.get("units", {})) <= {unit.name for unit in site.unit}
    assert set(mix.get("battery", {})) <= {battery.name for battery in site.battery}


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_file_that_nothing_names(name: str) -> None:
    site_text = (ROOT / name / "site.toml").read_text(encoding="utf-8")
    known = {"site.toml", "README.md", "best.toml"}
    for path in (ROOT / name).iterdir():
        assert path.name in known or f'"{path.name}"' in site_text, path.name


def test_links_between_readmes_lead_somewhere() -> None:
    for readme in ROOT.rglob("README.md"):
        for part in readme.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")")[0]
            assert (readme.parent / target).exists(), f"{readme}: {target}"


def test_all_of_it_is_small(tmp_path: Path) -> None:
    import zipfile

    archive = tmp_path / "instances.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in ROOT.rglob("*"):
            if path.is_file():
                packed.write(path)
    assert archive.stat().st_size < 5_000_000
