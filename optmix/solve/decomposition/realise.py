"""From whole sizes to a verified plan: integer windows, and the year they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.solve.decomposition.budgets import Budget, shared_out
from optmix.solve.decomposition.operate import Piece, operate
from optmix.solve.decomposition.year import Year, colours
from optmix.units import USD_PER_KUSD
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Floats
    from optmix.data.plan import Plan
    from optmix.solve.decomposition.operate import Care
    from optmix.solve.decomposition.search import Search, Trial

OVERDRAFT_FACTORS: Final = (2.0, 10.0, 100.0)
"""Multiples of its marginal worth that it costs a window to overdraw its part of a budget."""

LEAST_PRICE: Final = 1e-6
"""Least price of an overdraft, thousand USD per unit."""

BATCH: Final = 8
"""Windows for each worker between two looks at what polishing has brought."""

REPAIRS_PER_WINDOW: Final = 2
"""Repairs that may be tried before the sizes are given up, on average over all windows."""

__all__ = ["Realised", "polish", "realise"]


@dataclass(frozen=True, eq=False)
class Realised:
    """A verified plan, thousand USD a year, and the windows it was made of."""

    plan: Plan
    cost: float
    builder: _Builder

    @property
    def pieces(self) -> dict[int, Piece]:
        """Operation by window."""
        return self.builder.pieces


def realise(search: Search, trial: Trial, budgets: list[Budget], care: Care) -> Realised | None:
    """Operate all windows in integers at a point, and return the plan if it stands.

    Budgets that are short may be overdrawn at a price that rises until together they are kept.
    Fuel stocks are kept full between windows, if that leaves a way.

    None if some window cannot be operated so, or the verifier finds a fault.
    """
    linked = [b for b in budgets if not np.isnan(trial.point.values[b.places]).any()]
    for factor in OVERDRAFT_FACTORS if linked else (0.0,):
        price = np.zeros(len(trial.slope))
        for budget in linked:
            worth = -trial.slope[budget.places]
            price[budget.places] = factor * np.maximum(worth, max(float(worth.mean()), LEAST_PRICE))
        for keeps_stocks in (True, False) if search.case.stocks else (False,):
            careful = replace(care, keeps_stocks=keeps_stocks)
            found = _realise_once(search, trial, budgets, careful, price)
            if found is not None:
                return found
    return None


def _realise_once(
    search: Search, trial: Trial, budgets: list[Budget], care: Care, overdraft_price: Floats
) -> Realised | None:
    year = _Builder(search, trial, budgets, care, overdraft_price)
    for colour in colours(search.windows):
        for number in year.operate(colour):
            if not year.repair(number):
                return None
    return _verified(year)


def _verified(builder: _Builder) -> Realised | None:
    plan = builder.year.plan()
    verification = verify_plan(builder.search.case, plan)
    if verification.findings:
        return None
    return Realised(plan, verification.objective_usd / USD_PER_KUSD, builder)


def polish(realised: Realised, care: Care, is_enough: Callable[[float], bool]) -> Realised:
    """Operate windows more carefully between their neighbours, those far from relaxed first.

    Parameters
    ----------
    realised
        A plan; its windows are changed.
    care
        How carefully.
    is_enough
        Asked with a cost: whether no more need be done.
    """
    builder, best = realised.builder, realised
    builder.care = care
    excess = {k: piece.cost - piece.relaxed_cost for k, piece in builder.pieces.items()}
    for colour in colours(builder.search.windows):
        order = sorted(colour, key=lambda number: -excess[number])
        size = BATCH * builder.search.workers.n_lanes
        for first in range(0, len(order), size):
            builder.improve(order[first : first + size])
            found = _verified(builder)
            if found is None:
                return best
            best = found if found.cost < best.cost else best
            if is_enough(best.cost):
                return best
    return best


class _Builder:
    """Operates windows one after the other until they make a year."""

    def __init__(
        self,
        search: Search,
        trial: Trial,
        budgets: list[Budget],
        care: Care,
        overdraft_price: Floats,
    ) -> None:
        self.search, self.trial, self.budgets, self.care = search, trial, budgets, care
        self.overdraft_price = overdraft_price
        self.year = Year(search.case, search.windows)
        self.pieces: dict[int, Piece] = {}
        self.repairs_left = REPAIRS_PER_WINDOW * len(search.windows)

    def operate(self, numbers: list[int]) -> list[int]:
        """Operate windows that do not touch, and return those that could not be."""
        pins = {n: pin for n in numbers if (pin := self.year.pins(n)) is not None}
        search = self.search
        found = search.workers.run(
            operate,
            search.packed,
            numbers,
            self._values(),
            pins,
            self.care,
            self.overdraft_price,
        )
        for number, piece in zip(numbers, found, strict=True):
            if piece is not None:
                self.pieces[number] = piece
                self.year.settle(number, piece)
        return [number for number, piece in zip(numbers, found, strict=True) if piece is None]

    def improve(self, numbers: list[int]) -> None:
        """Operate settled windows that do not touch anew, and keep what is better."""
        old = {number: self.pieces.pop(number) for number in numbers}
        for number in numbers:
            self.year.unsettle(number)
        self.operate(numbers)
        for number, piece in old.items():
            if number not in self.pieces or self.pieces[number].cost > piece.cost:
                self.pieces[number] = piece
                self.year.settle(number, piece)

    def repair(self, number: int) -> bool:
        """Operate a window whose neighbours leave it no way, and these anew; say whether it worked.

        First the neighbour after it must give way, for what is in store at the border is most often
        the cause; then the one before it; then both.
        """
        before, after = self.year.neighbours(number)
        for yielding in dict.fromkeys([(after,), (before,), (before, after)]):
            if self.repairs_left <= 0:
                return False
            self.repairs_left -= 1
            freed = [k for k in dict.fromkeys(yielding) if k in self.pieces and k != number]
            kept = {k: self.pieces.pop(k) for k in freed}
            for k in freed:
                self.year.unsettle(k)
            if not self.operate([number]):
                return all(not self.operate([k]) or self.repair(k) for k in freed)
            for k, piece in kept.items():
                self.pieces[k] = piece
                self.year.settle(k, piece)
        return False

    def _values(self) -> Floats:
        """Return the point, with what is left of each budget shared out among open windows."""
        used, is_done = self.trial.used.copy(), np.zeros(len(self.trial.used))
        for budget in self.budgets:
            for place, number in zip(budget.places.tolist(), budget.windows.tolist(), strict=True):
                if number in self.pieces:
                    used[place], is_done[place] = self.pieces[number].used_of[place], 1.0
        return shared_out(self.budgets, self.trial.point, used, is_done)
