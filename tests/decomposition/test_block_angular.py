"""Cuts never claim more than a block costs, and lead to the optimum; a corrupted one is found."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from decomposition.block_angular import (
    cut_value,
    least,
    overshoot,
    rounding,
    solve_by_cuts,
    true_cost,
    whole,
)
from decomposition.block_angular_strategy import problems
from decomposition.reference_cut import reference_cut
from hypothesis import given, settings
from hypothesis import strategies as st

from optmix.solve.decomposition.cuts import Cutter

if TYPE_CHECKING:
    from decomposition.block_angular import Block, Cut, Floats, Ints, MakeCut, Point, Problem

    from optmix.solve.linear_program import LinearProgram

EXAMPLES = settings(max_examples=settings.default.max_examples // 4)


@cache
def cutter(program: LinearProgram, link: tuple[int, ...], n_own: int | None = None) -> Cutter:
    """Return the cutter of a block, which stays warm from point to point."""
    return Cutter(program, np.array(link, dtype=np.int32), n_own)


def cut_of_a_window(program: LinearProgram, link_columns: Ints, values: Floats) -> Cut:
    cut = cutter(program, tuple(link_columns.tolist())).cut(values)
    return cut.intercept + program.offset, cut.slope


each_maker = pytest.mark.parametrize("make_cut", [reference_cut, cut_of_a_window])
"""Every way to make a cut from a program, its linking columns and their values."""


def cuts_of(problem: Problem, make_cut: MakeCut) -> list[tuple[Block, Point, Cut]]:
    return [
        (block, point, make_cut(block.program, block.link_columns, np.array(point, dtype=float)))
        for block in problem.blocks
        for point in problem.points
    ]


@EXAMPLES
@given(problems())
def test_the_best_point_is_the_optimum_of_the_whole(problem: Problem) -> None:
    optimum = least(whole(problem))

    assert problem.optimum == pytest.approx(optimum, abs=rounding(optimum))


@each_maker
@EXAMPLES
@given(problem=problems())
def test_no_cut_lies_above_the_cost_of_its_block(make_cut: MakeCut, problem: Problem) -> None:
    for block, point, cut in cuts_of(problem, make_cut):
        assert overshoot(cut, block, problem.points) == 0.0, point


@each_maker
@EXAMPLES
@given(problem=problems())
def test_a_cut_touches_the_relaxed_cost_at_its_point(make_cut: MakeCut, problem: Problem) -> None:
    for block, point, cut in cuts_of(problem, make_cut):
        cost = true_cost(block.relaxed(), point)
        assert cut_value(cut, point) >= cost - rounding(cost)


@EXAMPLES
@given(problem=problems(), data=st.data())
def test_a_cut_holds_whatever_a_free_quantity_is(problem: Problem, data: st.DataObject) -> None:
    """Where a block is left to choose a linking number, its cut says nothing of that number."""
    block = data.draw(st.sampled_from(problem.blocks))
    is_free = np.array([data.draw(st.booleans()) for _ in problem.most])
    window = cutter(block.program, tuple(block.link_columns.tolist()))
    for point in problem.points:
        found = window.cut(np.where(is_free, np.nan, point))
        cut = found.intercept + block.program.offset, found.slope
        assert overshoot(cut, block, problem.points) == 0.0
        assert not found.slope[is_free].any()


@EXAMPLES
@given(problem=problems(), data=st.data())
def test_what_a_block_needs_cuts_off_points_with_shortfall_only(
    problem: Problem, data: st.DataObject
) -> None:
    block = data.draw(st.sampled_from(problem.blocks))
    window = cutter(block.program, tuple(block.link_columns.tolist()), block.n_own)
    missing = block.missing()
    for point in problem.points:
        least_missing, cost = true_cost(missing, point), true_cost(block.relaxed(), point)
        cut = window.cut(np.array(point, dtype=float))
        need = cut.need
        # Finding the need at the points before has not spoiled the cuts after.
        assert cut.cost + block.program.offset == pytest.approx(cost, abs=rounding(cost))
        if need is None:
            assert least_missing <= rounding(0.0)
        else:
            assert cut_value(need, point) >= least_missing - rounding(least_missing)
            assert overshoot(need, missing, problem.points) == 0.0


@each_maker
@EXAMPLES
@given(problem=problems(with_integers=False))
def test_cuts_lead_to_the_optimum(make_cut: MakeCut, problem: Problem) -> None:
    bound, point = solve_by_cuts(problem, make_cut)

    assert bound == pytest.approx(problem.optimum, abs=total_rounding(problem))
    assert problem.totals[point] == pytest.approx(problem.optimum, abs=total_rounding(problem))


@each_maker
@EXAMPLES
@given(problem=problems())
def test_the_bound_stays_below_the_optimum(make_cut: MakeCut, problem: Problem) -> None:
    """With whole numbers in the blocks, the cuts end at the optimum without them."""
    bound, _ = solve_by_cuts(problem, make_cut)

    assert bound <= problem.optimum + total_rounding(problem)
    assert bound == pytest.approx(problem.relaxed().optimum, abs=total_rounding(problem))


@each_maker
@EXAMPLES
@given(problem=problems(), data=st.data())
def test_a_raised_intercept_is_found(
    make_cut: MakeCut, problem: Problem, data: st.DataObject
) -> None:
    """As soon as it is raised by more than the cut stays below the cost, and not before."""
    block, _, (intercept, slope) = data.draw(st.sampled_from(cuts_of(problem, make_cut)))
    room, most = room_above((intercept, slope), block, problem)
    step = 4.0 * rounding(most)

    assert overshoot((intercept + room + step, slope), block, problem.points) > 0.0
    assert overshoot((intercept + room - step, slope), block, problem.points) == 0.0


@each_maker
@EXAMPLES
@given(problem=problems(), data=st.data())
def test_a_tilted_slope_is_found(make_cut: MakeCut, problem: Problem, data: st.DataObject) -> None:
    """A slope that is off by more than the cut stays below the cost at the far end."""
    block, _, (intercept, slope) = data.draw(st.sampled_from(cuts_of(problem, make_cut)))
    link = data.draw(st.integers(0, len(slope) - 1))
    room, most = room_above((intercept, slope), block, problem)
    at_far_end = [p for p in problem.points if p[link] == problem.most[link]]
    tilted = slope.copy()
    tilted[link] += max(
        true_cost(block, p) - cut_value((intercept, slope), p) + 4.0 * rounding(most)
        for p in at_far_end
    )

    assert room >= -rounding(most)
    assert overshoot((intercept, tilted), block, problem.points) > 0.0


@each_maker
@EXAMPLES
@given(problem=problems(with_integers=False), data=st.data())
def test_corrupted_cuts_of_one_block_spoil_the_bound(
    make_cut: MakeCut, problem: Problem, data: st.DataObject
) -> None:
    """The comparison of the bound with the optimum finds them too."""
    wrong = data.draw(st.sampled_from(problem.blocks)).program
    step = 10.0 * total_rounding(problem)

    def corrupted(program: LinearProgram, link_columns: Ints, values: Floats) -> Cut:
        intercept, slope = make_cut(program, link_columns, values)
        return (intercept + step if program is wrong else intercept), slope

    bound, _ = solve_by_cuts(problem, corrupted)

    assert bound > problem.optimum + total_rounding(problem)


HARD = {
    "whole numbers in blocks cost something": lambda problem: (
        problem.relaxed().optimum < 0.99 * problem.optimum
    ),
    "the optimum is at no corner": lambda problem: all(
        0 < point[0] < problem.most[0]
        for point, total in problem.totals.items()
        if total < problem.optimum + 0.01
    ),
    "cuts are needed at many points": lambda problem: (
        len({int(total) for total in problem.totals.values()}) > 12
    ),
    "several points are best": lambda problem: (
        sum(total < problem.optimum + 1e-6 for total in problem.totals.values()) > 1
    ),
    "blocks cost unlike amounts": lambda problem: (
        max(spread(block, problem) for block in problem.blocks)
        > 1e4 * min(spread(block, problem) for block in problem.blocks)
        > 0
    ),
}


def test_problems_are_not_all_easy() -> None:
    found: Counter[str] = Counter()

    @settings(max_examples=60)
    @given(problems())
    def look(problem: Problem) -> None:
        found.update(what for what, is_so in HARD.items() if is_so(problem))

    look()

    assert found.keys() == HARD.keys()


def spread(block: Block, problem: Problem) -> float:
    """Return how much the cost of a block depends on the linking numbers."""
    costs = [true_cost(block, point) for point in problem.points]
    return max(costs) - min(costs)


def room_above(cut: Cut, block: Block, problem: Problem) -> tuple[float, float]:
    """Return how far a cut stays below the cost where it is nearest, and the largest cost."""
    costs = {point: true_cost(block, point) for point in problem.points}
    room = min(cost - cut_value(cut, point) for point, cost in costs.items())
    return room, max(map(abs, costs.values()))


def total_rounding(problem: Problem) -> float:
    """Return how far the cost of a whole may be off: as much as those of all its blocks."""
    return sum(
        max(rounding(true_cost(block, point)) for point in problem.points)
        for block in problem.blocks
    )
