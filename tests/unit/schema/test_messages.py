"""One mistake is one message, and it says which of several forms was meant."""

from typing import Any

import pytest
from pydantic import ValidationError

from optmix.schema.base import Record
from optmix.schema.describe import describe, fields_at, node_at, places_of, record_schema
from optmix.schema.fault import Fault
from optmix.schema.messages import faults_of, shown
from optmix.schema.site import Site
from optmix.schema.surroundings import Fuel, Time
from optmix.schema.unit_suffix import conversion_hint, stem, unit_of
from optmix.schema.unknown_keys import unknown_key

SITE = record_schema(Site)


def faults(record: type[Record], values: dict[str, Any]) -> list[Fault]:
    with pytest.raises(ValidationError) as caught:
        record.model_validate(values)
    return faults_of(caught.value, record, values)


@pytest.mark.parametrize(
    ("price", "location", "what"),
    [
        ("cheap", (), 'price_usd_per_mmbtu is the text "cheap"'),
        (True, (), "price_usd_per_mmbtu is true"),
        (None, (), "price_usd_per_mmbtu is null"),
        (1e6, (), "price_usd_per_mmbtu is 1000000.0"),
        ([3.0] * 11, (), "price_usd_per_mmbtu has 11 values"),
        ([3.0] * 11 + ["x"], (11,), 'price_usd_per_mmbtu[11] is the text "x"'),
        ({"file": "a.csv"}, ("column",), "column is missing"),
        ({"file": "a.csv", "column": "b", "colour": 1}, ("colour",), 'unknown key "colour"'),
        ({"file": "a.csv", "column": "b", "factor": -1}, ("factor",), "factor is -1"),
    ],
)
def test_of_several_forms_the_one_that_was_meant_is_told(
    price: object, location: tuple[str | int, ...], what: str
) -> None:
    first, *others = faults(Fuel, {"price_usd_per_mmbtu": price})
    assert first.location == ("price_usd_per_mmbtu", *location)
    assert first.what == what
    # Twelve values of which one is wrong are, to pydantic, also too few valid ones.
    assert all("values" in other.what for other in others)


def test_all_forms_are_named_where_none_was_meant() -> None:
    (fault,) = faults(Fuel, {"price_usd_per_mmbtu": "cheap"})
    assert fault.allowed == (
        "a number from -100,000 to 100,000, or a list of 12, each a number from -100,000 to "
        '100,000, or a series { file = "x.csv", column = "y" }'
    )


def test_a_time_of_day_is_no_date() -> None:
    (fault,) = faults(Time, {"start": "noon"})
    assert (
        fault.allowed == "a date and time such as 2029-01-01T00:00:00, or a date such as 2029-01-01"
    )


def test_a_missing_field_is_marked_as_absent() -> None:
    (fault,) = faults(Site, {"schema_version": 1, "name": "a", "demand": {}})
    assert (fault.what, fault.is_absence) == ("site is missing", True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (False, "false"),
        ("x" * 70, f'the text "{"x" * 60}…"'),
        ("\x1b[31mred", r'the text "\x1b[31mred"'),
        ({"a": 1}, "a table"),
        ((1, 2), "a list of 2"),
        (2.5, "2.5"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_number_too_long_to_be_written_is_shown_by_its_size() -> None:
    assert shown(-(10**5000)) == "about -1e5000"


@pytest.mark.parametrize(
    ("location", "hint"),
    [
        (("unit", 0, "capex"), '"capex_usd_per_kw"?'),
        (("battery", 0, "capex"), '"capex_usd_per_kw" or "capex_usd_per_kwh"?'),
        (("unit", 0, "capex_usd_per_mw"), "(divide USD/MW by 1000)"),
        (("unit", 0, "heat_rate_btu_per_kwh"), "(divide Btu/kWh (HHV) by 1000)"),
        (("unit", 0, "min_load_pct"), '"min_load_frac"? (divide percent by 100)'),
        (("battery", 0, "soc_min_percent"), "(divide percent by 100)"),
        (("site", "altitude_ft"), "(multiply feet by 0.3048)"),
        (("site", "altitude"), '"altitude_m"?'),
        (("grid", "demand_charge_usd_per_kw_month"), "(multiply USD/kW by 1000)"),
        (("demand", "gap"), '"gap" belongs in [solve]'),
        (("demand", "n_max"), '"n_max" belongs in [[unit]] or in [[battery]]'),
        (("description_",), '"description"?'),
        (("site", "description"), "at the top of the file; a key belongs to the table"),
        (("turbine",), '"unit"?'),
        (("site", "elevation"), '"altitude_m"?'),
        (("operating_year", 0, "demand", "peek_mw"), '"peak_mw"?'),
        (("demand", "flexible", 0, "fraction"), '"frac"?'),
        (("zzz",), "leave it out"),
    ],
)
def test_the_field_that_was_meant_is_found(location: tuple[str | int, ...], hint: str) -> None:
    fault = unknown_key(SITE, location)
    assert hint in fault.hint


def test_long_lists_of_fields_are_counted() -> None:
    assert unknown_key(SITE, ("unit", 0, "x")).allowed.startswith("one of 5")
    assert unknown_key(SITE, ("security", "x")).allowed == (
        "loss_of_unit, loss_of_grid, swing_mw, bridge_h"
    )


def test_the_schema_is_walked_through_lists_and_tables() -> None:
    assert "frac" in fields_at(SITE, ("demand", "flexible", 3))
    assert "frac" in fields_at(SITE, ("operating_year", 0, "demand", "flexible", 3))
    assert "file" in fields_at(SITE, ("fuel", "price_usd_per_mmbtu"))
    assert "ref" in fields_at(SITE, ("unit", 0, "source", "rating_mw"))
    assert fields_at(SITE, ("nowhere", 0)) == {}
    assert node_at(SITE, ("nowhere", 0)) is None
    assert places_of(SITE, "peak_mw") == ["[demand]", "[operating_year.demand]"]
    assert places_of(SITE, "name")[0] == ""


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (("unit", 0, "rating_mw"), "a number above 0, at most 2,000"),
        (("unit", 0, "aux_frac"), "a number at least 0, below 0.5"),
        (("unit",), "tables with double brackets"),
        (("unit", 0, "emission_controls"), "true or false"),
        (("fuel_stock", 0, "min_content_frac"), "a number at least 0, below 1"),
        (("grid",), "a table"),
        (("grid", "energization_date"), "a date such as 2029-01-01"),
        (("schema_version",), "1"),
        (("description",), "text of at most 2000 characters"),
        (("maintenance", "blackout_weeks"), "a list, each a whole number from 1 to 53"),
        (("solve", "solver"), 'a solver such as "highs", or with its profile, "highs:fast"'),
    ],
)  # fmt: skip
def test_what_is_allowed_is_told_in_words(location: tuple[str | int, ...], text: str) -> None:
    node = node_at(SITE, location)
    assert node is not None
    assert describe(SITE, node) == text


def test_units_of_names() -> None:
    assert [unit_of(name) for name in ("hours_per_year", "energy_price", "wacc", "n_min")] == [
        "h/yr", "USD/MWh", "1/yr", None,
    ]  # fmt: skip
    assert stem("withdrawal_min_mw") == stem("withdrawal_min_kw") == "withdrawal"
    assert conversion_hint("rating_hp", "rating_mw") == ""
