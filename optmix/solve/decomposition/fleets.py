"""Other fleets: branch and bound over the sizes, each leaf one fleet with its integer operation.

Relaxed operation ranks fleets nearly right, not quite. So fleets are visited from the lowest bound
up; what is left around a visited fleet is split into boxes that do not contain it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.linking import COUNTS, SIZES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optmix.data.arrays import Floats
    from optmix.solve.decomposition.master import Point
    from optmix.solve.decomposition.search import Search, Trial

__all__ = ["TELLING", "Fleets"]

TELLING: Final = ("n_units", "n_modules", "has_tie")
"""Sizes that tell fleets apart. Whether any unit of a type is there follows from how many there
are; where there is none, saying that the type is there only asks and costs more."""

SAME_KUSD: Final = 1e-6
"""Bounds nearer than this are equal."""


@dataclass(order=True)
class _Box:
    """Sizes between limits, and what a plan with such sizes costs at least."""

    bound: float
    count: int
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)


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
        self._open = [_Box(-np.inf, 0, lower[self._is_telling], upper[self._is_telling])]
        self._made = 1
        self._least_leaf = np.inf

    @property
    def bound(self) -> float:
        """No plan costs less, whatever its fleet."""
        return min(self._least_leaf, self._open[0].bound if self._open else np.inf)

    def close(self, bound: float) -> None:
        """Take note of what plans with the fleet visited last cost at least."""
        self._least_leaf = min(self._least_leaf, bound)

    def below(self, cost: Callable[[], float]) -> Iterator[Trial]:
        """Yield fleets whose bound lies below a cost, which may change, the lowest first."""
        while self._open and self._open[0].bound < cost():
            box = heapq.heappop(self._open)
            found = self._best_in(box)
            if found is None:
                continue
            bound, fleet = found
            if self._open and bound > self._open[0].bound + SAME_KUSD:
                heapq.heappush(self._open, _Box(bound, box.count, box.lower, box.upper))
                continue
            self._split(box, bound, fleet.values[self._is_telling])
            yield self._search.settle(fleet, self._is_size, self._gap)

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
                    heapq.heappush(self._open, _Box(bound, self._made, part_lower, part_upper))
                    self._made += 1
            lower[size] = upper[size] = value
