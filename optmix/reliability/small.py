"""Small units counted together, and modules counted by the energy that they store.

Small units are told by their power alone: what all of them give at most if none is out. As many
lumps of the smallest of them as there are at least units may still be out, in repair or in planned
maintenance, because every unit that is out takes at least one such lump with it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.components import Storage, UnitClass
from optmix.reliability.weeks import States

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.reliability.lifting import Box
    from optmix.reliability.system import System
    from optmix.reliability.weeks import Calendar

__all__ = ["LUMPS", "Small"]

SMALL = 0.4
"""Units below this share of the largest one built are small."""

FIRM, LUMPS, POOL = "firm", "lumps", "pool"
"""Names of the classes that small units and modules are counted as."""

WHOLE = 1e-9

EXACT_LUMPS = 4
"""Small units out are told apart up to so many of the smallest, more of them roughly."""

GROWTH = 1.5
"""Ratio of the powers out that are told apart beyond that."""

STEPS_PER_LUMP = 2
"""Power of small units is told in steps of this part of the smallest."""

MOST_SUMS = 100_000


class Small:
    """What units of a site give as power, and modules as stored energy.

    Parameters
    ----------
    case
        The site.
    calendar
        Its weeks of maintenance.

    Attributes
    ----------
    most_mw
        Most output of one unit of each type. Shape (G,).
    module_mwh
        Energy of one module of each product. Shape (S,).
    shortest_h, longest_h
        Hours at full power of the products on offer.
    """

    def __init__(self, case: Case, calendar: Calendar) -> None:
        self._case, self._calendar = case, calendar
        self._capacity_mw = np.array([unit.pmax_mw for unit in case.units])
        self.most_mw: Floats = self._capacity_mw.max(axis=1)
        self.module_mwh: Floats = np.array(
            [item.usable_mwh * (item.soc_max_frac - item.soc_min_frac) for item in case.batteries]
        )
        module_mw = np.array([item.module_mw for item in case.batteries])
        durations_h = self.module_mwh / np.maximum(module_mw, np.finfo(float).tiny)
        self.shortest_h = float(durations_h.min(initial=math.inf))
        self.longest_h = float(durations_h.max(initial=0.0))
        self._offered = np.array([unit.n_max > 0 for unit in case.units])

    def beside(self, units: tuple[int, ...]) -> tuple[bool, ...]:
        """Return which types are small beside the largest one built."""
        built_mw = max((mw for mw, n in zip(self.most_mw, units, strict=True) if n), default=0.0)
        return tuple((self.most_mw < SMALL * built_mw).tolist())

    def next_mwh(self, stored_mwh: float) -> float:
        """Return the least energy above some that whole modules can store."""
        most = stored_mwh + float(self.module_mwh.min())
        sums = np.zeros(1)
        for mwh, item in zip(self.module_mwh.tolist(), self._case.batteries, strict=True):
            counts = np.arange(min(item.n_max, math.ceil(most / mwh)) + 1)
            sums = np.unique(np.round(np.add.outer(sums, mwh * counts), 9))
            sums = sums[sums <= most]
            if len(sums) > MOST_SUMS:
                return stored_mwh * (1.0 + WHOLE)
        beyond = sums[sums > stored_mwh * (1.0 + WHOLE)]
        return float(beyond.min()) if beyond.size else most

    def added_to(self, system: System, box: Box) -> System:
        """Return a system with the small units of a box, and what it stores at the best."""
        classes = self._classes(system, box) if box.firm_mw > 0 else ()
        storage = system.storage if box.stored_mwh is None else (self._pool(box.stored_mwh[1]),)
        return replace(system, units=(*system.units, *classes), storage=storage)

    def states(self, states: States, box: Box) -> States:
        """Return combinations of units out with those of small ones, told by their power.

        A column is added: the place in :meth:`out_mw`. Fleets with less than all the power of the
        box are looked at as if they had small units more, to within one of the smallest.
        """
        weeks = self._calendar.weeks_per_unit[self._places(box)].min(axis=0)
        short_mw = max(0.0, box.firm_mw - self._lump_mw(box))
        _, most_mw = self.out_mw(box)
        levels = np.arange(len(most_mw)) if weeks.any() else np.zeros(1, dtype=np.int64)
        out = _beside(states.out, levels).astype(np.int64)
        given = _beside(states.given, most_mw[levels])
        return States(out, np.vstack([states.need, short_mw * weeks]), given)

    def out_mw(self, box: Box) -> tuple[Floats, Floats]:
        """Return ranges of power that can be in maintenance: their least and their most.

        The least ones lie on a grid, so that boxes on it ask for the same power in service.
        """
        lump_mw, sizes = self._lump_mw(box), self.most_mw[self._places(box)]
        reach_mw, grid_mw = min(EXACT_LUMPS * lump_mw, box.firm_mw), self.grid_mw(box)
        sums = np.zeros(1)
        for mw in sizes.tolist():
            sums = np.add.outer(sums, mw * np.arange(int(reach_mw / mw + WHOLE) + 1)).ravel()
        sums = sums[sums <= reach_mw * (1.0 + WHOLE)]
        places = np.floor(sums / grid_mw + WHOLE).astype(np.int64)
        starts = np.unique(places)
        most = [float(sums[places == place].max()) for place in starts]
        beyond = [int(starts[-1]) + 1]
        while beyond[-1] * GROWTH * grid_mw < box.firm_mw:
            beyond.append(math.ceil(beyond[-1] * GROWTH))
        ends = [*(grid_mw * place for place in beyond[1:]), max(box.firm_mw, reach_mw)]
        return grid_mw * np.array([*starts, *beyond]), np.array([*most, *ends])

    def grid_mw(self, box: Box) -> float:
        """Return the steps in which power of small units is told."""
        return self._lump_mw(box) / STEPS_PER_LUMP

    def _places(self, box: Box) -> list[int]:
        """Return which types the small units of a box can be of."""
        return np.flatnonzero(np.array(box.is_firm) & self._offered).tolist()

    def _lump_mw(self, box: Box) -> float:
        return float(self.most_mw[self._places(box)].min())

    def _classes(self, system: System, box: Box) -> tuple[UnitClass, UnitClass]:
        """Return small units as power that never fails and lumps that may be out."""
        places = self._places(box)
        capacity_mw = self._capacity_mw[places]
        shape = (capacity_mw / self.most_mw[places, None]).max(axis=0)
        lump_mw = capacity_mw.min(axis=0)
        names = {self._case.units[g].name for g in places}
        failing = [unit for unit in system.units if unit.name in names]
        mttr_h = min(unit.mttr_h for unit in failing)
        rates = np.array([unit.failure_rate_per_h for unit in failing])
        # Lumps that fail at other rates in other steps would not be known to be out less.
        count = self._fewest(box, places) if (np.ptp(rates, axis=1) == 0).all() else 0
        odds = float(rates.min()) * mttr_h
        nobody = np.zeros(system.n_steps, dtype=np.int64)
        never = np.zeros(system.n_steps)
        firm_mw = np.maximum(box.firm_mw * shape - count * lump_mw, 0.0)
        return (
            UnitClass(FIRM, 1, firm_mw, never, 1.0, nobody),
            UnitClass(LUMPS, count, lump_mw, never + odds / (1.0 + odds), mttr_h, nobody),
        )

    def _fewest(self, box: Box, places: list[int]) -> int:
        """Return how many units there are at least where none of the smallest could be added."""
        largest_mw = float(self.most_mw[places].max())
        return max(0, math.ceil((box.firm_mw - self._lump_mw(box)) / largest_mw - WHOLE))

    def _pool(self, most_mwh: float) -> Storage:
        """Return storage with the power of the shortest duration, and the best efficiencies."""
        items = self._case.batteries
        return Storage(
            POOL,
            1,
            most_mwh / self.shortest_h,
            most_mwh,
            eta_charge=max(item.eta_charge for item in items),
            eta_discharge=max(item.eta_discharge for item in items),
        )


def _beside(rows: Floats | Ints, last: Floats | Ints) -> Floats:
    """Return every row with each of some figures behind it."""
    found = [rows.repeat(len(last), axis=0), np.tile(last, len(rows))[:, None]]
    return np.hstack(found).astype(np.float64)
