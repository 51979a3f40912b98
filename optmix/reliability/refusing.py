"""Lower bounds on the loss of a fleet and all smaller ones, against the target of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.bounds import Target
from optmix.reliability.result import PARTS_PER_MILLION
from optmix.reliability.schedule import best_schedule, least_loss
from optmix.reliability.week_loss import WeekLoss
from optmix.reliability.weeks import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.data.reliability import LossLimit
    from optmix.reliability.lifting import Box

__all__ = ["Proof"]

MARGIN = 1e-9
"""A bound within this share above the target may be rounding."""


class Proof:
    """Lower bounds for the fleets of a site.

    Parameters
    ----------
    case
        The site.
    limit
        Its target.
    """

    def __init__(self, case: Case, limit: LossLimit) -> None:
        self._case, self._limit = case, limit
        self.is_hours = limit.availability is not None or limit.lole_h is not None
        self.calendar = Calendar.of(case)
        self._tables: dict[float, WeekLoss] = {}
        self._bounds: dict[Box, float] = {}
        self._hours = float(case.axis.hours_per_year.sum())
        self._demand_mwh = float(case.axis.hours_per_year @ case.demand_mw)

    @property
    def unit(self) -> str:
        """Unit of the loss that the target limits."""
        return "h of loss of load a year" if self.is_hours else "MWh unserved a year"

    def allowed(self, demand_mwh: float, hours: float) -> Target:
        """Return the target in hours and energy of a year with this demand."""
        limit = self._limit
        if limit.availability is not None:
            return Target(lole_h=(1.0 - limit.availability) * hours)
        if limit.eue_ppm is not None:
            return Target(eue_mwh=limit.eue_ppm * demand_mwh / PARTS_PER_MILLION)
        return Target(lole_h=limit.lole_h, eue_mwh=limit.eue_mwh)

    def limit_of(self, box: Box) -> float:
        """Return the most loss that any fleet in a box may have.

        A limit in millionths of demand is that with the auxiliaries of the whole box.
        """
        aux_mw = sum(
            item.aux_mw * n for item, n in zip(self._case.batteries, box.modules, strict=True)
        )
        allowed = self.allowed(self._demand_mwh + aux_mw * self._hours, self._hours)
        found = allowed.lole_h if self.is_hours else allowed.eue_mwh
        return 0.0 if found is None else found

    def refuses(self, box: Box) -> bool:
        """Return whether no fleet in a box meets the target, by proof."""
        return self.loss(box) > self.limit_of(box) * (1.0 + MARGIN)

    def loss(self, box: Box) -> float:
        """Return a lower bound on the loss of every fleet in a box.

        Above the target it need not be as high as it could be.
        """
        if box not in self._bounds:
            need = self.calendar.need_with_all_smaller(box.units)
            states = self.calendar.states(box.units, need, self._importance())
            enough = self.limit_of(box) * (1.0 + MARGIN)
            self._bounds[box] = least_loss(states, self.calendar, self._loss_of(box), enough)
        return self._bounds[box]

    def best_weeks(self, box: Box) -> Ints:
        """Return the weeks of maintenance with the least loss, storage as units without end."""
        if not self.calendar.is_scheduled:
            return np.zeros((len(box.units), len(self._case.axis.week_year)), dtype=np.int64)
        need = self.calendar.need(box.units)
        states = self.calendar.states(box.units, need, self._importance())
        return best_schedule(states, self.calendar, self._loss_of(box), self.limit_of(box))

    def tables(self, withdrawal_mw: float) -> WeekLoss:
        """Return the tables with some withdrawal."""
        if withdrawal_mw not in self._tables:
            block = self.calendar.block
            self._tables[withdrawal_mw] = WeekLoss(self._case, block, withdrawal_mw)
        return self._tables[withdrawal_mw]

    def _loss_of(self, box: Box) -> Callable[[tuple[int, ...]], Floats]:
        tables, row = self.tables(box.withdrawal_mw), 0 if self.is_hours else 1

        def loss_of(out: tuple[int, ...]) -> Floats:
            left = [n - m for n, m in zip(box.units, out, strict=True)]
            return np.asarray(tables.loss(left, box.modules)[row])

        return loss_of

    def _importance(self) -> list[float]:
        return [unit.net_rating_mw * unit.planned_outage_h for unit in self._case.units]
