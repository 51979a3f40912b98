"""Between fields: what is just inside the limits passes, what is outside is found."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optmix.schema.base import Record
from optmix.schema.catalog import load_technology
from optmix.schema.check_equipment import check_battery, check_thermal
from optmix.schema.checks import RECORD_CHECKS, check_site, faults_of_record, records_in
from optmix.schema.load import make_site
from optmix.schema.origin import Origin
from optmix.schema.site import Site
from optmix.schema.targets import Rules
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

ENGINE = load_technology("g3520k")
BATTERY = load_technology("lfp-4h")

SITE: dict[str, Any] = {
    "schema_version": 1,
    "name": "site",
    "site": {"latitude": 31.95, "longitude": -102.18, "timezone": "America/Chicago"},
    "demand": {"profile": "flat", "peak_mw": 10},
    "unit": [{"technology": "titan-350", "n_max": 2}],
}


def engine(**figures: object) -> ThermalTechnology:
    return ThermalTechnology.model_validate(ENGINE.model_dump() | figures)


def battery(**figures: object) -> BatteryTechnology:
    return BatteryTechnology.model_validate(BATTERY.model_dump() | figures)


def whats(record: Record) -> list[str]:
    return [fault.what for fault in faults_of_record(record)]


@pytest.mark.parametrize(
    "rates",
    [
        (9.0, 9.0, 9.0),  # a straight line through the origin
        (10.0, 9.0 + 1 / 3, 9.0),  # a straight line above the origin
        (10.0, 9.2, 9.0),
        (9.0, 9.1, 9.2),  # worse at full load is convex too
        (3.5, 3.45, 3.43),
    ],
)
def test_convex_fuel_passes(rates: tuple[float, ...]) -> None:
    assert whats(engine(load_points_frac=(0.5, 0.75, 1.0), heat_rate_mmbtu_per_mwh=rates)) == []


@given(
    st.floats(0.5, 3.0),
    st.lists(st.floats(5.0, 12.0), min_size=1, max_size=6),
    st.floats(0.05, 0.3),
)
def test_any_curve_of_rising_slopes_passes(idle: float, slopes: list[float], least: float) -> None:
    """Fuel built from an idle part and rising slopes is convex, whatever rounding does to it."""
    loads = [(point + 1) / (len(slopes) + 1) for point in range(len(slopes) + 1)]
    fuel = [idle + 5.0 * loads[0]]
    for slope, low, high in zip(sorted(slopes), loads, loads[1:], strict=False):
        fuel.append(fuel[-1] + slope * (high - low))
    rates = [amount / load for amount, load in zip(fuel, loads, strict=True)]
    unit = engine(load_points_frac=loads, heat_rate_mmbtu_per_mwh=rates, min_load_frac=least)
    assert not any("convex" in fault.what for fault in check_thermal(unit))


@given(st.floats(0.02, 2.0), st.integers(0, 2))
def test_a_dent_in_the_curve_is_found_at_its_points(depth: float, segment: int) -> None:
    loads = (0.25, 0.5, 0.75, 0.875, 1.0)
    rates = [10.0] * 5
    rates[segment + 1] += depth
    unit = engine(load_points_frac=loads, heat_rate_mmbtu_per_mwh=rates)
    faults = [fault.what for fault in check_thermal(unit)]
    points = ", ".join(f"{load:g}" for load in loads[segment : segment + 3])
    assert any(f"not convex in output at the loads {points};" in what for what in faults)


def test_the_heat_rate_that_a_message_offers_is_convex() -> None:
    loads = (0.5, 0.75, 1.0)
    (fault,) = check_thermal(
        engine(load_points_frac=loads, heat_rate_mmbtu_per_mwh=(9.0, 9.5, 8.9))
    )
    offered = float(fault.hint.split("at most ")[1].split()[0])
    mended = engine(load_points_frac=loads, heat_rate_mmbtu_per_mwh=(9.0, offered, 8.9))
    assert whats(mended) == []


def test_fuel_that_falls_with_output_is_refused() -> None:
    unit = engine(load_points_frac=(0.2, 0.4, 1.0), heat_rate_mmbtu_per_mwh=(25.0, 12.0, 12.0))
    assert any("burns less fuel at load 0.4 than at load 0.2" in what for what in whats(unit))


@pytest.mark.parametrize(("rate", "n_faults"), [(3.412142, 0), (3.4121, 3), (30.0, 0), (30.01, 3)])
def test_limits_of_heat_rates(rate: float, n_faults: int) -> None:
    unit = engine(load_points_frac=(0.5, 0.75, 1.0), heat_rate_mmbtu_per_mwh=(rate,) * 3)
    assert len(whats(unit)) == n_faults


def test_a_gross_rating_may_have_auxiliaries() -> None:
    assert whats(engine(rating_basis="gross", aux_frac=0.03)) == []


def test_a_gain_on_cold_days_has_a_rate_and_a_limit() -> None:
    assert whats(engine(cold_rise_frac_per_c=0.002, cold_rise_max_frac=0.1)) == []
    assert "one of" in whats(engine(cold_rise_frac_per_c=0.002))[0]
    assert "one of" in whats(engine(cold_rise_max_frac=0.1))[0]


def test_the_range_of_quotes_is_a_range() -> None:
    (what,) = whats(engine(capex_low_usd_per_kw=2000, capex_high_usd_per_kw=1000))
    assert "from 2000 to 1000 USD/kW" in what


@pytest.mark.parametrize(
    ("eta_charge", "eta_discharge", "n_faults"),
    [(0.92, 0.924, 0), (1.0, 0.85, 0), (0.9, 0.9, 1), (None, None, 0), (0.92, None, 1)],
)
def test_efficiencies_agree(
    eta_charge: float | None, eta_discharge: float | None, n_faults: int
) -> None:
    product = battery(rte_frac=0.85, eta_charge=eta_charge, eta_discharge=eta_discharge)
    assert len(list(check_battery(product))) == n_faults


def test_rules_without_a_dot_are_found_in_sites_made_in_python() -> None:
    rules = Rules.model_validate({"air": {"site-tpy": 1}})
    (fault,) = faults_of_record(rules)
    assert fault.hint.endswith('[rules."air.site-tpy"]')


def test_a_site_made_in_python_is_checked_too() -> None:
    good = make_site(SITE)
    assert check_site(good) == []
    bad = good.model_copy(update={"unit": (good.unit[0], good.unit[0])})
    bad = bad.with_origin(Origin(lines={("unit", 0): 7}))
    (problem,) = check_site(bad)
    assert problem.what == 'the name "titan-350" stands twice'
    assert problem.where == "site (unit[1].name)"


def test_the_steps_of_all_years_are_alike() -> None:
    years = [
        {"name": "a", "probability": 0.5, "time": {"step_h": 1}},
        {"name": "b", "probability": 0.5, "time": {"step_h": 0.5}},
    ]
    site = Site.model_validate(SITE | {"unit": (), "operating_year": years})
    whats = [problem.what for problem in check_site(site)]
    assert "steps of 0.5, 1 h stand in one site" in whats


TIER = {"name": "a", "frac": 0.1, "cost_usd_per_mwh": 1}


@pytest.mark.parametrize("field", [{"flexible": [TIER]}, {"voll_usd_per_mwh": 9000}])
def test_nothing_given_for_a_year_goes_unused(field: dict[str, Any]) -> None:
    year = {"name": "a", "probability": 1, "demand": SITE["demand"] | field}
    site = Site.model_validate(SITE | {"unit": (), "operating_year": [year]})
    (name,) = field
    (problem,) = (p for p in check_site(site) if "has its own" in p.what)
    assert problem.where == f"site (operating_year[0].demand.{name})"


def test_probabilities_may_be_rounded() -> None:
    years = [{"name": name, "probability": 0.3333333} for name in "abc"]
    assert check_site(make_site(SITE | {"operating_year": years})) == []


def test_a_diesel_unit_that_cannot_be_built_needs_no_stock() -> None:
    units = [*SITE["unit"], {"technology": "diesel-3mw", "n_max": 0}]
    assert make_site(SITE | {"unit": units}).unit[1].n_max == 0


def test_every_record_of_a_site_is_visited() -> None:
    site = make_site(SITE)
    places = {location for location, _ in records_in(site)}
    assert {(), ("site",), ("unit", 0), ("unit", 0, "source", "default"), ("emissions", "nox")} <= (
        places
    )


def test_each_check_belongs_to_records_of_a_site_or_the_catalog() -> None:
    assert len({check for _, check in RECORD_CHECKS}) == len(RECORD_CHECKS)
    for kinds, _ in RECORD_CHECKS:
        assert all(issubclass(kind, Record) for kind in kinds)


def test_a_fault_is_seen_from_the_record_that_holds_it() -> None:
    (fault,) = faults_of_record(engine(rating_basis="net", aux_frac=0.1))
    assert fault.under(("unit", 3)).location == ("unit", 3, "aux_frac")
    assert dataclasses.replace(fault, location=()).under(("unit",)).location == ("unit",)
