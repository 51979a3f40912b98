"""Older files are brought up to date one version after the other."""

from pathlib import Path
from typing import Any

import pytest

from optmix.errors import MigrationError, OptmixWarning
from optmix.schema import load
from optmix.schema.load import load_site
from optmix.schema.migrate import LATEST, STEPS, Step, migrate
from optmix.schema.resolved import resolved_toml

OLD_SITES = sorted((Path(__file__).parents[2] / "data").glob("v*/*/site.toml"))


def renamed(old: str, new: str, note: str = "") -> Step:
    def step(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
        return {new if key == old else key: value for key, value in document.items()}, (
            (note,) if note else ()
        )

    return step


CHAIN = {2: renamed("b", "c", "b is now c"), 3: renamed("c", "d")}


def test_each_step_is_applied_in_turn() -> None:
    document, notes = migrate({"schema_version": 2, "b": 5}, where="here", steps=CHAIN, latest=4)
    assert document == {"schema_version": 4, "d": 5}
    assert notes == ("here: read as version 4; the file is of version 2", "b is now c")


def test_a_later_file_takes_the_rest_of_the_road() -> None:
    document, notes = migrate({"schema_version": 3, "c": 5}, steps=CHAIN, latest=4)
    assert document == {"schema_version": 4, "d": 5}
    assert len(notes) == 1


def test_the_latest_version_is_left_as_it_is() -> None:
    document = {"schema_version": 4, "d": 5}
    assert migrate(document, steps=CHAIN, latest=4) == (document, ())


def test_the_document_itself_is_not_changed() -> None:
    document = {"schema_version": 2, "b": 5}
    migrate(document, steps=CHAIN, latest=4)
    assert document == {"schema_version": 2, "b": 5}


@pytest.mark.parametrize(
    ("version", "what"),
    [
        (5, "schema_version 5 was written by a newer optmix"),
        (1, "schema_version 1 is too old"),
        (2.0, "not a whole number"),
        (True, "not a whole number"),
        ("2", "not a whole number"),
        (None, "not a whole number"),
    ],
)
def test_other_versions_are_refused(version: object, what: str) -> None:
    with pytest.raises(MigrationError, match=what) as caught:
        migrate({"schema_version": version}, steps=CHAIN, latest=4)
    assert caught.value.problems[0].allowed == "schema_version = 4, or an older one from 2"


def test_a_document_without_version_is_left_to_the_schema() -> None:
    assert migrate({"a": 1}, steps=CHAIN, latest=4) == ({"a": 1}, ())


def test_every_version_before_the_latest_has_its_step() -> None:
    assert list(STEPS) == list(range(LATEST - len(STEPS), LATEST))


def test_reading_an_older_file_warns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site.toml"
    path.write_text(OLD_SITES[0].read_text(encoding="utf-8"), encoding="utf-8")
    told = ("site.toml:1 (schema_version): read as version 9", "b is now c")
    monkeypatch.setattr(load, "migrate", lambda values, **_: (dict(values), told))
    with pytest.warns(OptmixWarning) as caught:
        load_site(path)
    assert [str(warning.message) for warning in caught] == list(told)


def test_there_are_sites_of_every_version() -> None:
    assert {path.parents[1].name for path in OLD_SITES} == {f"v{n}" for n in range(1, LATEST + 1)}


@pytest.mark.parametrize("path", OLD_SITES, ids=lambda path: "-".join(path.parts[-3:-1]))
def test_sites_of_every_version_still_mean_the_same(path: Path) -> None:
    expected = path.with_name("site.resolved.toml").read_text(encoding="utf-8")
    assert resolved_toml(load_site(path)) == expected
