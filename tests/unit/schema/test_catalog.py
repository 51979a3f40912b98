"""Every shipped technology is a valid record, and every number of it has a source."""

from pathlib import Path

import pytest

from optmix.errors import SchemaError, UnknownNameError
from optmix.resources import shipped
from optmix.schema.catalog import load_technology, read_technology, technology_ids
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

TITAN = (shipped("instances") / "catalog" / "titan-350.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("technology_id", technology_ids())
def test_shipped_technologies_are_valid(technology_id: str) -> None:
    technology = load_technology(technology_id)
    expected = BatteryTechnology if technology_id.startswith("lfp-") else ThermalTechnology
    assert isinstance(technology, expected)
    assert technology.model


@pytest.mark.parametrize("technology_id", technology_ids())
def test_every_number_has_a_source(technology_id: str) -> None:
    technology = load_technology(technology_id)
    numbers = {
        name
        for name, value in technology
        if isinstance(value, (float, int, tuple)) and not isinstance(value, bool)
    }
    assert numbers <= set(technology.source) or "default" in technology.source


def test_a_technology_is_read_once() -> None:
    assert load_technology("titan-350") is load_technology("titan-350")


def test_an_unknown_technology_is_named_with_its_likes() -> None:
    with pytest.raises(UnknownNameError) as caught:
        load_technology("titan350")
    assert caught.value.problems[0].hint == 'did you mean "titan-350" or "titan-250"?'


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("rating_mw = 38.0", "rating_kw = 38000", 'unknown key "rating_kw"', True),
        ("rating_mw = 38.0", "rating_mw = -1", "rating_mw is -1", True),
        ("[11.305, 10.033, 9.421]", "[9.0, 9.5, 8.9]", "fuel is not convex", True),
        ("[source.rating_mw]", "[source.ratng_mw]", '"ratng_mw"', True),
        ("life_yr = 25.0\n", "", "life_yr is missing", False),
    ],
)
def test_a_faulty_file_is_named_with_the_line(
    old: str, new: str, what: str, line: bool, tmp_path: Path
) -> None:
    path = tmp_path / "titan-350.toml"
    path.write_text(TITAN.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError, match=what) as caught:
        read_technology(path)
    (problem,) = (problem for problem in caught.value.problems if what in problem.what)
    assert problem.where.startswith("titan-350.toml:" if line else "titan-350.toml (")


def test_all_mistakes_of_a_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "titan-350.toml"
    text = TITAN.replace("rating_mw = 38.0", "rating_mw = 0").replace("life_yr = 25.0\n", "")
    path.write_text('id = "titan-340"\n' + text, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_technology(path)
    assert [problem.what for problem in caught.value.problems] == [
        "id is not the name of the file",
        "rating_mw is 0",
        "life_yr is missing",
    ]


def test_a_file_may_state_its_id(tmp_path: Path) -> None:
    path = tmp_path / "titan-350.toml"
    path.write_text('id = "titan-350"\n' + TITAN, encoding="utf-8")
    assert read_technology(path) == load_technology("titan-350")
