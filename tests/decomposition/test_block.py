"""A window alone: its cost and rows are those of the whole, and it answers whatever it is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import (
    Cut,
    Whole,
    featured,
    least,
    of_days,
    random_point,
    slack_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from model.cases import make_battery
from model.random_cases import cases

from optmix.data.case import EmissionBudget, SecurityPolicy
from optmix.solve.decomposition.linking import BUDGETS
from optmix.solve.decomposition.prices import guess_prices
from optmix.solve.layout import NO_COLUMN, STEP_VARIABLES

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.decomposition.block import Block
    from optmix.solve.layout import Layout

FEW = settings(max_examples=5)


def by_step(layout: Layout, values: Any) -> dict[tuple[str, int, int], float]:
    """Return values of columns by variable, member and step, zeros left out."""
    found: dict[tuple[str, int, int], float] = {}
    for name in STEP_VARIABLES:
        columns = layout.columns[name]
        for (member, k), column in np.ndenumerate(columns):
            if column != NO_COLUMN and values[column] != 0.0:
                found[name, member, int(layout.steps[k])] = float(values[column])
    return found


def added_cost(cut: Cut) -> dict[tuple[str, int, int], float]:
    """Return the cost of each quantity of a step, added over all windows that model it."""
    total: dict[tuple[str, int, int], float] = defaultdict(float)
    for block in cut.blocks:
        for key, cost in by_step(block.layout, block.program.cost).items():
            total[key] += cost
    return {key: cost for key, cost in total.items() if abs(cost) > 1e-12}


@FEW
@given(cases())
def test_costs_of_windows_add_up_to_that_of_the_whole(case: Case) -> None:
    """Each step is counted once, and what is stored at borders is bought for what it is sold."""
    whole = Whole(case)

    assert added_cost(Cut(case)) == pytest.approx(by_step(whole.layout, whole.handoff.program.cost))


def test_any_prices_at_borders_cancel() -> None:
    case = featured()
    dear = replace(
        guess_prices(case),
        soc_kusd_per_mwh={"lfp": 7.7},
        content_kusd_per_mmbtu={"lng": 3.3, "tank": 0.5},
    )
    cheap, priced = Cut(case), Cut(case, prices=dear)

    assert added_cost(priced) == pytest.approx(added_cost(cheap))
    for one, other in zip(cheap.blocks, priced.blocks, strict=True):
        is_changed = one.program.cost != other.program.cost
        assert {key[:1] for key in by_step(one.layout, is_changed)} == {
            ("soc_mwh",),
            ("content_mmbtu",),
        }


@FEW
@given(cases())
def test_an_optimum_of_the_whole_is_a_plan_of_each_window(case: Case) -> None:
    whole, cut = Whole(case), Cut(case)
    cost = cut.master.at(whole.point(cut.master)).cost
    for window, block in zip(cut.windows, cut.blocks, strict=True):
        program, x = block.program, whole.in_window(window, block)
        rows, room = program.matrix @ x, 1e-5
        assert (rows >= program.row_lower - room).all()
        assert (rows <= program.row_upper + room).all()
        assert (x >= program.col_lower - room).all()
        assert (x <= program.col_upper + room).all()
        cost += float(program.cost @ x)

    assert cost == pytest.approx(whole.cost, abs=slack_of(whole.cost))


@FEW
@given(cases())
def test_relaxed_windows_cost_no_more_than_the_relaxed_whole(case: Case) -> None:
    whole, cut = Whole(case, relaxed=True), Cut(case)
    point = cut.master.at(whole.point(cut.master))
    found = [kept.cutter.cut(point.values[kept.link_place]) for kept in cut.kept]

    total = point.cost + sum(cut.cost for cut in found)
    assert total <= whole.cost + slack_of(whole.cost)
    assert sum(cut.shortfall for cut in found) <= 1e-6
    # Each is its own bound too, by its plane.
    planes = sum(
        cut.intercept + np.nan_to_num(point.values[kept.link_place]) @ cut.slope
        for kept, cut in zip(cut.kept, found, strict=True)
    )
    assert point.cost + planes <= whole.cost + slack_of(whole.cost)


def test_one_window_costs_what_the_whole_costs() -> None:
    case = featured()
    # How often modules are cycled is left to the master, which knows how many there are.
    products = tuple(replace(b, cycles_per_year=1e5) for b in case.batteries)
    case = replace(case, grid=None, batteries=products)
    whole, cut = Whole(case, relaxed=True), Cut(case, days=100)
    (kept,) = cut.kept
    point = cut.master.at(whole.point(cut.master))

    assert not kept.block.window.lead
    total = point.cost + kept.cutter.cut(point.values[kept.link_place]).cost
    assert total == pytest.approx(whole.cost, abs=slack_of(whole.cost))


def oversized() -> Case:
    """Return a site of a few MW on which one engine alone is ten times the demand."""
    unit = {"rating_mw": 900.0, "net_rating_mw": 900.0, "pmax_mw": 900.0, "pmin_mw": 90.0}
    return of_days(
        2,
        units=[unit],
        batteries=(make_battery(aux_mw=0.1, soc_min_frac=0.2, retention=0.9),),
        security=SecurityPolicy(
            loss_of_unit=True, loss_of_grid=False, swing_mw=40.0, bridge_h=0.25
        ),
    )


@pytest.mark.parametrize("make", [featured, oversized])
def test_every_point_has_an_answer(make: Any) -> None:
    rng = np.random.default_rng(5)
    for kept in Cut(make()).kept:
        block = kept.block
        for values in (*(random_point(block, rng) for _ in range(6)), nothing(block)):
            cut = kept.cutter.cut(values)
            # An optimum, and not the plane of a solve that went astray.
            assert cut.cost == pytest.approx(least_relaxed(block, values), rel=1e-6)
            assert cut.intercept + values @ cut.slope == pytest.approx(cut.cost, rel=1e-6)


def nothing(block: Block) -> Any:
    """Return the point at which nothing is built and nothing is allowed."""
    present = np.array([key[0] == "is_present" for key in block.keys])
    return np.where(present, 1.0, block.program.col_lower[block.link])


def least_relaxed(block: Block, values: Any) -> float:
    return least(block.program.relaxed(), block.link, values)


def test_nothing_built_misses_all_that_is_demanded() -> None:
    case = of_days(2, demand_mw=[4.0, 7.0, 0.0, 1.0] * 2)
    for kept in Cut(case).kept:
        values = np.zeros(len(kept.block.keys))
        steps = kept.block.layout.steps
        cut = kept.cutter.cut(values)

        assert cut.shortfall == pytest.approx(case.demand_mw[steps].sum())


def test_shared_quantities_cost_nothing_in_a_window() -> None:
    for block in Cut(featured()).blocks:
        assert not block.program.cost[block.link].any()
        is_link = np.isin(np.arange(block.program.n_columns), block.link)
        own = abs(block.program.matrix).sign() @ (~is_link).astype(float)
        bounded = np.isfinite(block.program.row_lower) | np.isfinite(block.program.row_upper)
        assert (own[bounded] > 0).all()


def test_every_column_is_bounded() -> None:
    for block in Cut(featured()).blocks:
        assert np.isfinite(block.program.col_lower).all()
        assert np.isfinite(block.program.col_upper).all()


def test_meters_read_what_a_window_uses() -> None:
    """From the figures of the case, for whatever the columns are."""
    case = featured()
    budgets = (
        EmissionBudget("nox", 65.7, False, 0.0),
        EmissionBudget("co2", 175_000.0, False, 20.0),
    )
    case = replace(case, emissions=budgets)
    rng = np.random.default_rng(3)
    for number, block in enumerate(Cut(case).blocks):
        x = rng.uniform(0.0, 5.0, block.n_own)
        used = dict(zip(block.keys, block.meter @ x, strict=True))
        core = np.isin(block.layout.steps, block.window.core)

        def total(
            name: str, factors: Any, *, x: Any = x, b: Block = block, core: Any = core
        ) -> Any:
            return (np.array(factors) @ b.layout.values(name, x))[core].sum()

        wanted = {
            ("discharge_allotment_mwh", (("lfp", 0), number)): total("discharge_mw", [0.5]),
            ("curtailment_allotment_mwh", (("batch", 0), number)): total(
                "curtailed_mw", [0.5, 0.0]
            ),
            ("curtailment_allotment_mwh", (("cooling", 0), number)): total(
                "curtailed_mw", [0.0, 0.5]
            ),
        }
        for q in ("nox", "co2"):
            wanted["emission_allotment_lb", ((q, 0), number)] = (
                total("output_mw", [0.5 * u.lb_per_mwh.get(q, 0.0) for u in case.units])
                + total("fuel_mmbtu_per_h", [0.5 * u.lb_per_mmbtu.get(q, 0.0) for u in case.units])
                + total("started", [u.lb_per_start.get(q, 0.0) for u in case.units])
            )
        assert {k: v for k, v in used.items() if k[0] in BUDGETS} == pytest.approx(wanted)
        assert not any(v for k, v in used.items() if k[0] not in BUDGETS)


@FEW
@given(case=cases(), data=st.data())
def test_shortfall_is_dear_enough_to_be_the_last_resort(case: Case, data: st.DataObject) -> None:
    """Where a window can do without, it does: lost load with a value comes first."""
    cut = Cut(case)
    kept = cut.one(data.draw(st.integers(0, len(cut.windows) - 1)))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    values = random_point(kept.block, rng)
    missing = np.zeros(kept.block.program.n_columns)
    missing[kept.block.n_own :] = 1.0
    possible = least(replace(kept.block.program.relaxed(), cost=missing), kept.block.link, values)

    found = kept.cutter.cut(values)
    assert found.shortfall >= possible - 1e-6
    if possible <= 1e-9:
        assert (found.need is None) == (found.shortfall <= 1e-7)
