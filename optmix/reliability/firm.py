"""How much firm capacity a fleet lacks, with small units counted as capacity that never fails.

A proof for one fleet says little of its many neighbours that have some small units more and others
less. Counted together, as capacity that is always there, one proof holds for all of them: whatever
the small units are, together they must give more. With fewer types to count a proof takes a
fraction of the time, too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.components import UnitClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.reliability.lifting import Box
    from optmix.reliability.refusing import Proof
    from optmix.reliability.system import System

__all__ = ["FIRM", "Small", "lacking"]

FIRM = "firm"
"""Name of the class that small units are counted as."""

SMALL = 0.4
"""Units below this share of the largest one built are small."""

LEAST_RISE_MW = 0.3
MOST_TRIES = 5
GROWTHS = (1.0, 1.5, 3.0)
"""Multiples of the energy of a fleet that are looked at."""

WHOLE = 1e-9
"""Share of a module below which stored energy is that of whole modules."""

UNITS_PER_FOLD = 0.4
"""About so many of the largest units divide the loss by e."""


class Small:
    """What units of a site give as firm capacity, and modules as stored energy.

    Parameters
    ----------
    case
        The site.

    Attributes
    ----------
    most_mw
        Most output of one unit of each type. Shape (G,).
    module_mwh
        Energy of one module of each product. Shape (S,).
    """

    def __init__(self, case: Case) -> None:
        capacity_mw = np.array([unit.pmax_mw for unit in case.units])
        self.most_mw: Floats = capacity_mw.max(axis=1)
        self.module_mwh: Floats = np.array([item.usable_mwh for item in case.batteries])
        self._hours = [item.usable_mwh / item.module_mw for item in case.batteries]
        self._eta_charge = max((item.eta_charge for item in case.batteries), default=1.0)
        self._eta_discharge = max((item.eta_discharge for item in case.batteries), default=1.0)
        self._shape = capacity_mw / np.maximum(self.most_mw, np.finfo(float).tiny)[:, None]

    def small_beside(self, units: tuple[int, ...]) -> tuple[bool, ...]:
        """Return which types are small beside the largest one built."""
        built_mw = max((mw for mw, n in zip(self.most_mw, units, strict=True) if n), default=0.0)
        return tuple((self.most_mw < SMALL * built_mw).tolist())

    def pooled(self, box: Box, growth: float) -> Box:
        """Return a box with more energy than another, whatever products it is stored in.

        Modules of the shortest duration stand for all: no others have more power for their energy.
        """
        shortest = int(np.argmin(self._hours))
        stored_mwh = growth * float(self.module_mwh @ box.modules)
        count = math.floor(stored_mwh / self.module_mwh[shortest] + WHOLE) + 1
        modules = tuple(count if k == shortest else 0 for k in range(len(box.modules)))
        none = (0,) * len(box.modules)
        return replace(box, modules=modules, least_modules=none, is_pooled=True)

    def added_to(self, system: System, box: Box) -> System:
        """Return a system with the firm capacity of a box, and its energy stored at the best."""
        if box.is_pooled:
            charge, discharge = self._eta_charge, self._eta_discharge
            best = [
                replace(item, eta_charge=charge, eta_discharge=discharge) for item in system.storage
            ]
            system = replace(system, storage=tuple(best))
        if box.firm_mw <= 0:
            return system
        shape = self._shape[np.array(box.is_firm)].max(axis=0)
        firm = UnitClass(
            name=FIRM,
            count=1,
            capacity_mw=box.firm_mw * shape,
            outage_frac=np.zeros(system.n_steps),
            mttr_h=1.0,
            in_maintenance=np.zeros(system.n_steps, dtype=np.int64),
        )
        return replace(system, units=(*system.units, firm))


def lacking(proof: Proof, case: Case, box: Box) -> Iterator[Box]:
    """Yield refused boxes with as much firm capacity as small units together do not suffice for.

    One for each of several amounts of stored energy, as long as a fleet is refused with so much;
    else the one for modules near its own. None if a fleet is not refused so.
    """
    is_firm = proof.small.small_beside(box.units)
    if not any(unit.n_max and small for unit, small in zip(case.units, is_firm, strict=True)):
        return
    firm_mw = float(proof.small.most_mw @ (np.array(box.units) * np.array(is_firm)))
    units = tuple(0 if small else n for n, small in zip(box.units, is_firm, strict=True))
    box = replace(box, units=units, is_firm=is_firm, firm_mw=firm_mw)
    least_modules = [item.n_min for item in case.batteries]
    is_found = False
    for growth in GROWTHS if not any(least_modules) else ():
        pooled = proof.small.pooled(box, growth)
        if not proof.refuses(pooled):
            break
        found = _with_most_firm(proof, pooled)
        # A row that asks for no more than this fleet gives would let it pass again and again.
        if found.firm_mw > firm_mw:
            is_found = True
            yield found
    if not is_found and proof.refuses(box):
        found = _with_most_firm(proof, proof.with_fewer_modules(box))
        if found.firm_mw > firm_mw:
            yield found


def _with_most_firm(proof: Proof, box: Box) -> Box:
    """Return a refused box with about as much firm capacity as it is refused with."""
    fold_mw = UNITS_PER_FOLD * max(
        mw for mw, small in zip(proof.small.most_mw, box.is_firm, strict=True) if not small
    )
    beyond_mw = math.inf
    for _ in range(MOST_TRIES):
        rise_mw = fold_mw * math.log(proof.loss(box) / proof.limit_of(box))
        goal_mw = box.firm_mw + max(rise_mw, 2 * LEAST_RISE_MW)
        if goal_mw >= beyond_mw:
            goal_mw = (box.firm_mw + beyond_mw) / 2
        if goal_mw - box.firm_mw < LEAST_RISE_MW:
            break
        more = replace(box, firm_mw=goal_mw)
        if proof.refuses(more):
            box = more
        else:
            beyond_mw = goal_mw
    return box
