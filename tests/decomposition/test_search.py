"""What the search does to get along early proves nothing of the case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from decomposition.small_years import of_days
from model.cases import NO_SECURITY, make_grid

from optmix.solve.decomposition.control import solve_decomposed
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.outcome import Status
from optmix.solve.request import Request
from optmix.solve.run import ready_profile

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.proposal import Proposal

GAP = 1e-3


def in_windows(case: Case, days: int) -> Proposal:
    one_thread = partial(ThreadPoolExecutor, max_workers=1)
    request = Request(ready_profile("highs"), GAP, workers=1, make_executor=one_thread)
    return solve_decomposed(case, request, window_days=days)


def assert_same(case: Case, days: int) -> None:
    whole = solve_monolithic(case, Request(ready_profile("highs"), GAP))
    windows = in_windows(case, days)
    assert whole.status is Status.OPTIMAL
    assert windows.status in (Status.OPTIMAL, Status.FEASIBLE), windows.reason
    assert whole.objective_usd is not None
    assert windows.bound_usd is not None
    assert windows.bound_usd <= whole.objective_usd * (1 + 1e-6)
    assert windows.objective_usd == pytest.approx(whole.objective_usd, rel=0.01)


def test_a_fleet_far_from_the_first_guess_is_found() -> None:
    """The tie could serve all demand, but its loss needs eight engines that no guess asks for."""
    axis = of_days(4).axis
    case = of_days(
        4,
        demand_mw=40.0,
        units=[{"n_max": 14}],
        grid=make_grid(axis, withdrawal_max_mw=60.0, import_price_usd_per_mwh=30.0),
        security=replace(NO_SECURITY, loss_of_grid=True),
    )
    assert_same(case, 1)


def test_maintenance_that_cannot_be_spread_evenly_is_found() -> None:
    """In the sixth week every unit is needed, so none may be out."""
    steps = np.arange(4 * 84)
    week = steps // 28
    case = of_days(
        84,
        labels={"week": week, "step_h": 6.0},
        demand_mw=np.where(week == 5, 19.0, 12.0) + (steps % 4 == 2),
        units=[{"n_max": 4, "planned_outage_h": 168 * 8.0, "max_units_in_maintenance": 1}],
        maintenance_mode="scheduled",
        is_blackout_week=np.zeros(12, dtype=bool),
    )
    assert_same(case, 7)
