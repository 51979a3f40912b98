"""Carry a proof that a fleet misses a target to larger fleets, as far as it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.reliability.fleet import Fleet

__all__ = ["Box", "lifted"]

MOST_TRIES = 4
"""Proofs tried along one axis."""

LEAST_SHARE = 1 / 16
"""Share of the withdrawal on offer that is the least worth raising a box by."""


@dataclass(frozen=True)
class Box:
    """A fleet by the order of its site, and all smaller ones with modules enough.

    Attributes
    ----------
    units, modules, withdrawal_mw
        The largest fleet.
    least_modules
        The fewest modules: fewer may lose fewer hours, see :mod:`optmix.reliability.policy`.
    firm_mw, is_firm
        Most capacity of some types together, whatever their counts, and which types these are; see
        :mod:`optmix.reliability.firm`. Their counts among the units are 0.
    stored_mwh
        Least and most energy that modules store, of whatever products; the counts of modules are
        then 0. None where they are counted.
    tells_out
        Whether such units in repair and in maintenance are told, as far as their power tells them.
    """

    units: tuple[int, ...]
    modules: tuple[int, ...]
    withdrawal_mw: float
    least_modules: tuple[int, ...]
    firm_mw: float = 0.0
    is_firm: tuple[bool, ...] = ()
    stored_mwh: tuple[float, float] | None = None
    tells_out: bool = False

    @classmethod
    def of(cls, fleet: Fleet, case: Case) -> Box:
        """Return the box of fleets with the modules of one, and no more units."""
        modules = tuple(int(fleet.modules.get(item.name, 0)) for item in case.batteries)
        return cls(
            tuple(int(fleet.units.get(unit.name, 0)) for unit in case.units),
            modules,
            float(fleet.withdrawal_mw),
            modules,
        )

    @classmethod
    def largest(cls, case: Case) -> Box:
        """Return the box of all fleets on offer."""
        return cls(
            tuple(unit.n_max for unit in case.units),
            tuple(item.n_max for item in case.batteries),
            0.0 if case.grid is None else case.grid.withdrawal_max_mw,
            tuple(item.n_min for item in case.batteries),
        )

    def __le__(self, other: Box) -> bool:
        """Whether all fleets of this box are in another, with no firm capacity in either."""
        mine = (*self.units, *self.modules, *other.least_modules)
        others = (*other.units, *other.modules, *self.least_modules)
        return self.withdrawal_mw <= other.withdrawal_mw and all(
            a <= b for a, b in zip(mine, others, strict=True)
        )

    def __getitem__(self, axis: int) -> int:
        """Return the count on an axis: types, then products."""
        return (*self.units, *self.modules)[axis]

    def with_count(self, axis: int, count: int) -> Box:
        """Return the box with another count on an axis."""
        counts = [*self.units, *self.modules]
        counts[axis] = count
        n = len(self.units)
        return replace(self, units=tuple(counts[:n]), modules=tuple(counts[n:]))


class Test(Protocol):
    """Whether boxes are proven to miss the target, and whether that is worth a try."""

    def proves(self, box: Box) -> bool:
        """Return whether a box is proven to miss the target; a guess may learn from it."""

    def is_likely(self, box: Box) -> bool:
        """Return a guess of it that takes little time."""


def lifted(box: Box, case: Case, test: Test, most: int) -> Iterator[Box]:
    """Yield larger boxes that are refused, each raised first along another axis.

    Parameters
    ----------
    box
        A box that is refused.
    case
        The site.
    test
        Whether a box is refused.
    most
        Most boxes to yield.
    """
    top = Box.largest(case)
    top = replace(top, withdrawal_mw=max(top.withdrawal_mw, box.withdrawal_mw))
    n_axes = len(top.units) + len(top.modules)
    built = [axis for axis in range(n_axes) if box[axis] > 0]
    order = built + [axis for axis in range(n_axes) if box[axis] == 0]
    base = _with_withdrawal(box, top, test)
    seen: list[Box] = []
    for first in order:
        if len(seen) >= most:
            return
        found = base
        for axis in [first, *(other for other in order if other != first)]:
            found = _raised(found, top, axis, test)
        if found not in seen:
            seen.append(found)
            yield found


def _raised(box: Box, top: Box, axis: int, test: Test) -> Box:
    """Return the box raised along one axis as far as is likely, after some tries."""
    best, beyond = box[axis], max(top[axis], box[axis]) + 1
    for _ in range(MOST_TRIES):
        goal = _likely(box, axis, best, beyond, test)
        if goal == best:
            break
        if test.proves(box.with_count(axis, goal)):
            best = goal
        else:
            beyond = goal
    return box.with_count(axis, best)


def _likely(box: Box, axis: int, best: int, beyond: int, test: Test) -> int:
    """Return the largest count below ``beyond`` that is likely to be refused, or ``best``."""
    while beyond - best > 1:
        middle = (best + beyond) // 2
        if test.is_likely(box.with_count(axis, middle)):
            best = middle
        else:
            beyond = middle
    return best


def _with_withdrawal(box: Box, top: Box, test: Test) -> Box:
    """Return the box with as much withdrawal as is still refused, after a few halvings."""
    share = 1.0
    while share >= LEAST_SHARE:
        more_mw = share * (top.withdrawal_mw - box.withdrawal_mw)
        more = replace(box, withdrawal_mw=box.withdrawal_mw + more_mw)
        if more == box or test.proves(more):
            return more
        share /= 2.0
    return box
