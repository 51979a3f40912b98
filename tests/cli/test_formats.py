"""The commands `schema`, `migrate` and `export`."""

import json
from collections.abc import Callable
from pathlib import Path

import highspy
import pytest
from typer.testing import Result

import optmix as om
from optmix.resources import resolve
from optmix.schema import migrate as versions

Cli = Callable[..., Result]


def test_schemas_are_printed_as_json(cli: Cli) -> None:
    assert json.loads(cli("schema").stdout) == json.loads(cli("schema", "site").stdout)
    assert "demand" in json.loads(cli("schema").stdout)["properties"]
    result = json.loads(cli("schema", "result").stdout)
    assert set(result["properties"]) == set(om.Result.model_fields)


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_bytes(resolve("@edge/one-step").read_bytes())
    return path


def test_a_file_of_this_version_stays_as_it_is(cli: Cli, site_file: Path) -> None:
    before = site_file.read_bytes()
    told = cli("migrate", site_file)
    assert (told.exit_code, told.stdout) == (0, f"{site_file}: already at version 1\n")
    assert site_file.read_bytes() == before
    assert [path.name for path in site_file.parent.iterdir()] == ["site.toml"]


@pytest.fixture
def version_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that version 0 called the name of a site its title."""

    def to_1(values: dict) -> tuple[dict, tuple[str, ...]]:
        values["name"] = values.pop("title")
        return values, ("title is now called name",)

    known = {"steps": {0: to_1}, "latest": 1}
    defaults = {**versions.migrate.__kwdefaults__, **known}
    monkeypatch.setattr(versions.migrate, "__kwdefaults__", defaults)


def as_version_0(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = text.replace("schema_version = 1", "schema_version = 0").replace("\nname", "\ntitle", 1)
    path.write_text(text, encoding="utf-8")
    return text


@pytest.mark.usefixtures("version_0")
def test_an_old_file_is_rewritten_and_kept(cli: Cli, site_file: Path) -> None:
    expected = om.load_site(site_file)
    old = as_version_0(site_file)
    told = cli("migrate", site_file)
    assert told.exit_code == 0, told.stderr
    assert "now at version 1" in told.stdout
    assert "title is now called name" in told.stdout
    assert om.load_site(site_file) == expected
    kept = site_file.with_name("site.toml.v0")
    assert kept.read_text(encoding="utf-8") == old
    assert sorted(site_file.parent.iterdir()) == [site_file, kept]
    assert cli("migrate", site_file).stdout == f"{site_file}: already at version 1\n"


@pytest.mark.usefixtures("version_0")
def test_an_old_file_is_not_lost_to_an_older_one(cli: Cli, site_file: Path) -> None:
    old = as_version_0(site_file)
    site_file.with_name("site.toml.v0").write_text("mine")
    told = cli("migrate", site_file)
    assert told.exit_code == 3
    assert "would be kept under a name taken" in told.stderr
    assert site_file.read_text(encoding="utf-8") == old


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("schema_version = 1\n", "", "schema_version is missing"),
        ("schema_version = 1", "schema_version = 99", "written by a newer optmix"),
        ("schema_version = 1", "schema_version = ", "not valid TOML"),
    ],
)
def test_what_cannot_be_migrated_is_exit_code_3(
    cli: Cli, site_file: Path, old: str, new: str, said: str
) -> None:
    site_file.write_text(site_file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = cli("migrate", site_file)
    assert told.exit_code == 3
    assert said in told.stderr


@pytest.mark.parametrize("to", ["mps", "lp"])
def test_an_exported_model_has_the_optimum_of_the_site(cli: Cli, to: str, tmp_path: Path) -> None:
    path = tmp_path / f"model.{to}"
    told = cli("export", "@tutorial/one-engine", "--to", to, "-o", path)
    assert (told.exit_code, told.stdout) == (0, f"{path}\n"), told.stderr
    highs = highspy.Highs()
    highs.silent()
    highs.readModel(str(path))
    highs.run()
    expected = om.solve(om.load_site("@tutorial/one-engine")).objective_usd
    assert highs.getObjectiveValue() * 1000 == pytest.approx(expected)
    assert "output_mw" in path.read_text(encoding="utf-8")


def test_settings_reach_the_exported_model(cli: Cli, tmp_path: Path) -> None:
    sizes = []
    for hours in (2, 24):
        path = tmp_path / f"{hours}.mps"
        cli("export", "@edge/one-step", "--to", "mps", "-o", path, "--set", f"time.hours={hours}")
        sizes.append(path.stat().st_size)
    assert sizes[0] < sizes[1]


def test_without_a_name_the_model_is_called_as_the_site(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("export", "@edge/one-step", "--to", "lp").stdout == "one-step.lp\n"
    assert (tmp_path / "one-step.lp").is_file()


def test_an_export_overwrites_nothing_unasked(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "model.mps"
    path.write_text("mine")
    arguments = ("export", "@edge/one-step", "--to", "mps", "-o", path)
    told = cli(*arguments)
    assert told.exit_code == 3
    assert "this exists already" in told.stderr
    assert path.read_text() == "mine"
    assert cli(*arguments, "--force").exit_code == 0
    assert path.read_text() != "mine"


@pytest.mark.parametrize("name", ["model.lp", "none/model.mps"])
def test_an_export_to_a_wrong_place_is_exit_code_3(cli: Cli, tmp_path: Path, name: str) -> None:
    told = cli("export", "@edge/one-step", "--to", "mps", "-o", tmp_path / name)
    assert told.exit_code == 3
    assert list(tmp_path.iterdir()) == []
