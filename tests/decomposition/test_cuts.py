"""Cuts of real windows: never above what the window costs, whatever the solver says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import (
    Cut,
    featured,
    least,
    of_days,
    random_point,
    slack_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from model.cases import make_grid
from model.random_cases import cases

from optmix.data.case import SecurityPolicy
from optmix.solve.decomposition.cuts import NO_SHORTFALL, Cutter
from optmix.solve.decomposition.linking import BUDGETS
from optmix.solve.decomposition.rounding import rounded_rows

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.decomposition import cuts
    from optmix.solve.decomposition.block import Block
    from optmix.solve.decomposition.tasks import Kept

FEW = settings(max_examples=5)


def drawn_window(data: st.DataObject, case: Case) -> tuple[Kept, np.random.Generator]:
    cut = Cut(case)
    kept = cut.one(data.draw(st.integers(0, len(cut.windows) - 1)))
    return kept, np.random.default_rng(data.draw(st.integers(0, 999)))


def claim(cut: cuts.Cut, values: Any) -> float:
    return float(cut.intercept + cut.slope @ np.nan_to_num(values))


def claims_too_much(block: Block, cut: cuts.Cut, values: Any) -> bool:
    """Whether a window can be operated at a point for less than the cut says."""
    cost = least(block.program.relaxed(), block.link, values)
    return claim(cut, values) > cost + slack_of(cost)


def with_pool(case: Case, block: Block) -> Cutter:
    pool = partial(rounded_rows, case, block)
    return Cutter(block.program, block.link, block.n_own, block.meter, pool)


@FEW
@given(case=cases(), data=st.data())
def test_no_cut_lies_above_the_relaxed_cost(case: Case, data: st.DataObject) -> None:
    kept, rng = drawn_window(data, case)
    cut = kept.cutter.cut(random_point(kept.block, rng))

    for _ in range(3):
        assert not claims_too_much(kept.block, cut, random_point(kept.block, rng))


@FEW
@given(case=cases(), data=st.data())
def test_a_cut_touches_the_relaxed_cost_at_its_point(case: Case, data: st.DataObject) -> None:
    kept, rng = drawn_window(data, case)
    for _ in range(3):
        values = random_point(kept.block, rng)
        cut = kept.cutter.cut(values)
        cost = least(kept.block.program.relaxed(), kept.block.link, values)

        assert cut.cost == pytest.approx(cost, abs=slack_of(cost))
        assert claim(cut, values) == pytest.approx(cost, abs=slack_of(cost))


@FEW
@given(case=cases(), data=st.data())
def test_a_raised_cut_is_found(case: Case, data: st.DataObject) -> None:
    """The comparison that every test here relies on tells a wrong cut from a right one."""
    kept, rng = drawn_window(data, case)
    values = random_point(kept.block, rng)
    cut = kept.cutter.cut(values)
    raised = replace(cut, intercept=cut.intercept + 1e-4 * abs(cut.cost) + 1e-3)

    assert not claims_too_much(kept.block, cut, values)
    assert claims_too_much(kept.block, raised, values)


@FEW
@given(case=cases(), data=st.data())
def test_a_window_chooses_what_is_left_to_it(case: Case, data: st.DataObject) -> None:
    kept, rng = drawn_window(data, case)
    is_budget = np.array([key[0] in BUDGETS for key in kept.block.keys])
    is_free = is_budget | (rng.random(len(is_budget)) < 0.2)
    values = np.where(is_free, np.nan, random_point(kept.block, rng))
    cut = kept.cutter.cut(values)
    cost = least(kept.block.program.relaxed(), kept.block.link, values)

    assert cut.cost == pytest.approx(cost, abs=slack_of(cost))
    assert not cut.slope[is_free].any()
    for _ in range(2):
        assert not claims_too_much(kept.block, cut, random_point(kept.block, rng))


@FEW
@given(case=cases(), data=st.data())
def test_duals_gone_wrong_make_a_cut_weaker_and_never_wrong(
    case: Case, data: st.DataObject
) -> None:
    kept, rng = drawn_window(data, case)
    values = random_point(kept.block, rng)
    right = with_pool(case, kept.block)
    wrong = with_pool(case, kept.block)
    run = wrong._run

    def run_badly() -> tuple[Any, Any, bool]:
        x, row_dual, _ = run()
        noise = rng.normal(0.0, 1.0 + np.abs(row_dual).max(), len(row_dual))
        return x, row_dual * rng.uniform(-1.0, 3.0, len(row_dual)) + noise, True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wrong, "_run", run_badly)
        spoilt = wrong.cut(values, tight=data.draw(st.booleans()))
    for point in (values, *(random_point(kept.block, rng) for _ in range(2))):
        assert not claims_too_much(kept.block, spoilt, point)
    best = right.cut(values, tight=True)
    assert claim(spoilt, values) <= claim(best, values) + slack_of(best.cost)


@FEW
@given(case=cases(), data=st.data())
def test_what_a_window_needs_is_kept_wherever_nothing_misses(
    case: Case, data: st.DataObject
) -> None:
    """The plane cuts off the point it was made at, and none at which everything is served."""
    kept, rng = drawn_window(data, case)
    block = kept.block
    for _ in range(3):
        values = random_point(block, rng)
        cut = kept.cutter.cut(values)
        assert (cut.need is not None) == (cut.shortfall > NO_SHORTFALL)
        if cut.need is None:
            continue
        intercept, slope = cut.need
        assert intercept + slope @ values <= cut.shortfall + 1e-6
        for _ in range(3):
            other = random_point(block, rng)
            here = kept.cutter.cut(other)
            assert intercept + slope @ other <= here.shortfall + 1e-6


def test_a_point_with_shortfall_is_cut_off() -> None:
    for kept in Cut(of_days(2)).kept:
        values = np.zeros(len(kept.block.keys))
        cut = kept.cutter.cut(values)
        assert cut.need is not None
        intercept, slope = cut.need

        assert intercept + slope @ values == pytest.approx(cut.shortfall)
        # Two engines serve all of it.
        enough = [{"n_units": 2.0, "is_present": 1.0}[name] for name, _ in kept.block.keys]
        assert intercept + slope @ enough <= 1e-6


@FEW
@given(case=cases(), data=st.data())
def test_tight_cuts_stay_below_whole_operation(case: Case, data: st.DataObject) -> None:
    kept, rng = drawn_window(data, case)
    block = kept.block
    loose, tight = with_pool(case, block), with_pool(case, block)
    values = random_point(block, rng, whole=True)
    cut, better = loose.cut(values), tight.cut(values, tight=True)

    assert claim(better, values) >= claim(cut, values) - slack_of(cut.cost)
    for _ in range(3):
        point = random_point(block, rng, whole=True)
        cost = least(block.program, block.link, point)
        assert claim(better, point) <= cost + slack_of(cost)
        # Also once rows have joined at other points.
        again = tight.cut(point, tight=True)
        assert claim(again, point) <= cost + slack_of(cost)
        assert claim(again, values) <= least(block.program, block.link, values) + slack_of(cost)


def test_rounded_rows_gain_where_units_are_few() -> None:
    """Demand of a half more than an engine takes two of them."""
    case = of_days(2, demand_mw=7.5)
    for block in Cut(case).blocks:
        values = np.array([{"n_units": 3.0, "is_present": 1.0}[name] for name, _ in block.keys])
        loose = with_pool(case, block).cut(values)
        tight = with_pool(case, block).cut(values, tight=True)
        whole = least(block.program, block.link, values)

        assert tight.cost > loose.cost + 0.5 * (whole - loose.cost)
        assert tight.cost <= whole + slack_of(whole)


def test_a_tight_cutter_adds_rows_once_and_stays_right() -> None:
    case = of_days(
        2,
        units=[{}, {"rating_mw": 3.0, "net_rating_mw": 3.0, "pmax_mw": 3.0, "pmin_mw": 1.0}],
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=True, swing_mw=0.0, bridge_h=0.25),
    )
    case = replace(case, grid=make_grid(case.axis, withdrawal_max_mw=4.0))
    rng = np.random.default_rng(0)
    for block in Cut(case).blocks:
        tight = with_pool(case, block)
        points = [random_point(block, rng, whole=True) for _ in range(4)]
        first = [tight.cut(values, tight=True).cost for values in points]
        again = [tight.cut(values, tight=True).cost for values in points]

        for one, other in zip(first, again, strict=True):
            assert other >= one - slack_of(one)
        whole = [least(block.program, block.link, values) for values in points]
        for one, other in zip(again, whole, strict=True):
            assert one <= other + slack_of(other)


def test_readings_of_meters_are_those_of_the_optimum() -> None:
    """Where a budget is given it is kept; where it is not, the reading says what is used."""
    case = featured()
    for kept in Cut(case).kept:
        block = kept.block
        rng = np.random.default_rng(2)
        is_budget = np.array([key[0] in BUDGETS for key in block.keys])
        values = random_point(block, rng)
        free = kept.cutter.cut(np.where(is_budget, np.nan, values))
        half = np.where(is_budget, 0.5 * free.used, values)
        held = kept.cutter.cut(half)

        assert (held.used[is_budget] <= half[is_budget] + 1e-6).all()
        assert not free.used[~is_budget].any()
        assert held.cost >= free.cost - slack_of(free.cost)
        assert (held.slope[is_budget] <= 1e-9).all()
