"""Mixes held to a reliability target: branch and bound over sizes, with proofs for whole boxes.

A box is a range of counts and of stored energy. Its fleets have at least the units of its lower
corner, and whatever they have beyond gives no more than power that never fails. So one proof for
the corner asks all of them for some power in total. The lowest box is looked at first: it learns
from the windows, and is split so that a corner comes nearer to its best fleet.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.reliability.firm import STORED_WORTH_PER_H
from optmix.reliability.small import SMALL
from optmix.solve.decomposition.search import MASTER_GAP
from optmix.solve.target_check import fixed_usd

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Floats
    from optmix.reliability.target import SizingTarget
    from optmix.solve.decomposition.master import Point
    from optmix.solve.decomposition.search import Search

__all__ = ["Mixes"]

LEARNT: Final = 3e-4
"""A box learns from the windows again while its bound rises by more than this share."""

LITTLE_MW: Final = 0.6
"""Power that is not worth another proof."""

SHARE_GIVEN_AWAY: Final = 0.3
"""Share of what a box lacks still that its corner may give away."""

PART_GIVEN_AWAY: Final = 0.5
"""Part of that which a new corner may give away again."""

NEAR: Final = (0.85, 1.05)
"""Shares of the energy of a mix between which its box is parted from others."""


@dataclass(order=True, frozen=True)
class _Box:
    """Counts and stored energy between limits, power in total at least so much.

    That power comes from no proof yet, from one for the corner, or from one that tells small units
    in repair and in maintenance as well.
    """

    bound: float
    number: int
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)
    stored_mwh: tuple[float, float] = field(compare=False)
    least_mw: float = field(default=0.0, compare=False)
    proofs: int = field(default=0, compare=False)


@dataclass(frozen=True, eq=False)
class _Best:
    """The best mix in a box: counts of units, what it stores, and what more power would cost."""

    bound: float
    point: Point
    counts: Floats
    stored_mwh: float
    price: float


class Mixes:
    """The boxes of a case in the order of their bounds.

    Parameters
    ----------
    search
        Master, windows and target.
    target
        What its fleets are held to.
    """

    def __init__(self, search: Search, target: SizingTarget) -> None:
        self._search, self._target = search, target
        master, self._conditions = search.master, search.master.conditions
        units, modules = target.unit_mw, target.module_mwh
        self._unit_mw, self._module_mwh = np.array([*units.values()]), np.array([*modules.values()])
        self._is_small = self._unit_mw < SMALL * self._unit_mw.max()
        self._given_away_mw = np.array([*target.given_away_mw.values()])
        fixed_kusd = np.array([*fixed_usd(search.case.units).values()]) / 1e3
        self._usual_price = float(np.median(fixed_kusd / self._unit_mw))
        self._units = np.array([master.place["n_units", name] for name in units])
        self._modules = np.array([master.place["n_modules", name] for name in modules], dtype=int)
        self._is_unit = np.isin(np.arange(len(master.keys)), self._units)
        self._power = self._conditions.add_sum({("n_units", n): mw for n, mw in units.items()})
        self._stored = self._conditions.add_sum({("n_modules", n): e for n, e in modules.items()})
        lower, upper = master.limits()
        most_mwh = float(self._module_mwh @ upper[self._modules])
        self._open = [_Box(-np.inf, 0, lower[self._units], upper[self._units], (0.0, most_mwh))]
        self._made = 1

    @property
    def bound(self) -> float:
        """No plan within the target costs less."""
        return self._open[0].bound if self._open else np.inf

    def raise_bound(self, enough: Callable[[], float]) -> None:
        """Look at the lowest box again and again, until it is above what is enough.

        Ends before that where the lowest box cannot be parted in a way that helps.
        """
        while self.bound < enough():
            box = heapq.heappop(self._open)
            best = self._best_in(box)
            if best is None:
                continue
            box = replace(box, bound=max(best.bound, box.bound))
            parts = [box] if box.bound > self.bound else self._closer(box, best, enough())
            for part in parts or [box]:
                self._push(part)
            self._search.standing.raise_bound(min(self.bound, enough()), relaxed=False)
            if not parts:
                break

    def _push(self, box: _Box) -> None:
        heapq.heappush(self._open, replace(box, number=self._made))
        self._made += 1

    def _best_in(self, box: _Box) -> _Best | None:
        """Return the best mix in a box, None where it holds no plan."""
        master = self._search.master
        lower, upper = master.limits()
        lower[self._units], upper[self._units] = box.lower, box.upper
        master.hold_between(lower, upper, self._is_unit)
        self._conditions.hold_sum(self._power, box.least_mw, np.inf)
        self._conditions.hold_sum(self._stored, *box.stored_mwh)
        try:
            bound, point = master.solve(MASTER_GAP)
            price = self._conditions.price_of_sum(self._power)
        except InfeasibleError:
            return None
        finally:
            master.release()
            for row in (self._power, self._stored):
                self._conditions.hold_sum(row, -np.inf, np.inf)
        counts = point.values[self._units]
        stored_mwh = float(self._module_mwh @ point.values[self._modules])
        return _Best(bound, point, counts, stored_mwh, price)

    def _closer(self, box: _Box, best: _Best, enough: float) -> list[_Box]:
        """Return what a look at the best mix of the lowest box makes of it; none if nothing."""
        if not box.proofs:
            return [self._proven(box, best)]
        price = max(best.price, self._usual_price)
        little_mw = max(LITTLE_MW, SHARE_GIVEN_AWAY * (enough - box.bound) / price)
        return self._parts(box, best, little_mw) or self._learnt(box, best)

    def _learnt(self, box: _Box, best: _Best) -> list[_Box]:
        """Return a box, or parts of it, once windows have told of its best mix."""
        self._search.evaluate(best.point)
        learnt = self._best_in(box)
        if learnt is None:
            return [replace(box, bound=np.inf)]
        if learnt.bound > box.bound + LEARNT * abs(box.bound):
            return [replace(box, bound=learnt.bound)]
        return self._parts(box, learnt, LITTLE_MW) or self._last_parts(box, learnt)

    def _last_parts(self, box: _Box, best: _Best) -> list[_Box]:
        """Return parts with one number of each large unit, then a closer proof for small ones."""
        is_wide = box.lower < box.upper
        large = np.flatnonzero(is_wide & ~self._is_small)
        if large.size:
            return self._at_count(box, int(large[0]), float(box.lower[large[0]]) + 1)
        is_last = box.proofs > 1 or not (is_wide & self._is_small).any()
        return [] if is_last else [self._proven(box, best)]

    def _proven(self, box: _Box, best: _Best) -> _Box:
        """Return a box with the power that is proven to be needed, if it is more than it asks."""
        goal_mw = max(float(self._unit_mw @ best.counts), box.least_mw)
        counts = dict(zip(self._target.unit_mw, box.lower.astype(int).tolist(), strict=True))
        small = tuple(self._is_small.tolist()) if box.proofs else None
        found_mw = self._target.least_power_mw(counts, box.stored_mwh, goal_mw, small)
        return replace(box, least_mw=max(found_mw, box.least_mw), proofs=box.proofs + 1)

    def _parts(self, box: _Box, best: _Best, little_mw: float) -> list[_Box]:
        """Return two parts of a box, one with a corner near to a mix; none if it gives little."""
        least, most = box.stored_mwh
        at_least, at_most = (share * best.stored_mwh for share in NEAR)
        beyond_mw = self._given_away_mw * (best.counts - box.lower) * ~self._is_small
        k = int(np.argmax(beyond_mw))
        if STORED_WORTH_PER_H * (most - at_most) > max(little_mw, beyond_mw[k]):
            at_most += PART_GIVEN_AWAY * little_mw / STORED_WORTH_PER_H
            return self._at_energy(box, min(at_most, (at_most + most) / 2))
        if least < NEAR[0] * min(at_least, self._target.deep_mwh):
            return self._at_energy(box, min(at_least, self._target.deep_mwh))
        if beyond_mw[k] <= little_mw or box.lower[k] == box.upper[k]:
            return []
        room = np.floor(PART_GIVEN_AWAY * little_mw / self._given_away_mw[k])
        first = min(max(box.lower[k] + 1, np.floor(best.counts[k]) - room), box.upper[k])
        return self._at_count(box, k, float(first))

    def _at_count(self, box: _Box, k: int, first: float) -> list[_Box]:
        upper, lower = box.upper.copy(), box.lower.copy()
        upper[k], lower[k] = first - 1, first
        box = replace(box, proofs=0)
        return [replace(box, upper=upper), replace(box, lower=lower)]

    def _at_energy(self, box: _Box, mwh: float) -> list[_Box]:
        least, most = box.stored_mwh
        box = replace(box, proofs=0)
        return [replace(box, stored_mwh=(least, mwh)), replace(box, stored_mwh=(mwh, most))]
