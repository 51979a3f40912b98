"""Years of a few steps, cut into windows, and plans of the whole as each window sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from model.cases import changed, make_axis, make_case, make_unit
from model.everything import everything
from model.programs import EXACT
from model.transforms import with_steps

from optmix.model.assemble import build_model
from optmix.solve.decomposition.linking import BUDGETS, common_columns
from optmix.solve.decomposition.master import Master
from optmix.solve.decomposition.prices import guess_prices
from optmix.solve.decomposition.tasks import Recipe, kept_window, pack
from optmix.solve.decomposition.windows import cut_windows
from optmix.solve.extract import extract_plan
from optmix.solve.handoff import hand_off
from optmix.solve.highs import solve_highs
from optmix.solve.layout import Layout
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.model.concept import Window
    from optmix.solve.decomposition.block import Block
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.decomposition.prices import Prices
    from optmix.solve.decomposition.tasks import Kept, PackedRecipe
    from optmix.solve.handoff import Handoff
    from optmix.solve.linear_program import LinearProgram

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "Cut",
    "Here",
    "Whole",
    "featured",
    "least",
    "of_days",
    "random_point",
    "slack_of",
]

SUMS_KUSD = 1e-4
TOLERANCE = 1e-6
"""Feasibility tolerance of HiGHS, as a share of a cost."""


def featured() -> Case:
    """Return the case `everything` twice over, as one year of three days and two months."""
    short = everything()
    axis = make_axis(
        (12,),
        step_h=0.5,
        month=[0] * 4 + [1] * 8,
        week=[0] * 8 + [1] * 4,
        day=[0] * 4 + [1] * 4 + [2] * 4,
    )
    long = with_steps(short, np.tile(np.arange(6), 2))
    tie = replace(long.grid, coincident_weight=np.full(12, 1 / 12))
    tiers = tuple(replace(tier, budget_mwh=tier.budget_mwh[:1]) for tier in long.tiers)
    return changed(long, axis=axis, grid=tie, tiers=tiers, is_blackout_week=np.zeros(2, bool))


def of_days(n_days: int, steps: int = 4, **parts: Any) -> Case:
    """Return one engine type and a demand that moves, over days of a few steps each."""
    days = np.repeat(np.arange(n_days), steps)
    axis = make_axis((n_days * steps,), day=days, **parts.pop("labels", {}))
    demand = parts.pop("demand_mw", [4.0 + 3.0 * ((3 * t) % 4) for t in range(axis.n_steps)])
    units = parts.pop("units", [{}])
    made = tuple(make_unit(axis, **{"name": f"engine {k}"} | unit) for k, unit in enumerate(units))
    return make_case(axis, demand_mw=demand, units=made, **parts)


@dataclass(eq=False)
class Cut:
    """A case cut into windows of a day, and all that is made of it."""

    case: Case
    days: int = 1
    prices: Prices | None = None

    @cached_property
    def windows(self) -> list[Window]:
        return cut_windows(self.case, self.days)

    def one(self, number: int) -> Kept:
        """Return one window as a worker keeps it."""
        return kept_window(self.packed, number)

    @cached_property
    def kept(self) -> list[Kept]:
        """The windows as a worker keeps them."""
        return [self.one(k) for k in range(len(self.windows))]

    @property
    def blocks(self) -> list[Block]:
        return [kept.block for kept in self.kept]

    @cached_property
    def master(self) -> Master:
        return Master(self.case, self.windows)

    @cached_property
    def packed(self) -> PackedRecipe:
        prices = self.prices or guess_prices(self.case)
        return pack(Recipe(self.case, self.windows, self.master.keys, prices))


@dataclass(eq=False)
class Whole:
    """The optimum of all steps at once, relaxed or not."""

    case: Case
    relaxed: bool = False

    @cached_property
    def handoff(self) -> Handoff:
        return hand_off(build_model(self.case))

    @cached_property
    def layout(self) -> Layout:
        return Layout.of(self.handoff)

    @cached_property
    def x(self) -> Floats:
        program = self.handoff.program
        outcome = solve_highs(program.relaxed() if self.relaxed else program, EXACT, isolated=False)
        assert outcome.status is Status.OPTIMAL, outcome.reason
        assert outcome.values is not None
        return np.asarray(outcome.values)

    @cached_property
    def cost(self) -> float:
        program = self.handoff.program
        return float(program.cost @ self.x) + program.offset

    @cached_property
    def plan(self) -> Plan:
        return extract_plan(self.case, self.layout, self.x)

    @cached_property
    def by_name(self) -> dict[str, float]:
        return dict(zip((v.name for v in self.handoff.columns), self.x.tolist(), strict=True))

    def in_window(self, window: Window, block: Block) -> Floats:
        """Return the columns of a window at this optimum, with no shortfall.

        Each window is allotted of every budget what it uses.
        """
        names = [v.name for v in hand_off(build_model(self.case, window)).columns]
        own = np.array([self.by_name.get(name, 0.0) for name in names])
        used = block.meter @ own
        for (name, _), column, amount in zip(block.keys, block.link, used, strict=True):
            if name in BUDGETS:
                own[column] = amount
        return np.concatenate([own, np.zeros(block.program.n_columns - block.n_own)])

    def point(self, master: Master) -> Floats:
        """Return the linking quantities at this optimum; budgets are left to the windows."""
        values = np.where(master.is_linked, 0.0, np.nan)
        for key, column in common_columns(self.handoff).items():
            if key in master.place:
                values[master.place[key]] = self.x[column]
        return values


class Here:
    """Does the work of windows in this process, at once."""

    def run(self, task: Any, recipe: object, numbers: Iterable[int], *args: Any) -> list[Any]:
        return list(task(recipe, list(numbers), *args))


def least(program: LinearProgram, link: Any = (), values: Floats | None = None) -> float:
    """Return the optimum of a program, solved from scratch, with some columns fixed."""
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    if values is not None:
        known = ~np.isnan(values)
        columns = np.asarray(link)[known]
        lower[columns] = upper[columns] = values[known]
    held = replace(program, col_lower=lower, col_upper=upper)
    outcome = solve_highs(held, EXACT, isolated=False)
    assert outcome.status is Status.OPTIMAL, outcome.reason
    assert outcome.objective is not None
    return float(outcome.objective)


def random_point(block: Block, rng: np.random.Generator, *, whole: bool = False) -> Floats:
    """Return linking quantities within their bounds, no more units out than there are."""
    program = block.program
    lower, upper = program.col_lower[block.link], program.col_upper[block.link]
    # Corners count more than what lies between them.
    share = np.clip(rng.uniform(-0.5, 1.5, len(lower)), 0.0, 1.0)
    values = lower + share * (upper - lower)
    if whole:
        values = np.where(program.is_integer[block.link], np.round(values), values)
    place: dict[Key, int] = {key: k for k, key in enumerate(block.keys)}
    for (name, index), k in place.items():
        if name == "in_maintenance":
            values[k] = min(values[k], values[place["n_units", index[0]]])
    return np.asarray(values)


def slack_of(cost: float) -> float:
    """Return how far a cost of a solve may be off; cuts give away what their sums may be off by."""
    return SUMS_KUSD + TOLERANCE * abs(cost)
