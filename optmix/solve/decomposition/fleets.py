"""Other fleets: branch and bound over the sizes, each leaf one fleet with its integer operation.

Relaxed operation ranks fleets nearly right, not quite. So fleets are visited from the lowest bound
up; what is left around a visited fleet is split into boxes that do not contain it. A fleet that was
visited waits among the boxes, with its own bound, until it is the lowest again.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.linking import COUNTS, SIZES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optmix.data.arrays import Floats
    from optmix.solve.decomposition.master import Point
    from optmix.solve.decomposition.search import Search, Trial

__all__ = ["TELLING", "Fleets", "Leaf"]

TELLING: Final = ("n_units", "n_modules", "has_tie")
"""Sizes that tell fleets apart. Whether any unit of a type is there follows from how many there
are; where there is none, saying that the type is there only asks and costs more."""

SAME_KUSD: Final = 1e-6
"""Bounds nearer than this are equal."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """One fleet, and what a plan with its sizes costs at least.

    Attributes
    ----------
    trial
        Its sizes, and the best of all else with relaxed operation.
    bound
        Thousand USD a year.
    looks
        How often it was looked at.
    """

    trial: Trial
    bound: float
    looks: int = 0


@dataclass(frozen=True, eq=False)
class _Box:
    """Sizes between limits, and what a plan with such sizes costs at least."""

    bound: float
    lower: Floats
    upper: Floats


class Fleets:
    """The fleets of a case in the order of their bounds.

    Parameters
    ----------
    search
        Master and windows.
    gap
        How exactly a fleet is evaluated.
    """

    def __init__(self, search: Search, gap: float) -> None:
        self._search, self._gap = search, gap
        self._is_size = search.master.named(*SIZES)
        self._is_telling = search.master.named(*TELLING)
        lower, upper = search.master.limits()
        self._open: list[tuple[float, int, _Box | Leaf]] = []
        self._made = 0
        self._push(_Box(-np.inf, lower[self._is_telling], upper[self._is_telling]))
        self._least_leaf = np.inf

    @property
    def bound(self) -> float:
        """No plan costs less, whatever its fleet."""
        return min(self._least_leaf, self._lowest)

    @property
    def _lowest(self) -> float:
        return self._open[0][0] if self._open else np.inf

    def _push(self, item: _Box | Leaf) -> None:
        heapq.heappush(self._open, (item.bound, self._made, item))
        self._made += 1

    def keep(self, leaf: Leaf) -> None:
        """Let a fleet be looked at again once no other has a lower bound."""
        self._push(leaf)

    def close(self, bound: float) -> None:
        """Take note of what plans with a fleet cost at least that is not looked at again."""
        self._least_leaf = min(self._least_leaf, bound)

    def below(self, cost: Callable[[], float]) -> Iterator[Leaf]:
        """Yield fleets whose bound lies below a cost, which may change, the lowest first."""
        while self._lowest < cost():
            _, _, item = heapq.heappop(self._open)
            if isinstance(item, Leaf):
                yield item
                continue
            found = self._best_in(item)
            if found is None:
                continue
            bound, fleet = found
            if bound > self._lowest + SAME_KUSD:
                self._push(_Box(bound, item.lower, item.upper))
                continue
            self._split(item, bound, fleet.values[self._is_telling])
            trial = self._search.settle(fleet, self._is_size, self._gap)
            yield Leaf(trial, max(bound, trial.bound))

    def _best_in(self, box: _Box) -> tuple[float, Point] | None:
        """Return bound and fleet of a box, None where it holds no plan."""
        master = self._search.master
        lower, upper = master.limits()
        lower[self._is_telling], upper[self._is_telling] = box.lower, box.upper
        master.hold_between(lower, upper, self._is_telling)
        master.set_integer(*COUNTS)
        try:
            bound, point = master.solve(0.5 * self._gap)
        except InfeasibleError:
            return None
        finally:
            master.release()
            master.set_integer()
        return max(bound, box.bound), master.rounded(point.values, self._is_size)

    def _split(self, box: _Box, bound: float, fleet: Floats) -> None:
        """Cover a box but for one fleet with boxes that do not overlap."""
        lower, upper = box.lower.copy(), box.upper.copy()
        for size, value in enumerate(fleet):
            for less, most in ((lower[size], value - 1), (value + 1, upper[size])):
                if less <= most:
                    part_lower, part_upper = lower.copy(), upper.copy()
                    part_lower[size], part_upper[size] = less, most
                    self._push(_Box(bound, part_lower, part_upper))
            lower[size] = upper[size] = value
