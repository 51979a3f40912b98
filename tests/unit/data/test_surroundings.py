"""Prices, the tie, reserve, maintenance and emissions on the steps of a site."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optmix.data.build import build_case
from optmix.data.finance import capital_recovery_factor
from optmix.errors import SeriesError

TIE = {"withdrawal_max_mw": 50.0, "energy_price": 40.0}
SUMMER_DAY = {"start": "2025-07-01", "hours": 24.0}


# --- Gas ----------------------------------------------------------------------------------------


def test_delivered_gas_is_hub_price_plus_basis_plus_transport(make_site: Any) -> None:
    fuel = {"price_usd_per_mmbtu": 3.0, "basis_usd_per_mmbtu": -2.0, "transport_usd_per_mmbtu": 0.5}
    case = build_case(make_site(fuel=fuel))
    assert case.gas.price_usd_per_mmbtu.tolist() == [1.5] * 24
    assert (case.units[0].fuel_price_usd_per_mmbtu == case.gas.price_usd_per_mmbtu).all()
    assert (case.gas.daily_max_mmbtu, case.gas.hourly_max_mmbtu_per_h) == (math.inf, math.inf)


def test_twelve_prices_are_those_of_the_local_months(make_site: Any) -> None:
    prices = tuple(float(month) for month in range(1, 13))
    time = {"start": "2025-01-31T22:00", "hours": 4.0}
    case = build_case(make_site(fuel={"price_usd_per_mmbtu": prices}, time=time))
    assert case.gas.price_usd_per_mmbtu.tolist() == [1, 1, 2, 2]


def test_a_series_of_monthly_prices(make_site: Any) -> None:
    series = {"file": "g.csv", "column": "Price"}
    files = {"g.csv": "Month,Price\n2025-06,3.1\n2025-07,3.2\n"}
    case = build_case(make_site(files, fuel={"price_usd_per_mmbtu": series}, time=SUMMER_DAY))
    assert case.gas.price_usd_per_mmbtu.tolist() == [3.2] * 24


def test_stocks_keep_a_reserve_and_are_refilled_evenly(make_site: Any) -> None:
    stock = {
        "name": "lng",
        "fuel": "natural_gas",
        "capacity_mmbtu": 2400.0,
        "min_content_frac": 0.1,
        "price_usd_per_mmbtu": 12.0,
        "refill_max_mmbtu_per_day": 480.0,
    }
    (got,) = build_case(make_site(fuel_stock=(stock,))).stocks
    assert got.min_content_mmbtu == pytest.approx(240.0)
    assert got.refill_max_mmbtu_per_h == pytest.approx(20.0)
    assert got.withdrawal_max_mmbtu_per_h == math.inf


# --- The tie ------------------------------------------------------------------------------------


def tie(make_site: Any, files: dict[str, str] | None = None, **grid: Any) -> Any:
    time = grid.pop("time", SUMMER_DAY)
    place = grid.pop("place", {})
    base = {"latitude": 31.95, "longitude": -102.18, "altitude_m": 872.0}
    site = make_site(
        files,
        site={**base, "timezone": "America/Chicago", **place},
        time=time,
        grid={**TIE, **grid},
    )
    return build_case(site)


def test_import_is_paid_at_the_price_plus_the_adder(make_site: Any) -> None:
    case = tie(make_site, energy_adder_usd_per_mwh=2.5, export_price=30.0)
    assert case.grid.import_price_usd_per_mwh.tolist() == [42.5] * 24
    assert case.grid.export_price_usd_per_mwh.tolist() == [30.0] * 24


def test_capital_of_the_tie_is_an_annuity(make_site: Any) -> None:
    case = tie(make_site, interconnection_usd_per_mw=150e3, interconnection_fixed_usd=1e6,
               security_usd_per_mw=50e3)  # fmt: skip
    crf = capital_recovery_factor(0.09, 30.0)
    assert case.grid.capital_usd_per_mw_yr == pytest.approx(150e3 * crf)
    assert case.grid.capital_fixed_usd_per_yr == pytest.approx(1e6 * crf)
    assert case.grid.security_carry_usd_per_mw_yr == pytest.approx(50e3 * 0.015)


def test_the_tie_opens_at_local_midnight_of_its_day(make_site: Any) -> None:
    time = {"start": "2025-06-30", "hours": 48.0}
    case = tie(make_site, energization_date="2025-07-01", time=time)
    assert case.grid.availability.tolist() == [0.0] * 24 + [1.0] * 24


def test_the_first_step_may_stand_for_a_later_day(make_site: Any) -> None:
    time = {"start": "2023-06-30", "hours": 48.0}
    place = {"operation_start": "2028-12-31"}
    case = tie(make_site, energization_date="2029-01-01", time=time, place=place)
    assert case.grid.availability.tolist() == [0.0] * 24 + [1.0] * 24


def test_availability_multiplies_energization(make_site: Any) -> None:
    files = {"a.csv": "share\n" + "0.5\n" * 24}
    case = tie(make_site, files, availability={"file": "a.csv", "column": "share"},
               energization_date="2025-07-01")  # fmt: skip
    assert case.grid.availability.tolist() == [0.5] * 24
    with pytest.raises(SeriesError, match="a number from 0 to 1"):
        tie(make_site, {"a.csv": "share\n" + "50\n" * 24},
            availability={"file": "a.csv", "column": "share"})  # fmt: skip


def test_a_tie_that_never_opens_leaves_the_site_islanded(make_site: Any) -> None:
    case = tie(make_site, energization_date="2029-01-01")
    assert not case.grid.availability.any()
    assert (case.security.loss_of_unit, case.security.loss_of_grid) == (True, False)
    assert "operation_start" in case.warnings[0]


def test_a_tie_that_opens_late_warns_of_reserve_that_is_off(make_site: Any) -> None:
    time = {"start": "2025-06-30", "hours": 48.0}
    case = tie(make_site, energization_date="2025-07-01", time=time)
    assert "not available in 24 h" in case.warnings[0]


def test_coincident_hours_weigh_alike_and_add_up_to_one(make_site: Any) -> None:
    case = tie(make_site, coincident_peak={"charge_usd_per_mw_yr": 5e4})
    weight = case.grid.coincident_weight
    assert np.flatnonzero(weight).tolist() == [15, 16, 17, 18]
    assert weight[15] == 0.25
    assert case.grid.coincident_charge_usd_per_mw_yr == 5e4


def test_a_year_has_its_coincident_hours_in_the_declared_months(make_site: Any) -> None:
    charge = {"charge_usd_per_mw_yr": 5e4, "months": (6, 7, 8, 9), "hours": (16,)}
    case = tie(make_site, coincident_peak=charge, time={"hours": 8760.0})
    assert np.count_nonzero(case.grid.coincident_weight) == 122
    assert case.grid.coincident_weight.sum() == pytest.approx(1.0)


def test_catch_probabilities_are_weights_instead(make_site: Any) -> None:
    files = {"p.csv": "p\n" + "0\n" * 22 + "0.6\n0.2\n"}
    chance = {"file": "p.csv", "column": "p"}
    case = tie(
        make_site, files, coincident_peak={"charge_usd_per_mw_yr": 5e4, "catch_probability": chance}
    )
    assert case.grid.coincident_weight[-2:].tolist() == pytest.approx([0.75, 0.25])


def test_a_horizon_without_coincident_hours_warns(make_site: Any) -> None:
    case = tie(make_site, coincident_peak={"charge_usd_per_mw_yr": 5e4}, time={"hours": 24.0})
    assert not case.grid.coincident_weight.any()
    assert "no candidate hour" in case.warnings[0]


# --- How the plant is run -----------------------------------------------------------------------


def test_reserve_is_for_a_unit_on_an_island_and_for_the_tie_otherwise(make_site: Any) -> None:
    island, tied = build_case(make_site()).security, tie(make_site).security
    assert (island.loss_of_unit, island.loss_of_grid) == (True, False)
    assert (tied.loss_of_unit, tied.loss_of_grid) == (False, True)


def test_reserve_may_be_set(make_site: Any) -> None:
    off = make_site(security={"loss_of_unit": False, "swing_mw": 4.0, "bridge_h": 0.5})
    got = build_case(off).security
    assert (got.loss_of_unit, got.swing_mw, got.bridge_h) == (False, 4.0, 0.5)
    both = make_site(grid=TIE, security={"loss_of_unit": True, "loss_of_grid": False})
    assert build_case(both).security.loss_of_unit
    assert not build_case(both).security.loss_of_grid


def test_a_horizon_below_four_weeks_derates_for_maintenance_and_says_so(make_site: Any) -> None:
    short = build_case(make_site(time={"hours": 671.0}, maintenance={"mode": "scheduled"}))
    assert short.maintenance_mode == "derate"
    assert "671 h is too short" in short.warnings[0]
    long = build_case(make_site(time={"hours": 672.0}, maintenance={"mode": "scheduled"}))
    assert long.maintenance_mode == "scheduled"
    assert not long.warnings


def test_blackout_weeks_are_counted_from_one(make_site: Any) -> None:
    plan = {"mode": "scheduled", "blackout_weeks": (1, 5)}
    case = build_case(make_site(time={"hours": 5 * 168.0 + 24}, maintenance=plan))
    assert case.is_blackout_week.tolist() == [True, False, False, False, True]


def test_the_week_after_the_last_block_is_its_rest(make_site: Any) -> None:
    plan = {"mode": "scheduled", "blackout_weeks": (6,)}
    rest = build_case(make_site(time={"hours": 5 * 168.0 + 24}, maintenance=plan))
    assert rest.is_blackout_week.tolist() == [False] * 4 + [True]
    whole = build_case(make_site(time={"hours": 5 * 168.0}, maintenance=plan))
    assert not whole.is_blackout_week.any()


def test_every_pollutant_has_a_budget(make_site: Any) -> None:
    limits = {"nox": {"cap_tpy": 40.0, "basis": "pte"}, "co2": {"price_usd_per_ton": 25.0}}
    nox, co, voc, co2 = build_case(make_site(emissions=limits)).emissions
    assert (nox.pollutant, nox.cap_tpy, nox.is_potential) == ("nox", 40.0, True)
    assert (co.pollutant, co.cap_tpy) == ("co", math.inf)
    assert voc.price_usd_per_ton == 0
    assert (co2.cap_tpy, co2.price_usd_per_ton) == (math.inf, 25.0)


# --- Finance ------------------------------------------------------------------------------------


def test_the_capital_recovery_factor_is_the_textbook_one() -> None:
    for wacc in (0.01, 0.09, 0.2):
        for life in (1.0, 15.0, 40.0):
            growth = (1 + wacc) ** life
            expected = wacc * growth / (growth - 1)
            assert capital_recovery_factor(wacc, life) == pytest.approx(expected, rel=1e-12)


def test_the_capital_recovery_factor_is_steady_towards_no_interest() -> None:
    assert capital_recovery_factor(0.0, 20.0) == 0.05
    assert capital_recovery_factor(1e-12, 20.0) == pytest.approx(0.05, rel=1e-9)
