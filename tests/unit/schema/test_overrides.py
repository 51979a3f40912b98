"""Single fields are set from outside, and messages about them name the key that set them."""

from pathlib import Path
from typing import Any

import pytest
from bad_input.kit import GOOD, write_good

from optmix.errors import SchemaError
from optmix.schema.load import load_site
from optmix.schema.overrides import override

UNITS: dict[str, Any] = {
    "unit": [{"technology": "j620", "n_max": 5}, {"technology": "j620", "name": "old", "n_max": 2}]
}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("unit[0].n_max", [7, 2]),
        ("unit.j620.n_max", [7, 2]),
        ("unit.old.n_max", [5, 7]),
        ('unit."old".n_max', [5, 7]),
    ],
)
def test_an_element_is_named_by_number_or_by_name(key: str, expected: list[int]) -> None:
    result = override(UNITS, {key: 7})
    assert [unit["n_max"] for unit in result.values["unit"]] == expected
    assert result.problems == []
    assert [unit["n_max"] for unit in UNITS["unit"]] == [5, 2]


def test_a_table_that_is_not_there_is_made() -> None:
    assert override({}, {"grid.withdrawal_max_mw": 5}).values == {"grid": {"withdrawal_max_mw": 5}}


def test_a_rule_is_named_in_quotes() -> None:
    result = override({}, {'rules."air.site-tpy".lane': "minor"})
    assert result.values == {"rules": {"air.site-tpy": {"lane": "minor"}}}


@pytest.mark.parametrize(
    ("key", "what", "hint"),
    [
        ("", "a key is missing", ""),
        (".a", "is no path of keys", ""),
        ("[0].a", "is no path of keys", ""),
        ("a..b", "is no path of keys", ""),
        ("a.", "is no path of keys", ""),
        ("a[x]", "is no path of keys", ""),
        ("unit[2].n_max", "unit has 2 elements", ""),
        ("unit.j62.n_max", 'unit has no element named "j62"', '"j620"'),
        ("unit.j620.n_max.x", "unit[0].n_max is no table", ""),
        ("unit[0].n_max[1]", "unit[0].n_max is no list", ""),
    ],
)
def test_a_key_that_leads_nowhere_is_told(key: str, what: str, hint: str) -> None:
    (problem,) = override(UNITS, {key: 1}).problems
    assert what in problem.what
    assert hint in problem.hint
    assert problem.where == f"--set {key}"
    assert "unit.g3520k.n_max" in problem.allowed


def test_a_name_that_stands_twice_does_not_say_which() -> None:
    twice = {"unit": [{"technology": "j620"}, {"technology": "j620"}]}
    (problem,) = override(twice, {"unit.j620.n_max": 1}).problems
    assert "more than one element" in problem.what


def test_set_values_reach_the_site(tmp_path: Path) -> None:
    changes = {"demand.peak_mw": 25, "unit.g3520k.capex_usd_per_kw": 999, "name": "other"}
    site = load_site(write_good(tmp_path, GOOD), changes)
    assert (site.demand.peak_mw, site.unit[0].capex_usd_per_kw, site.name) == (25, 999, "other")


def test_a_message_names_the_key_that_was_set(tmp_path: Path) -> None:
    path = write_good(tmp_path, GOOD)
    with pytest.raises(SchemaError) as caught:
        load_site(path, {"unit.g3520k.n_max": -1, "demand.peek_mw": 3, "unit.x.n_max": 1})
    assert [problem.where for problem in caught.value.problems] == [
        "--set unit.x.n_max",
        "--set demand.peek_mw",
        "--set unit.g3520k.n_max",
    ]


def test_a_file_named_from_outside_may_lie_anywhere(tmp_path: Path) -> None:
    inner = tmp_path / "site"
    inner.mkdir()
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("demand_mw\n1\n")
    path = write_good(inner)
    site = load_site(path, {"demand.series.file": str(elsewhere)})
    assert site.origin.file(str(elsewhere), "demand", "series", "file") == elsewhere
    whole = load_site(path, {"demand.series": {"file": str(elsewhere), "column": "demand_mw"}})
    assert whole.origin.file(str(elsewhere)) == elsewhere
    with pytest.raises(SchemaError, match="leads out of the folder"):
        load_site(path).origin.file(str(elsewhere))
