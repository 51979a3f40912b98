"""Which days and hours rules mean: energization, years after it, coincident peaks, calls."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from model.cases import N_MINUS_1, make_axis, make_case, make_grid, make_unit
from rules.kit import hours, outcome_of, solved, three_days, under
from unit.verify.factory import make_axis as make_calendar
from unit.verify.plans import make_plan

from optmix.rules.calendar import days_meant
from optmix.rules.ercot.transmission_charge import ErcotTransmissionChargeParams, billed_weight
from optmix.rules.tx.batch_timeline import TxBatchTimelineParams, limit_mw
from optmix.verify.check import verify_plan

CASE = three_days()
YEAR = make_calendar([8760], start="2025-01-01")


def tied(axis: Any, **figures: Any) -> Any:
    return make_case(axis, demand_mw=100.0, units=(), grid=make_grid(axis, **figures))


def test_a_step_stands_for_its_own_day_unless_told_otherwise() -> None:
    days = days_meant(CASE)
    assert [str(day) for day in np.unique(days)] == ["2025-07-01", "2025-07-02", "2025-07-03"]
    later = replace(CASE.grid, operation_start=dt.date(2027, 12, 31))
    assert str(days_meant(three_days(grid=later))[8]) == "2028-01-01"


def test_days_are_local() -> None:
    """Midnight in UTC is still the evening before in Chicago."""
    axis = replace(CASE.axis, timezone="America/Chicago")
    assert str(days_meant(three_days(axis=axis))[0]) == "2025-06-30"


def test_every_operating_year_begins_anew() -> None:
    case = tied(make_calendar([48, 48], start="2025-07-01", probability=(0.5, 0.5)))
    days = days_meant(case)
    assert (days[:48] == days[48:]).all()


@pytest.mark.parametrize(
    ("start", "granted_mw"),
    [
        (dt.date(2026, 6, 30), [0.0, 50.0, 50.0]),
        (dt.date(2027, 6, 30), [50.0, 80.0, 80.0]),
        (dt.date(2028, 6, 30), [80.0, 120.0, 120.0]),
        (dt.date(2040, 1, 1), [120.0, 120.0, 120.0]),
    ],
)
def test_what_is_granted_rises_on_the_day_of_energization(
    start: dt.date, granted_mw: list[float]
) -> None:
    params = TxBatchTimelineParams(
        energization_date=dt.date(2026, 7, 1), withdrawal_by_year_mw=(50.0, 80.0, 120.0)
    )
    case = three_days(grid=replace(CASE.grid, operation_start=start))
    assert limit_mw(case, params)[::8].tolist() == granted_mw


def test_a_tie_that_is_granted_little_helps_little_when_a_unit_is_lost() -> None:
    """40 MW of 120 are granted: seven engines of 12 MW, and one that may be lost."""
    case = three_days(security=N_MINUS_1)
    ruled = under(case, "tx.batch-timeline", {"withdrawal_by_year_mw": (40.0,)})
    assert solved(ruled).plan.units.tolist() == [8]
    without_guard = under(three_days(), "tx.batch-timeline", {"withdrawal_by_year_mw": (40.0,)})
    assert solved(without_guard).plan.units.tolist() == [7]


def test_a_review_keeps_the_tie_away_for_180_days() -> None:
    """Energized on the first of January: no import before the thirtieth of June."""
    grid = replace(CASE.grid, energization_date=dt.date(2025, 1, 3))
    unit = make_unit(CASE.axis, name="old", n_max=1)
    case = three_days(grid=grid, units=(unit,), demand_mw=100.0)
    plan = make_plan(case, [0], withdrawal_mw=100.0, import_mw=100.0)
    params = {"existing_units": ("old",), "events_per_year": 0}
    found = verify_plan(under(case, "sb6.net-metering-review", params), plan).findings
    assert [(each.equation, each.n_steps) for each in found] == [("sb6.net-metering-review", 8)]


# --- Coincident peaks ---------------------------------------------------------------------------


def weight(case: Any, **params: Any) -> Any:
    return billed_weight(case, ErcotTransmissionChargeParams(**params))


def test_four_peaks_are_weighed_by_month_and_chance() -> None:
    case = tied(YEAR)
    found, axis = weight(case), case.axis
    month = np.array([int(label[5:7]) for label in axis.month_label])[axis.month]
    assert found.sum() == pytest.approx(1.0)
    assert found[~np.isin(month, (6, 7, 8, 9))].max() == 0.0
    for number, days in ((6, 30), (7, 31), (8, 31), (9, 30)):
        inside = month == number
        hit = inside & np.isin(axis.local_hour, (15, 16, 17, 18))
        assert hit.sum() == 4 * days
        assert found[hit] == pytest.approx(0.25 * 0.8 / (4 * days))
        assert found[inside & ~hit] == pytest.approx(0.25 * 0.2 / (20 * days))


def test_twelve_peaks_weigh_every_month_alike() -> None:
    case = tied(YEAR)
    found = weight(case, regime="12CP")
    assert np.bincount(case.axis.month, weights=found) == pytest.approx(np.full(12, 1 / 12))


def test_given_peaks_go_before_clock_hours() -> None:
    case = three_days(events={"coincident_peak": hours(CASE, 3)})
    found = weight(case)
    assert found[3] == pytest.approx(0.8)
    assert found.sum() == pytest.approx(1.0)


def test_a_month_without_candidates_is_billed_by_its_mean() -> None:
    none = np.zeros(24, dtype=np.bool_)
    found = weight(three_days(events={"coincident_peak": none}))
    assert found == pytest.approx(np.full(24, 1 / 24))


def test_certain_peaks_leave_the_other_hours_free() -> None:
    found = weight(CASE, catch_prob=1.0)
    assert set(np.flatnonzero(found)) == set(
        np.flatnonzero(np.isin(CASE.axis.local_hour, (15, 18)))
    )


def test_a_given_rate_goes_before_that_of_the_regime() -> None:
    axis = replace(make_axis((2,)), month_label=("2025-07",))
    case = make_case(axis, units=(), grid=make_grid(axis, withdrawal_max_mw=100.0), demand_mw=80.0)
    plan = make_plan(case, [], withdrawal_mw=80.0, import_mw=80.0)
    for params, usd in (
        ({}, 80 * 50_000.0),
        ({"regime": "12CP"}, 80 * 66_150.0),
        ({"regime": "12CP", "rate_usd_per_mw_yr": 44_500.0}, 80 * 44_500.0),
        ({"regime": "minimum-billing"}, 80 * 50_000.0),
    ):
        ruled = under(case, "ercot.transmission-charge", params)
        found = outcome_of(verify_plan(ruled, plan), "ercot.transmission-charge")
        assert found.cost_usd == pytest.approx(usd)


def test_a_contract_that_is_not_used_is_billed_by_the_ratchet() -> None:
    axis = make_axis((2,))
    grid = make_grid(axis, withdrawal_max_mw=100.0)
    case = make_case(axis, units=(), grid=grid, demand_mw=80.0)
    plan = make_plan(case, [], withdrawal_mw=100.0, import_mw=80.0)
    ruled = under(case, "ercot.transmission-charge", {"regime": "minimum-billing"})
    found = outcome_of(verify_plan(ruled, plan), "ercot.transmission-charge")
    assert found.cost_usd == pytest.approx(85 * 50_000.0)
