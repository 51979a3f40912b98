"""Integer operation of one window at given sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import highspy
import numpy as np

from optmix.solve.decomposition.tasks import kept_window
from optmix.solve.extract import extract_plan
from optmix.solve.highs_model import apply_options, new_highs, to_highs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.solve.decomposition.block import Block
    from optmix.solve.decomposition.tasks import Kept, PackedRecipe
    from optmix.solve.highs_model import OptionValue
    from optmix.solve.linear_program import LinearProgram

__all__ = ["Care", "Piece", "Pins", "operate"]

ROUNDING: Final = 1e-6
"""A relaxed number of units this near to a whole one is that one."""


@dataclass(frozen=True)
class Care:
    """How carefully the integer operation of a window is sought.

    Attributes
    ----------
    gap
        Relative gap of its cost to stop at.
    reach
        How far units online may lie from their relaxed number, rounded up and down; none for any
        distance. 0 finds a good plan in a fraction of the time that the best one takes.
    rounds_up
        Take the relaxed numbers of units online, rounded up, where that works: a plan at once.
    time_limit_s
        A window that takes longer gives the best operation it has.
    """

    gap: float
    reach: int | None
    time_limit_s: float
    rounds_up: bool = False
    keeps_stocks: bool = False

    def options(self) -> dict[str, OptionValue]:
        """Return the options of HiGHS that say so."""
        return {"threads": 1, "mip_rel_gap": self.gap, "time_limit": self.time_limit_s}


@dataclass(frozen=True, eq=False)
class Pins:
    """What the neighbours of a window have settled in steps that it models too.

    Attributes
    ----------
    is_known
        Which of the window's steps are settled. Shape (steps,).
    values
        By variable. Shape (members, steps).
    """

    is_known: NDArray[np.bool_]
    values: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Piece:
    """The operation of one window.

    Attributes
    ----------
    plan
        Its steps: lead, core and trail.
    relaxed_cost, cost
        Operating cost of the core, energy at borders priced, thousand USD; with units online
        relaxed, and as planned.
    used_of
        What it uses of budgets, by their place in a point.
    """

    plan: Plan
    relaxed_cost: float
    cost: float
    used_of: dict[int, float]


def operate(
    packed: PackedRecipe,
    numbers: list[int],
    point: Floats,
    pins: dict[int, Pins],
    care: Care,
    overdraft_price: Floats,
) -> list[Piece | None]:
    """Return the integer operation of windows; None where sizes and pins leave none.

    Parameters
    ----------
    packed, numbers
        Which windows.
    point
        Linking quantities, integer where they are counts; of budgets what a window may use.
    pins
        What neighbours have settled, by window.
    care
        How carefully to search.
    overdraft_price
        What it costs to use more of a budget, one a linking quantity; 0 where that must not be.
    """
    return [
        _operate(kept_window(packed, number), point, pins.get(number), care, overdraft_price)
        for number in numbers
    ]


def _operate(
    window: Kept, point: Floats, pins: Pins | None, care: Care, overdraft_price: Floats
) -> Piece | None:
    block = window.block
    held = _held(block, point[window.link_place], overdraft_price[window.link_place])
    if care.keeps_stocks:
        held = _with_full_stocks(window.recipe.case, block, held)
    if pins is not None:
        held = _pinned(block, held, pins)
    options = window.recipe.options
    relaxed = _solve(held.relaxed(), care, options)
    if relaxed is None:
        return None
    x = None
    if care.reach is not None:
        x = _solve(_near(block, held, relaxed, care), care, options)
    if x is None:
        x = _solve(held, care, options)
    if x is None:
        return None
    return Piece(
        plan=extract_plan(window.recipe.case, block.layout, x[: block.n_own]),
        relaxed_cost=float(block.program.cost @ relaxed),
        cost=float(block.program.cost @ x),
        used_of=dict(zip(window.link_place.tolist(), block.meter @ x[: block.n_own], strict=True)),
    )


def _held(block: Block, values: Floats, overdraft_price: Floats) -> LinearProgram:
    """Hold the linking quantities, and leave nothing missing."""
    program = block.program
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    is_budget = (block.meter != 0).sum(axis=1) > 0
    is_soft = overdraft_price > 0
    # What is allotted is at least what is used: at a price, more than what was given may be.
    lower[block.link] = np.where(is_budget & ~is_soft, 0.0, np.minimum(values, upper[block.link]))
    upper[block.link] = np.where(is_soft, upper[block.link], values)
    upper[block.n_own :] = 0.0
    cost = program.cost.copy()
    cost[block.link] += overdraft_price
    return replace(program, cost=cost, col_lower=lower, col_upper=upper)


def _with_full_stocks(case: Case, block: Block, program: LinearProgram) -> LinearProgram:
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    n_lead, n_core = len(block.window.lead), len(block.window.core)
    for stock, columns in zip(case.stocks, block.layout.columns["content_mmbtu"], strict=True):
        ends = columns[[n_lead - 1, n_lead + n_core - 1]] if n_lead else columns[:0]
        lower[ends] = upper[ends] = stock.capacity_mmbtu
    return replace(program, col_lower=lower, col_upper=upper)


def _pinned(block: Block, program: LinearProgram, pins: Pins) -> LinearProgram:
    """Hold what neighbours have settled, and leave out the rows that are theirs alone."""
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    for name, values in pins.values.items():
        columns = block.layout.columns[name]
        settled = ~np.isnan(values) & (columns >= 0)
        lower[columns[settled]] = upper[columns[settled]] = values[settled]
    is_ours = np.zeros(program.n_columns, dtype=np.bool_)
    for columns in block.layout.by_step():
        ours = columns[:, ~pins.is_known]
        is_ours[ours[ours >= 0]] = True
    is_kept = abs(program.matrix).sign() @ is_ours.astype(float) > 0
    return replace(
        program,
        col_lower=lower,
        col_upper=upper,
        row_lower=np.where(is_kept, program.row_lower, -np.inf),
        row_upper=np.where(is_kept, program.row_upper, np.inf),
    )


def _near(block: Block, program: LinearProgram, relaxed: Floats, care: Care) -> LinearProgram:
    """Keep units online near their relaxed numbers."""
    columns = block.layout.columns["online"].ravel()
    columns = columns[columns >= 0]
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    least, most = np.floor(relaxed[columns] + ROUNDING), np.ceil(relaxed[columns] - ROUNDING)
    reach = care.reach or 0
    lower[columns] = np.maximum(lower[columns], most if care.rounds_up else least - reach)
    upper[columns] = np.minimum(upper[columns], most + reach)
    return replace(program, col_lower=lower, col_upper=upper)


def _solve(program: LinearProgram, care: Care, options: Mapping[str, OptionValue]) -> Floats | None:
    highs = new_highs()
    apply_options(highs, {**options, **care.options()})
    highs.passModel(to_highs(program))
    highs.run()
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.asarray(highs.getSolution().col_value)
