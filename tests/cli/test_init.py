import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from optmix.data.fingerprint import input_sha256
from optmix.resources import instance_names, resolve
from optmix.schema.load import load_site

Cli = Callable[..., Result]


@pytest.mark.parametrize("name", [f"@{name}" for name in instance_names()])
def test_every_shipped_instance_can_be_a_start(cli: Cli, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "site"
    told = cli("init", folder, "--from", name)
    assert told.exit_code == 0, told.stderr
    assert told.stdout == f"{folder / 'site.toml'}\n"
    assert f"optmix solve {folder / 'site.toml'} -o OUT" in told.stderr
    first, rest = (folder / "site.toml").read_text(encoding="utf-8").split("\n", 1)
    assert first == "#:schema ./site.schema.json"
    assert rest == resolve(name).read_text(encoding="utf-8")
    # The line of the schema moves every other line down by one; the numbers are the same.
    copy, original = load_site(folder), load_site(name)
    assert copy == original
    assert input_sha256(copy) == input_sha256(original)


def test_the_schema_beside_it_is_that_of_the_command(cli: Cli, tmp_path: Path) -> None:
    cli("init", tmp_path / "site")
    written = json.loads((tmp_path / "site" / "site.schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(cli("schema").stdout)


def test_an_empty_folder_may_be_there_already(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", tmp_path).exit_code == 0
    assert tomllib.loads((tmp_path / "site.toml").read_text())["name"] == "one-engine"


def test_a_start_can_start_another(cli: Cli, tmp_path: Path) -> None:
    cli("init", tmp_path / "one", "--from", "@tutorial/engine-battery")
    told = cli("init", tmp_path / "two", "--from", tmp_path / "one", "-q")
    assert (told.exit_code, told.stderr) == (0, "")
    names = [sorted(path.name for path in (tmp_path / name).iterdir()) for name in ("one", "two")]
    assert names[0] == names[1]
    texts = {(tmp_path / name / "site.toml").read_text() for name in ("one", "two")}
    assert len(texts) == 1


def test_a_folder_with_anything_in_it_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    told = cli("init", tmp_path)
    assert told.exit_code == 3
    assert "the folder is not empty" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert cli("init", tmp_path / "mine.txt").exit_code == 3


def test_an_unknown_start_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    told = cli("init", tmp_path / "site", "--from", "@tutorial/one-engin")
    assert told.exit_code == 3
    assert 'did you mean "@tutorial/one-engine"' in told.stderr
    assert not (tmp_path / "site").exists()


def test_a_site_in_json_is_no_start(cli: Cli, tmp_path: Path) -> None:
    site = json.loads(cli("show", "@edge/one-step", "--json").stdout)["site"]
    path = tmp_path / "site.json"
    path.write_text(json.dumps(site), encoding="utf-8")
    told = cli("init", tmp_path / "new", "--from", path)
    assert told.exit_code == 3
    assert "only a site in TOML can be a start" in told.stderr


def test_the_list_is_that_of_list_instances(cli: Cli) -> None:
    assert cli("init", "--list").stdout == cli("list", "instances").stdout
