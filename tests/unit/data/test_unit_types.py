"""Units on a site: derating, fuel, costs and emissions, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optmix.data.build import build_case
from optmix.data.derating import derate_ratio, fuel_factor
from optmix.data.heat_rates import fuel_curve
from optmix.data.unit_types import steps_of
from optmix.schema.site import UnitChoice

P99_MIDLAND_C = 36.1
MIDLAND_M = 872.0


@pytest.fixture
def unit(engine: dict[str, Any]) -> Any:
    def make(**figures: Any) -> UnitChoice:
        return UnitChoice.model_validate({**engine, **figures})

    return make


def on_site(make_site: Any, engine: dict[str, Any], temp_c: float = 15.0, **figures: Any) -> Any:
    site = make_site(
        unit=({**engine, **figures},),
        weather={"temp_c": temp_c},
        fuel_stock=({"name": "tank", "fuel": "diesel", "capacity_mmbtu": 1e4,
                     "price_usd_per_mmbtu": 25.0, "refill_max_mmbtu_per_day": 1e4},),
    )  # fmt: skip
    return build_case(site).units[0]


# --- Derating -----------------------------------------------------------------------------------


def test_an_aeroderivative_turbine_at_midland_on_a_hot_hour(unit: Any) -> None:
    turbine = unit(
        rating_mw=34.3,
        derate_start_temp_c=15.0,
        derate_frac_per_c=0.0095,
        derate_frac_per_100m=0.0115,
    )
    got = 34.3 * derate_ratio(turbine, np.array([P99_MIDLAND_C]), MIDLAND_M)[0]
    # 34.3 * (1 - 0.0115 * 8.72) * (1 - 0.0095 * 21.1) = 34.3 * 0.89972 * 0.79955
    assert got == pytest.approx(34.3 * 0.89972 * 0.79955, rel=1e-9)
    assert round(got, 1) == 24.7


def test_a_medium_speed_engine_at_midland_on_a_hot_hour(unit: Any) -> None:
    engine = unit(
        rating_mw=18.8,
        derate_start_temp_c=38.0,
        derate_frac_per_c=0.01,
        derate_start_altitude_m=500.0,
        derate_frac_per_100m=0.01,
    )
    got = 18.8 * derate_ratio(engine, np.array([P99_MIDLAND_C]), MIDLAND_M)[0]
    assert got == pytest.approx(18.8 * 0.9628, rel=1e-9)
    assert round(got, 1) == 18.1


def test_derating_stops_at_three_tenths(unit: Any) -> None:
    hot = unit(derate_frac_per_c=0.05)
    assert derate_ratio(hot, np.array([55.0]), 0.0).tolist() == [0.3]
    high = unit(derate_frac_per_100m=0.1)
    assert derate_ratio(high, np.array([15.0]), 5000.0).tolist() == [0.3]


def test_cold_days_add_nothing_unless_the_catalog_says_so(unit: Any) -> None:
    temps = np.array([-15.0, 5.0, 15.0])
    plain = unit(derate_frac_per_c=0.01)
    assert derate_ratio(plain, temps, 0.0).tolist() == [1.0, 1.0, 1.0]
    rising = unit(derate_frac_per_c=0.01, cold_rise_frac_per_c=0.005, cold_rise_max_frac=0.1)
    assert derate_ratio(rising, temps, 0.0).tolist() == pytest.approx([1.1, 1.05, 1.0])


def test_altitude_below_the_start_takes_nothing(unit: Any) -> None:
    low = unit(derate_start_altitude_m=500.0, derate_frac_per_100m=0.01)
    assert derate_ratio(low, np.array([15.0]), -30.0).tolist() == [1.0]


def test_heat_adds_to_fuel(unit: Any) -> None:
    hungry = unit(derate_start_temp_c=15.0, heat_rate_penalty_frac_per_c=0.0025)
    got = fuel_factor(hungry, np.array([-5.0, 15.0, 36.1]))
    assert got.tolist() == pytest.approx([1.0, 1.0, 1 + 0.0025 * 21.1])


# --- Rating, minimum load, ramps ----------------------------------------------------------------


def test_a_gross_rating_loses_its_auxiliaries(make_site: Any, engine: dict[str, Any]) -> None:
    got = on_site(make_site, engine, rating_basis="gross", aux_frac=0.03, step_frac=0.2)
    assert got.net_rating_mw == pytest.approx(9.7)
    assert got.pmax_mw.tolist() == pytest.approx([9.7] * 24)
    assert got.pmin_mw.tolist() == pytest.approx([0.4 * 9.7] * 24)
    assert got.ramp_mw_per_step == pytest.approx(0.5 * 60 * 9.7)
    assert got.step_mw == pytest.approx(2.0)


def test_minimum_load_never_exceeds_capability(make_site: Any, engine: dict[str, Any]) -> None:
    got = on_site(make_site, engine, temp_c=45.0, derate_frac_per_c=0.03, min_load_frac=0.5)
    assert got.pmax_mw[0] == pytest.approx(3.0)
    assert got.pmin_mw[0] == got.pmax_mw[0]


def test_maintenance_by_derating_lowers_capability_evenly(
    make_site: Any, engine: dict[str, Any]
) -> None:
    site = make_site(unit=({**engine, "planned_outage_h": 876.0},), maintenance={"mode": "derate"})
    assert build_case(site).units[0].pmax_mw[0] == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("hours", "step_h", "expected"),
    [(0.0, 1.0, 0), (0.5, 1.0, 1), (1.0, 1.0, 1), (2.0, 0.25, 8), (0.6, 0.2, 3), (5.0, 2.0, 3)],
)
def test_times_are_whole_steps_rounded_up(hours: float, step_h: float, expected: int) -> None:
    assert steps_of(hours, step_h) == expected


# --- Fuel ---------------------------------------------------------------------------------------


def test_fuel_runs_through_the_load_points_and_on_to_minimum_load(unit: Any) -> None:
    curve = fuel_curve(unit(), 10.0)
    # Fuel at 5, 7.5 and 10 MW: 45, 63 and 82 MMBtu/h; slopes 7.2 and 7.6.
    assert curve.beta_mmbtu_per_mwh.tolist() == pytest.approx([7.2, 7.6])
    assert curve.alpha_mmbtu_per_h.tolist() == pytest.approx([9.0, 6.0])
    got = curve.fuel_mmbtu_per_h(np.array([4.0, 5.0, 7.5, 10.0, 11.0]))
    assert got.tolist() == pytest.approx([37.8, 45.0, 63.0, 82.0, 89.6])


def test_the_chord_runs_from_minimum_to_full_load(unit: Any) -> None:
    alpha, beta = fuel_curve(unit(), 10.0).chord(np.array([4.0]), np.array([10.0]))
    assert beta[0] == pytest.approx((82.0 - 37.8) / 6.0)
    assert alpha[0] + 4.0 * beta[0] == pytest.approx(37.8)
    assert alpha[0] + 10.0 * beta[0] == pytest.approx(82.0)


def test_a_chord_of_one_point_is_right_there(unit: Any) -> None:
    alpha, beta = fuel_curve(unit(), 10.0).chord(np.array([7.5]), np.array([7.5]))
    assert (alpha[0], beta[0]) == (pytest.approx(63.0), 0.0)


def test_fuel_of_the_catalog_meets_its_heat_rates(reference: Any) -> None:
    import pandas as pd

    table = pd.read_csv(reference / "technologies.csv")
    loads, names = (0.5, 0.75, 1.0), ("50", "75", "100")
    for _, row in table[table["heat_rate_100_btu_per_kwh_hhv"].notna()].iterrows():
        rates = [row[f"heat_rate_{name}_btu_per_kwh_hhv"] / 1000 for name in names]
        figures = UnitChoice.model_construct(
            load_points_frac=loads, heat_rate_mmbtu_per_mwh=tuple(rates)
        )
        curve = fuel_curve(figures, row["rating_mw"])
        output = np.array(loads) * row["rating_mw"]
        got = curve.fuel_mmbtu_per_h(output) / output
        assert got == pytest.approx(np.array(rates), rel=1e-9), row["model"]


# --- Costs and emissions ------------------------------------------------------------------------


def test_capital_is_an_annuity_on_the_nameplate(make_site: Any, engine: dict[str, Any]) -> None:
    got = on_site(make_site, engine, rating_basis="gross", aux_frac=0.03,
                  fixed_site_capex_usd=1e6, fixed_site_cost_usd_per_yr=7e4)  # fmt: skip
    crf = 0.09 * 1.09**25 / (1.09**25 - 1)
    assert got.capital_usd_per_yr == pytest.approx(10_000 * 1000 * crf)
    assert got.fom_usd_per_yr == pytest.approx(10_000 * 10)
    assert got.site_capital_usd_per_yr == pytest.approx(1e6 * crf)
    assert got.site_fixed_usd_per_yr == 7e4


CONTROLLED = {
    "nox_lb_per_mwh": 0.15,
    "co_lb_per_mwh": 0.6,
    "voc_lb_per_mwh": 0.8,
    "co2_lb_per_mmbtu": 117.0,
    "nox_lb_per_start": 2.0,
    "uncontrolled_nox_lb_per_mwh": 1.5,
    "uncontrolled_co_lb_per_mwh": 6.0,
    "controls_capex_usd_per_kw": 120.0,
}


def test_emission_controls_are_on_unless_switched_off(
    make_site: Any, engine: dict[str, Any]
) -> None:
    got = on_site(make_site, engine, **CONTROLLED)
    assert got.lb_per_mwh == {"nox": 0.15, "co": 0.6, "voc": 0.8}
    assert got.lb_per_mmbtu == {"co2": 117.0}
    assert got.lb_per_start == {"nox": 2.0}


def test_without_controls_a_unit_is_cheaper_and_dirtier(
    make_site: Any, engine: dict[str, Any]
) -> None:
    dear = on_site(make_site, engine, **CONTROLLED)
    bare = on_site(make_site, engine, **CONTROLLED, emission_controls=False)
    assert bare.lb_per_mwh == {"nox": 1.5, "co": 6.0, "voc": 0.8}
    assert bare.capital_usd_per_yr / dear.capital_usd_per_yr == pytest.approx(0.88)


def test_the_site_decides_where_the_unit_does_not(make_site: Any, engine: dict[str, Any]) -> None:
    place = {"latitude": 31.95, "longitude": -102.18, "timezone": "UTC", "emission_controls": False}
    choices = (
        {**engine, **CONTROLLED},
        {**engine, **CONTROLLED, "emission_controls": True, "name": "b"},
    )
    bare, clean = build_case(make_site(site=place, unit=choices)).units
    assert bare.lb_per_mwh["nox"] == 1.5
    assert clean.lb_per_mwh["nox"] == 0.15


def test_diesel_starts_are_priced_at_the_stock(make_site: Any, engine: dict[str, Any]) -> None:
    got = on_site(make_site, engine, fuel="diesel")
    assert got.fuel_price_usd_per_mmbtu.tolist() == [25.0] * 24


def test_battery_modules(make_site: Any, battery: dict[str, Any]) -> None:
    figures = {
        **battery,
        "capacity_frac": 0.9,
        "self_discharge_frac_per_h": 0.001,
        "aux_frac": 0.01,
    }
    (got,) = build_case(
        make_site(battery=(figures,), time={"hours": 24.0, "step_h": 2.0})
    ).batteries
    assert (got.eta_charge, got.eta_discharge) == (0.9, 0.9)
    assert got.usable_mwh == pytest.approx(3.6)
    assert got.retention == pytest.approx(0.998)
    assert got.aux_mw == pytest.approx(0.02)
    crf = 0.09 * 1.09**15 / (1.09**15 - 1)
    assert got.capital_usd_per_yr == pytest.approx((200 * 2000 + 300 * 4000) * crf)
    assert got.fom_usd_per_yr == pytest.approx(8 * 2000)


def test_annuities_without_interest_are_straight_lines(
    make_site: Any, battery: dict[str, Any]
) -> None:
    place = {"latitude": 31.95, "longitude": -102.18, "timezone": "UTC", "wacc": 0.0}
    case = build_case(make_site(site=place, battery=(battery,)))
    assert case.units[0].capital_usd_per_yr == pytest.approx(10_000 * 1000 / 25)
    assert case.batteries[0].capital_usd_per_yr == pytest.approx(1.6e6 / 15)
