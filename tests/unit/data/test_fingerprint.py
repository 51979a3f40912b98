"""The hash of an input covers what decides the plan, and nothing else."""

from pathlib import Path

import pytest

from optmix.data.fingerprint import input_sha256, rename_files, site_files
from optmix.errors import SchemaError
from optmix.schema.origin import Origin
from optmix.schema.site import Site

DOCUMENT = {
    "schema_version": 1,
    "name": "test",
    "site": {"latitude": 32, "longitude": -102, "timezone": "America/Chicago"},
    "demand": {"series": {"file": "demand.csv", "column": "mw"}},
    "weather": {"epw": "place.epw"},
    "operating_year": [
        {
            "name": "hot",
            "probability": 1.0,
            "energy_price": {"file": "sub/price.csv", "column": "usd_per_mwh"},
        }
    ],
}
FILES = {"demand.csv": "mw\n1\n", "place.epw": "LOCATION\n", "sub/price.csv": "usd_per_mwh\n2\n"}


def site_in(folder: Path, **changes: object) -> Site:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    site = Site.model_validate({**DOCUMENT, **changes})
    return site.with_origin(Origin(path=folder / "site.toml", folder=folder))


def test_files_are_found_wherever_the_site_names_them(tmp_path: Path) -> None:
    assert site_files(site_in(tmp_path)) == {name: tmp_path / name for name in FILES}


def test_files_can_be_renamed_and_the_rest_stays(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    renamed = rename_files(site, lambda name, _: f"inputs/{name}")
    assert renamed.weather.epw == "inputs/place.epw"
    assert renamed.operating_year[0].energy_price.file == "inputs/sub/price.csv"
    assert renamed.origin == site.origin
    assert rename_files(renamed, lambda name, _: name.removeprefix("inputs/")) == site


def test_a_copy_elsewhere_under_other_file_names_has_the_same_hash(tmp_path: Path) -> None:
    here = site_in(tmp_path / "here")
    there = tmp_path / "there"
    there.mkdir()
    for name, path in site_files(here).items():
        (there / name.replace("/", "-")).write_bytes(path.read_bytes())
    copy = rename_files(here, lambda name, _: name.replace("/", "-"))
    assert input_sha256(copy.with_origin(Origin(folder=there))) == input_sha256(here)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_series_changes_the_hash(tmp_path: Path, name: str) -> None:
    site = site_in(tmp_path)
    before = input_sha256(site)
    (tmp_path / name).write_text("other", encoding="utf-8")
    assert input_sha256(site) != before


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"demand": {"series": {"file": "demand.csv", "column": "MW"}}},
        {"solve": {"gap": 0.01}},
        {"weather": {"tmy3": "place.epw"}},
        {"rules": {"pack": "none", "air.site-tpy": {"lane": "minor-source"}}},
    ],
    ids=["name", "column", "gap", "format", "rule"],
)
def test_a_changed_field_changes_the_hash(tmp_path: Path, changes: dict[str, object]) -> None:
    assert input_sha256(site_in(tmp_path, **changes)) != input_sha256(site_in(tmp_path))


def test_the_order_of_tables_does_not_matter(tmp_path: Path) -> None:
    rules = {"b": {"x": 1}, "a": {"y": 2}}
    reverse = dict(reversed(rules.items()))
    hashes = {input_sha256(site_in(tmp_path, rules=given)) for given in (rules, reverse)}
    assert len(hashes) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    (tmp_path / "place.epw").unlink()
    with pytest.raises(SchemaError, match=r"weather\.epw.*\n?.*does not exist"):
        input_sha256(site)
