"""A guess whether a proof goes through for larger fleets, made to agree with the proof of one.

Storage counts as firm capacity of a share of its power, with which as much is lost as when it is
run in the best way, without maintenance. Maintenance counts as spread evenly over the open weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.fleet import GRID
from optmix.reliability.lifting import Box
from optmix.reliability.necessary import FirmCapacity
from optmix.reliability.week_loss import least_loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.reliability.refusing import Proof

__all__ = ["Likely"]

GROUPS = 6


class Likely:
    """The guess that fits one fleet.

    Parameters
    ----------
    case
        The site.
    proof
        Knows the target.
    box
        A fleet.
    """

    def __init__(self, case: Case, proof: Proof, box: Box) -> None:
        self._proof = proof
        largest = Box.largest(case)
        system = least_loaded(case, proof.fleet(largest.units, box))
        self._tie = [k for k, unit in enumerate(system.units) if unit.name == GRID]
        units = with_storage_as_units(system)
        self._firm = FirmCapacity(
            units,
            [unit.count for unit in units.units],
            proof.limit_of(box),
            is_hours=proof.is_hours,
            share=1.0,
            n_groups=GROUPS,
        )
        self._power_mw = np.array([item.module_mw for item in case.batteries])
        self._unit_mw = np.array([unit.capacity_mw.mean() for unit in system.units])
        self._unit_mw = self._unit_mw[: len(case.units)]
        self._share, self._factor = 0.0, 1.0
        self.learn(box, None)

    def learn(self, box: Box, loss: float | None) -> None:
        """Agree with what is proven of a fleet: its loss, and that without maintenance."""
        if any(box.modules):
            in_service = self._proof.loss_in_service(box)
            firm_mw = self._firm.firm_for(self._table(box.units), in_service)
            self._share = min(1.0, firm_mw / float(self._power_mw @ box.modules))
        if loss is not None:
            self._factor = loss / max(self._loss(box), np.finfo(float).tiny)

    def proves(self, box: Box) -> bool:
        """Return whether a fleet and all smaller ones are proven to miss the target."""
        is_refused = self._proof.refuses(box)
        # The bound of a fleet that is refused is cut short once it is above the target.
        self.learn(box, None if is_refused else self._proof.loss(box))
        return is_refused

    def is_likely(self, box: Box) -> bool:
        """Return whether a fleet is likely to be refused."""
        self._proof.heartbeat()
        return self._factor * self._loss(box) > self._proof.limit_of(box)

    def _loss(self, box: Box) -> float:
        calendar = self._proof.calendar
        weeks = np.maximum(calendar.open_weeks(), 1.0)
        out = (calendar.need_with_all_smaller(box.units) / weeks).mean(axis=1)
        whole = np.minimum(np.ceil(out), box.units).astype(np.int64)
        left = np.asarray(box.units) - whole
        # Part of a unit out is one that is out, and firm capacity in its place.
        firm_mw = self._share * float(self._power_mw @ box.modules)
        firm_mw += float(self._unit_mw @ np.maximum(whole - out, 0.0))
        return self._firm.loss(self._table(left.tolist()), firm_mw)

    def _table(self, units: Sequence[int]) -> Floats:
        table = self._firm.empty()
        for place, count in [*enumerate(units), *((place, 1) for place in self._tie)]:
            if count:
                table = self._firm.with_units(table, place, count)
        return table
