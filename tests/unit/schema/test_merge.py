"""What a site says goes before the catalog, and the origin of a changed figure is told."""

from typing import Any

import pytest

from optmix.errors import SchemaError
from optmix.schema.catalog import load_technology
from optmix.schema.load import make_site
from optmix.schema.technology import ThermalTechnology

BASE: dict[str, Any] = {
    "schema_version": 1,
    "name": "site",
    "site": {"latitude": 31.95, "longitude": -102.18, "timezone": "America/Chicago"},
    "demand": {"profile": "flat", "peak_mw": 10},
}

CUSTOM: dict[str, Any] = {
    **load_technology("g3520k").model_dump(mode="json", exclude={"source", "model", "vendor"}),
    "n_max": 3,
}


def with_units(*units: dict[str, Any]) -> dict[str, Any]:
    return {**BASE, "unit": list(units)}


def test_figures_come_from_the_catalog() -> None:
    (unit,) = make_site(with_units({"technology": "titan-350", "n_max": 3})).unit
    catalog = load_technology("titan-350")
    for name in ThermalTechnology.model_fields:
        assert getattr(unit, name) == getattr(catalog, name)
    assert (unit.name, unit.model, unit.n_min, unit.n_max) == ("titan-350", "Titan 350", 0, 3)


def test_a_figure_of_the_site_goes_before_the_catalog() -> None:
    entry = {"technology": "titan-350", "n_max": 3, "capex_usd_per_kw": 1234}
    (unit,) = make_site(with_units(entry)).unit
    assert unit.capex_usd_per_kw == 1234
    assert unit.source["capex_usd_per_kw"].ref == "Given in the site file"
    assert unit.source["rating_mw"] == load_technology("titan-350").source["rating_mw"]


def test_a_figure_that_repeats_the_catalog_keeps_its_source() -> None:
    entry = {"technology": "titan-350", "n_max": 3, "load_points_frac": [0.5, 0.75, 1]}
    (unit,) = make_site(with_units(entry)).unit
    assert unit.source == load_technology("titan-350").source


def test_a_default_that_the_site_changes_is_told_too() -> None:
    entry = {"technology": "titan-350", "n_max": 3, "nox_lb_per_start": 2}
    (unit,) = make_site(with_units(entry)).unit
    assert unit.source["nox_lb_per_start"].ref == "Given in the site file"


def test_the_site_may_name_a_source_of_its_own() -> None:
    own = {"capex_usd_per_kw": {"ref": "Quote of May", "confidence": "high"}}
    entry = {"technology": "titan-350", "n_max": 3, "capex_usd_per_kw": 1234, "source": own}
    (unit,) = make_site(with_units(entry)).unit
    assert unit.source["capex_usd_per_kw"].ref == "Quote of May"
    assert "default" in unit.source


def test_two_choices_of_one_technology_have_names_of_their_own() -> None:
    entry = {"technology": "titan-350", "n_max": 3}
    site = make_site(with_units(entry, {**entry, "name": "second-hand", "life_yr": 10}))
    assert [unit.name for unit in site.unit] == ["titan-350", "second-hand"]


def test_names_are_distinct_over_units_and_batteries() -> None:
    values = with_units({"technology": "titan-350", "n_max": 3, "name": "a"})
    values["battery"] = [{"technology": "lfp-2h", "n_max": 3, "name": "a"}]
    with pytest.raises(SchemaError, match='name "a" stands twice'):
        make_site(values)


def test_a_custom_unit_needs_no_catalog() -> None:
    (unit,) = make_site(with_units(CUSTOM)).unit
    assert (unit.technology, unit.name, unit.model) == ("custom", "custom", "")


def test_what_a_custom_unit_lacks_is_told_once() -> None:
    lacking = {name: value for name, value in CUSTOM.items() if name not in {"kind", "life_yr"}}
    with pytest.raises(SchemaError) as caught:
        make_site(with_units(lacking))
    assert [problem.what for problem in caught.value.problems] == ["this unit lacks kind, life_yr"]


def test_a_missing_count_is_told_on_its_own() -> None:
    with pytest.raises(SchemaError) as caught:
        make_site(with_units({"technology": "titan-350"}))
    assert [problem.what for problem in caught.value.problems] == ["n_max is missing"]


def test_an_unknown_technology_does_not_hide_other_mistakes_nor_invent_any() -> None:
    entry = {"technology": "titan350", "n_max": -3, "colour": "red"}
    with pytest.raises(SchemaError) as caught:
        make_site(with_units(entry))
    assert sorted(problem.what for problem in caught.value.problems) == [
        "n_max is -3",
        'the catalog has no technology "titan350"',
        'unknown key "colour"',
    ]


def test_without_the_catalog_every_figure_must_be_there() -> None:
    entry = {"technology": "titan-350", "n_max": 3, "from_catalog": False}
    with pytest.raises(SchemaError, match="this unit lacks kind, rating_mw"):
        make_site(with_units(entry))


@pytest.mark.parametrize("value", ["false", 0, None])
def test_from_catalog_is_a_truth(value: object) -> None:
    entry = {"technology": "titan-350", "n_max": 3, "from_catalog": value}
    with pytest.raises(SchemaError, match="from_catalog"):
        make_site(with_units(entry))


@pytest.mark.parametrize("unit", [{"technology": "titan-350"}, "titan-350", ["titan-350"], [[1]]])
def test_units_of_another_form_are_left_to_the_schema(unit: object) -> None:
    with pytest.raises(SchemaError, match="unit"):
        make_site({**BASE, "unit": unit})
