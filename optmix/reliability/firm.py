"""How much power of small units a fleet lacks, whatever small units it has.

A proof for one fleet says little of its many neighbours that have some small units more and others
less, or other modules. Counted together, by their power and by the energy that they store, one
proof holds for all of them: whatever the small units are, together they must give more. With fewer
types to count a proof takes a fraction of the time, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.reliability.lifting import Box
    from optmix.reliability.refusing import Proof

__all__ = ["DEEP_UNITS", "STORED_WORTH_PER_H", "FirmNeed", "given_away_mw"]

MOST_STEPS = 1_000_000
"""Steps of power that no site needs."""

GROWTHS = (1.0, 1.3)
"""Multiples of the energy of a fleet that are looked at."""

NEARLY_ALL = 0.95
"""Proofs hold from this share of the energy of a fleet on, if not from less."""

DEEP_UNITS = 1.6
"""Shortages deeper than so many of the largest units are rare, so power for them hardly matters."""

UNITS_PER_FOLD = 0.37
"""About so many of the largest units divide the loss by e."""

UNIT_WORTH, STORED_WORTH_PER_H = 0.9, 0.1
"""What power of units and stored energy are worth in power of small units, about."""


@dataclass(eq=False)
class FirmNeed:
    """Searches for the power that fleets lack; what it found leads it next time."""

    case: Case
    proof: Proof
    _found: list[Box] = field(default_factory=list, repr=False)

    def boxes(self, box: Box) -> Iterator[Box]:
        """Yield refused boxes with as much power as small units together do not suffice for.

        One for each of several amounts of stored energy, as long as a fleet is refused with so
        much. None if it is not refused so.
        """
        small = self.proof.small
        is_firm = small.beside(box.units)
        types = zip(self.case.units, is_firm, strict=True)
        if not any(unit.n_max and is_small for unit, is_small in types):
            return
        none = tuple(item.n_min for item in self.case.batteries)
        largest_mw = max(mw for mw, n in zip(small.most_mw, box.units, strict=True) if n)
        stored_mwh = float(small.module_mwh @ box.modules)
        least_mwh = min(NEARLY_ALL * stored_mwh, self.deep_mwh(float(largest_mw)))
        together = replace(
            box,
            units=tuple(0 if small else n for n, small in zip(box.units, is_firm, strict=True)),
            modules=none,
            least_modules=none,
            firm_mw=float(small.most_mw @ (np.array(box.units) * np.array(is_firm))),
            is_firm=is_firm,
        )
        for growth in GROWTHS if any(box.modules) else ():
            within = least_mwh, growth * stored_mwh
            found = self._with_most_power(replace(together, stored_mwh=within))
            if found is None:
                return
            yield found

    def beyond_mw(self, box: Box) -> float | None:
        """Return power that fleets need besides the units of a box; None if its own may do.

        Parameters
        ----------
        box
            Units that fleets have at least, energy that they store, and ``firm_mw`` that is to be
            shown to be too little.
        """
        found = self._with_most_power(box)
        return None if found is None else found.firm_mw

    def deep_mwh(self, unit_mw: float) -> float:
        """Return energy that gives power for all but rare shortages beside units of some size."""
        return DEEP_UNITS * unit_mw * self.proof.small.longest_h

    def _with_most_power(self, box: Box) -> Box | None:
        """Return a refused box with about as much power as it is refused with; None without one."""
        most_mw = self.proof.small.most_mw
        built_mw = max((mw for mw, n in zip(most_mw, box.units, strict=True) if n), default=1.0)
        per_fold_mw = UNITS_PER_FOLD * built_mw
        limit = max(self.proof.limit_of(box), np.finfo(float).tiny)
        grid_mw = self.proof.small.grid_mw(box)
        least = math.floor(box.firm_mw / grid_mw) + 1
        low, high = least - 1, MOST_STEPS
        trial = max(least, round(self._expected_mw(box) / grid_mw))
        seen: list[tuple[float, int]] = []
        while high - low > 1:
            more = replace(box, firm_mw=trial * grid_mw)
            loss = max(self.proof.loss(more), np.finfo(float).tiny)
            if self.proof.refuses(more):
                low = trial
            else:
                high = trial
            seen.append((math.log(loss / limit), trial))
            goal = math.floor(
                _zero(sorted(seen, key=lambda each: abs(each[0])), per_fold_mw / grid_mw)
            )
            if goal == low:
                break
            trial = min(max(goal, low + 1), high - 1)
        if low < least:
            return None
        self._found.append(replace(box, firm_mw=low * grid_mw))
        return self._found[-1]

    def _expected_mw(self, box: Box) -> float:
        """Return what the box found most alike leads one to expect."""
        near, expected = math.inf, 0.0
        most_mw = self.proof.small.most_mw
        for other in self._found:
            units_mw = most_mw * (np.array(box.units) - np.array(other.units))
            stored_mwh = _stored(box) - _stored(other)
            away = float(np.abs(units_mw).sum()) + STORED_WORTH_PER_H * abs(stored_mwh)
            if (other.is_firm, other.tells_out) == (box.is_firm, box.tells_out) and away < near:
                near = away
                rise_mw = UNIT_WORTH * float(units_mw.sum()) + STORED_WORTH_PER_H * stored_mwh
                expected = other.firm_mw - rise_mw
        return expected


def given_away_mw(unit: UnitType, most_mw: Floats) -> float:
    """Return about what is given away where a unit counts as power that never fails.

    That is what it lacks by Garver's formula, with a fold of the loss as wide as is usual beside
    units of middle size, and its part in maintenance.
    """
    fold_mw = UNITS_PER_FOLD * float(np.median(most_mw))
    mw, out = float(unit.pmax_mw.max()), unit.forced_outage_frac
    worth_mw = -fold_mw * math.log((1.0 - out) * math.exp(-mw / fold_mw) + out)
    return mw - worth_mw + mw * unit.planned_outage_h / HOURS_PER_YEAR


def _zero(seen: list[tuple[float, int]], per_fold: float) -> float:
    """Return where the logarithm of the loss reaches that of the limit, by the nearest points."""
    value, at = seen[0]
    if len(seen) > 1 and seen[1][0] != value:
        per_fold = max(0.5 * per_fold, (at - seen[1][1]) / (seen[1][0] - value))
    return at + per_fold * value


def _stored(box: Box) -> float:
    return 0.0 if box.stored_mwh is None else box.stored_mwh[1]
