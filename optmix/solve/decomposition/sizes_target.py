"""The reliability target as the master and the search ask it, about points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.reliability.fleet import Fleet
    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal
    from optmix.reliability.target import SizingTarget
    from optmix.solve.decomposition.master import Master, Point
    from optmix.solve.target_check import TargetCheck

__all__ = ["SizesTarget"]


class SizesTarget:
    """A target that points of a master are held to; the master learns what it refuses.

    Parameters
    ----------
    check
        The target.
    master
        Gets its planes, and asks it about every point of whole sizes.
    """

    def __init__(self, check: TargetCheck, master: Master) -> None:
        self._check, self._master = check, master
        master.conditions.add_planes(check.planes())
        master.refuse = self._refused
        master.guess = self._guessed

    @property
    def sizing(self) -> SizingTarget:
        """The target as it is asked about fleets by name."""
        return self._check.target

    def is_met(self, point: Point) -> bool:
        """Return whether a point of whole sizes and weeks meets the target."""
        case = self._check.case
        weeks = np.zeros((len(case.units), len(case.axis.week_year)), dtype=np.int64)
        for row, week, place in self._weeks():
            weeks[row, week] = round(float(point.values[place]))
        return self._check.is_met(self._fleet(point.values), weeks)

    def is_missed(self, point: Point) -> None:
        """Lead the search away from a fleet that misses the target in its best weeks too."""
        self._check.target.disappointed(self._fleet(point.values))

    def with_best_weeks(self, values: Floats) -> Floats:
        """Return values with maintenance in the weeks that are best for the target."""
        weeks = self._check.target.best_weeks(self._fleet(values))
        values = values.copy()
        for row, week, place in self._weeks():
            values[place] = weeks[row, week]
        return values

    def _refused(self, values: Floats) -> list[Refusal]:
        return self._check.refuse(self._fleet(values))

    def _guessed(self, values: Floats) -> Plane | None:
        return self._check.target.guess(self._fleet(values))

    def _fleet(self, values: Floats) -> Fleet:
        place = self._master.place
        return self._check.fleet(lambda name, index: float(values[place[name, index]]))

    def _weeks(self) -> Iterator[tuple[int, int, int]]:
        """Yield row of the type, week, and place of each number of units in maintenance."""
        row = {unit.name: number for number, unit in enumerate(self._check.case.units)}
        for (name, index), place in self._master.place.items():
            if name == "in_maintenance":
                yield row[index[0]], index[1], place
