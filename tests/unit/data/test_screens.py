"""Screens that need no solver: what is impossible, and what looks wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optmix.data.build import build_case
from optmix.data.screens import ScreenFinding, coefficient_ranges, screen

if TYPE_CHECKING:
    from optmix.schema.site import Site

ALONE = {"loss_of_unit": False}


def findings(site: Site) -> list[ScreenFinding]:
    return screen(site, build_case(site))


def errors(site: Site) -> list[str]:
    return [f.problem.what for f in findings(site) if f.severity == "error"]


def warnings(site: Site) -> list[str]:
    return [f.problem.what for f in findings(site) if f.severity == "warning"]


def hours(*demand_mw: float) -> dict[str, Any]:
    """Demand of a few hours, as the tables of a site and its file."""
    text = "mw\n" + "".join(f"{mw}\n" for mw in demand_mw)
    return {
        "files": {"d.csv": text},
        "demand": {"series": {"file": "d.csv", "column": "mw"}},
        "time": {"hours": float(len(demand_mw))},
    }


def test_a_sound_site_has_no_finding(make_site: Any) -> None:
    assert findings(make_site()) == []


# --- Power --------------------------------------------------------------------------------------


def test_demand_beyond_everything_installable_is_impossible(make_site: Any) -> None:
    site = make_site(**hours(20, 51, 20), security=ALONE)
    (told,) = errors(site)
    assert "demand of 51.0 MW at 2025-01-01 01:00" in told
    assert "exceeds the 50.0 MW that can be installed: units 50.0" in told


def test_demand_of_exactly_everything_is_possible(make_site: Any) -> None:
    assert errors(make_site(**hours(20, 50, 20), security=ALONE)) == []


def test_the_worst_margin_is_looked_for_not_the_peak(
    make_site: Any, engine: dict[str, Any]
) -> None:
    given = hours(45, 46, 44)
    given["files"]["t.csv"] = "t\n15\n15\n35\n"
    unit = {**engine, "derate_frac_per_c": 0.01}
    weather = {"series": {"file": "t.csv", "column": "t"}}
    (told,) = errors(make_site(**given, unit=(unit,), weather=weather, security=ALONE))
    assert "demand of 44.0 MW at 2025-01-01 02:00 (35.0 degC) exceeds the 40.0 MW" in told


def test_grid_batteries_and_flexible_demand_count(make_site: Any, battery: dict[str, Any]) -> None:
    given = hours(20, 74, 20)
    tier = {"name": "t", "frac": 0.05, "cost_usd_per_mwh": 1.0}
    given["demand"]["flexible"] = (tier,)
    parts = {"grid": {"withdrawal_max_mw": 2.0}, "battery": (battery,)}
    assert errors(make_site(**given, **parts)) == []
    assert errors(make_site(**given, **{**parts, "battery": ()}))
    assert errors(make_site(**given, **{**parts, "grid": None}, security=ALONE))


def test_with_a_value_of_lost_load_too_much_demand_is_only_a_warning(make_site: Any) -> None:
    given = hours(20, 51, 20)
    given["demand"]["voll_usd_per_mwh"] = 9000.0
    site = make_site(**given)
    assert errors(site) == []
    assert "exceeds the 50.0 MW" in warnings(site)[0]


def test_a_long_peak_empties_all_batteries(make_site: Any, battery: dict[str, Any]) -> None:
    # Ten modules give 20 MW and, of 40 MWh at an efficiency of 0.9, 36 MWh: two hours of 18 MW.
    lasting = make_site(**hours(20, 68, 68, 20), battery=(battery,), security=ALONE)
    assert errors(lasting) == []
    (told,) = errors(make_site(**hours(20, 68, 68, 68), battery=(battery,), security=ALONE))
    assert "from 2025-01-01 01:00 to 2025-01-01 03:00" in told
    assert "by 54.0 MWh, and all batteries hold 36.0 MWh" in told


def test_a_step_of_demand_faster_than_all_units_is_impossible(
    make_site: Any, engine: dict[str, Any], battery: dict[str, Any]
) -> None:
    slow = {**engine, "ramp_frac_per_min": 0.01, "min_down_h": 1.0, "min_load_frac": 0.5}
    given = hours(10, 45, 10)
    # 0.6 of 10 MW in an hour, five units: 30 MW where 35 are needed.
    (told,) = errors(make_site(**given, unit=(slow,), security=ALONE))
    assert "changes by +35.0 MW at 2025-01-01 01:00" in told
    assert "follows at most 30.0 MW" in told
    assert errors(make_site(**given, unit=(slow,), battery=(battery,), security=ALONE)) == []
    free = {**slow, "min_down_h": 0.0}
    assert errors(make_site(**given, unit=(free,), security=ALONE)) == []


def test_a_load_step_needs_batteries_or_block_loads(
    make_site: Any, engine: dict[str, Any], battery: dict[str, Any]
) -> None:
    security = {**ALONE, "swing_mw": 12.0}
    (told,) = errors(make_site(security=security, unit=({**engine, "step_frac": 0.1},)))
    assert "12.0 MW exceeds the 5.0 MW" in told
    assert errors(make_site(security=security, battery=(battery,))) == []


# --- Fuel ---------------------------------------------------------------------------------------


def test_too_little_gas_for_the_demand_is_impossible(make_site: Any) -> None:
    # 480 MWh at the best heat rate of 8.2 takes 3,936 MMBtu a day.
    assert errors(make_site(fuel={"mdq_mmbtu_per_day": 3940.0})) == []
    (told,) = errors(make_site(fuel={"mdq_mmbtu_per_day": 3900.0}))
    assert "demand of 480 MWh exceeds what the fuel at hand can generate: gas 476" in told
    assert errors(make_site(fuel={"hourly_max_mmbtu_per_h": 163.0}))


def test_stocks_and_the_grid_stand_in_for_gas(make_site: Any) -> None:
    gas = {"mdq_mmbtu_per_day": 3900.0}
    stock = {"name": "lng", "fuel": "natural_gas", "capacity_mmbtu": 500.0,
             "price_usd_per_mmbtu": 12.0, "refill_max_mmbtu_per_day": 40.0}  # fmt: skip
    assert errors(make_site(fuel=gas, fuel_stock=(stock,))) == []
    assert errors(make_site(fuel=gas, grid={"withdrawal_max_mw": 1.0})) == []


# --- Reserve and minimum load -------------------------------------------------------------------


def test_no_fleet_can_lose_its_largest_unit(make_site: Any) -> None:
    assert errors(make_site(**hours(20, 40, 20))) == []
    (told,) = errors(make_site(**hours(20, 41, 20)))
    assert "at 2025-01-01 01:00 no choice of units leaves enough after the loss of one" in told
    assert "1.0 MW short" in told


def test_a_fleet_of_the_smaller_units_may_do(make_site: Any, engine: dict[str, Any]) -> None:
    small = {**engine, "name": "small", "rating_mw": 4.0, "n_max": 10}
    large = {**engine, "name": "large", "rating_mw": 40.0, "n_max": 1}
    site = make_site(**hours(20, 36, 20), unit=(small, large))
    assert errors(site) == []
    assert warnings(site) == []
    more = make_site(**hours(20, 41, 20), unit=(small, large))
    (told,) = errors(more)
    assert "1.0 MW short" in told


def test_a_unit_that_must_be_built_sets_the_reserve(
    make_site: Any, engine: dict[str, Any], battery: dict[str, Any]
) -> None:
    small = {**engine, "name": "small", "rating_mw": 4.0, "n_max": 10}
    large = {**engine, "name": "large", "rating_mw": 40.0, "min_load_frac": 0.1, "n_max": 1}
    # 40 MW of small units and 20 MW of batteries carry 50 MW after the loss of a small one.
    parts = {"battery": (battery,), **hours(20, 50, 20)}
    assert errors(make_site(**parts, unit=(small, large))) == []
    assert errors(make_site(**parts, unit=(small, {**large, "n_min": 1}))) == []
    parts = {"battery": (battery,), **hours(20, 61, 20)}
    (told,) = errors(make_site(**parts, unit=(small, {**large, "n_min": 1})))
    assert "1.0 MW short" in told


def test_a_demand_below_every_minimum_load_is_impossible(
    make_site: Any, battery: dict[str, Any]
) -> None:
    given = hours(20, 3.5, 20)
    (told,) = errors(make_site(**given, security=ALONE))
    assert "demand of 3.50 MW at 2025-01-01 01:00 is below the minimum load" in told
    assert errors(make_site(**given, security=ALONE, battery=(battery,))) == []
    assert errors(make_site(**given, grid={"withdrawal_max_mw": 1.0})) == []


def test_hours_without_demand_are_possible_without_reserve(make_site: Any) -> None:
    assert errors(make_site(**hours(20, 0, 20), security=ALONE)) == []


def test_low_demand_leaves_too_little_headroom_for_the_loss_of_a_unit(make_site: Any) -> None:
    # At 6 MW one unit of 4 to 10 MW is on, or none: at most 6 * (10/4 - 1) = 9 MW of headroom.
    assert errors(make_site(**hours(20, 7, 20))) == []
    (told,) = errors(make_site(**hours(20, 6, 20)))
    assert "headroom is at most 9.0 MW, and the loss of the smallest unit takes 10.0 MW" in told
    assert errors(make_site(**hours(20, 0, 20)))


# --- Choices ------------------------------------------------------------------------------------


def test_nothing_to_build_and_no_grid_is_impossible(make_site: Any, engine: dict[str, Any]) -> None:
    told = errors(make_site(unit=({**engine, "n_max": 0},)))
    assert any("no unit may be built" in each for each in told)


def test_maintenance_limits_how_many_units_there_can_be(
    make_site: Any, engine: dict[str, Any]
) -> None:
    scheduled = {"maintenance": {"mode": "scheduled"}, "time": {"hours": 8760.0}}
    unit = {**engine, "planned_outage_h": 350.0, "n_max": 30}
    # 52 weeks of 168 h for one at a time: 8736 / 350 = 24.96.
    (told,) = warnings(make_site(**scheduled, unit=(unit,)))
    assert "allows 24 units of engine, fewer than n_max = 30" in told
    (told,) = errors(make_site(**scheduled, unit=({**unit, "n_min": 25},)))
    assert "and n_min is 25" in told
    more = {**unit, "max_units_in_maintenance": 2}
    assert findings(make_site(**scheduled, unit=(more,))) == []


def test_units_that_must_be_built_may_break_a_cap_on_potential(
    make_site: Any, engine: dict[str, Any]
) -> None:
    # 10 MW * 8760 h * 1 lb/MWh = 43.8 short tons a year each.
    unit = {**engine, "nox_lb_per_mwh": 1.0}
    cap = {"nox": {"cap_tpy": 100.0, "basis": "pte"}}
    assert findings(make_site(unit=({**unit, "n_min": 2},), emissions=cap)) == []
    (told,) = errors(make_site(unit=({**unit, "n_min": 3},), emissions=cap))
    assert "is 131.4 short tons a year, and the cap 100.0" in told
    low = {"nox": {"cap_tpy": 40.0, "basis": "pte"}}
    assert "engine can never be built" in warnings(make_site(unit=(unit,), emissions=low))[0]


def test_potential_co2_is_that_of_fuel_at_full_load(make_site: Any, engine: dict[str, Any]) -> None:
    # 82 MMBtu/h * 117 lb * 8760 h / 2000 lb = 42,022 short tons a year.
    unit = {**engine, "co2_lb_per_mmbtu": 117.0, "n_min": 1}
    for cap, is_error in ((42_023.0, False), (42_021.0, True)):
        limit = {"co2": {"cap_tpy": cap, "basis": "pte"}}
        assert bool(errors(make_site(unit=(unit,), emissions=limit))) is is_error


# --- Slips --------------------------------------------------------------------------------------


def large(make_site: Any, engine: dict[str, Any], **tables: Any) -> Site:
    """A site whose units suit any demand, so that only slips are found."""
    unit = {**engine, "n_max": 100_000, "min_load_frac": 0.0}
    return make_site(unit=(unit,), security=ALONE, **tables)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"demand": {"profile": "flat", "peak_mw": 300_000.0}}, "peak demand is 300,000 MW"),
        ({"demand": {"profile": "flat", "peak_mw": 0.03}}, "peak demand is 0.03 MW"),
        ({"fuel": {"price_usd_per_mmbtu": 120.0}}, "gas has the median price 120.0"),
        ({"grid": {"withdrawal_max_mw": 9.0, "energy_price": 0.04}}, "largest 0.04 USD/MWh"),
        ({"grid": {"withdrawal_max_mw": 9.0, "energy_price": 4.0}}, "median price 4"),
    ],
)
def test_a_value_of_another_scale_is_named(
    make_site: Any, engine: dict[str, Any], tables: dict[str, Any], expected: str
) -> None:
    found = findings(large(make_site, engine, **tables))
    assert [f.severity for f in found] == ["warning"]
    assert expected in found[0].problem.what


def test_common_prices_are_not_named(make_site: Any, engine: dict[str, Any]) -> None:
    for price in (-30.0, 0.0, 25.0, 9000.0):
        grid = {"withdrawal_max_mw": 9.0, "energy_price": price}
        assert findings(large(make_site, engine, grid=grid)) == []


@pytest.mark.parametrize(
    ("temps", "hint"), [((75, 85, 95), "degF"), ((40, 48, 70), "degF"), ((290, 300, 305), "kelvin")]
)
def test_temperatures_of_another_scale_are_named(
    make_site: Any, engine: dict[str, Any], temps: tuple[int, ...], hint: str
) -> None:
    files = {"t.csv": "t\n" + "".join(f"{t}\n" for t in temps)}
    weather = {"series": {"file": "t.csv", "column": "t"}}
    site = large(make_site, engine, files=files, weather=weather, time={"hours": 3.0})
    (found,) = findings(site)
    assert hint in found.problem.hint


def test_a_series_that_never_changes_is_named(make_site: Any, engine: dict[str, Any]) -> None:
    series = {"file": "d.csv", "column": "mw"}
    files = {"d.csv": "mw\n" + "20\n" * 24}
    (told,) = warnings(large(make_site, engine, files=files, demand={"series": series}))
    assert "value 20 in all 24 steps" in told


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"longitude": 102.18}, "longitude 102.18 is not in the Americas"),
        ({"longitude": -102.18, "timezone": "Asia/Tokyo"}, "is far west"),
        ({"altitude_m": 2861.0}, "altitude_m is 2,861, but midland nearby is 872 m high"),
        ({"altitude_m": 0.0}, "altitude_m is 0, but midland nearby is 872 m high"),
        ({"altitude_m": 5000.0}, "altitude_m is 5,000"),
    ],
)
def test_an_odd_place_is_named(make_site: Any, place: dict[str, Any], expected: str) -> None:
    base = {"latitude": 31.95, "longitude": -102.18, "altitude_m": 872.0,
            "timezone": "America/Chicago"}  # fmt: skip
    (told,) = warnings(make_site(site={**base, **place}))
    assert expected in told


# --- Scale --------------------------------------------------------------------------------------


def test_coefficients_are_within_the_range_of_solvers(make_site: Any) -> None:
    ranges = coefficient_ranges(build_case(make_site(time={"hours": 8760.0})))
    assert ranges["output of units, MW"] == (4.0, 10.0)
    assert ranges["cost of output, kUSD/MW"] == (0.005, 0.005)


def test_a_coefficient_beyond_that_range_is_named(make_site: Any, engine: dict[str, Any]) -> None:
    (told,) = warnings(make_site(unit=({**engine, "capex_usd_per_kw": 1e9},)))
    assert "yearly cost of a unit, kUSD: 1.02e+09 is above 100000" in told


def test_errors_come_before_warnings(make_site: Any, engine: dict[str, Any]) -> None:
    place = {"latitude": 31.95, "longitude": 102.18, "timezone": "America/Chicago"}
    found = findings(make_site(site=place, unit=({**engine, "n_max": 0},)))
    severities = [f.severity for f in found]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}
    assert str(found[0]).startswith("error: site")
