"""Lower bounds on the loss of a fleet and all smaller ones, against the target of the site."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.adequacy import Adequacy
from optmix.reliability.bounds import Target
from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.deterministic import common_cause_floor_h
from optmix.reliability.firm import DEEP_UNITS
from optmix.reliability.fleet import Fleet
from optmix.reliability.lifting import Box
from optmix.reliability.policy import BINS, WeekPolicy
from optmix.reliability.result import PARTS_PER_MILLION
from optmix.reliability.schedule import LossTable
from optmix.reliability.small import LUMPS, Small
from optmix.reliability.states import binomial
from optmix.reliability.week_loss import WeekLoss, least_loaded
from optmix.reliability.weeks import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct
    from optmix.data.reliability import LossLimit
    from optmix.reliability.schedule import LossOf
    from optmix.reliability.system import System

__all__ = ["Proof"]

MARGIN = 1e-9
"""A bound within this share above the target may be rounding."""

ROUNDING = 1e-9
SHARES = 64
"""Steps in which the share of storage is told."""

RAREST_SHARE = 1e-6
"""Share of the target that one state left out of the tables may take."""

FEW_BINS = 48
"""Bins of stored energy where a wide box gives away much in any case."""

DECIMALS = 6
"""Figures of power are rounded so, to be found again."""

LUMPS_OUT = 1
"""Most lumps of small units in repair that are told apart."""

SHARE_BEYOND = 1e-4
"""Share of the target that counts may take that the induction does not tell apart."""


class Proof:
    """Lower bounds for the fleets of a site.

    Parameters
    ----------
    case
        The site.
    limit
        Its target.

    Attributes
    ----------
    heartbeat
        Called before each look at a fleet; what it raises ends a proof.
    """

    def __init__(self, case: Case, limit: LossLimit) -> None:
        self._case, self._limit = case, limit
        self.heartbeat: Callable[[], None] = lambda: None
        self.is_hours = limit.availability is not None or limit.lole_h is not None
        self.calendar = Calendar.of(case)
        self._tables: dict[float, WeekLoss] = {}
        self._bounds: dict[Box, float] = {}
        self._by_week: dict[Box, Floats] = {}
        self.small = Small(case, self.calendar)
        self._all_weeks = np.arange(self.calendar.n_blocks)
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
        items = self._case.batteries
        aux_mw = sum(item.aux_mw * n for item, n in zip(items, box.modules, strict=True))
        if box.stored_mwh is not None:
            per_mwh = [item.aux_mw for item in items] / self.small.module_mwh
            aux_mw += box.stored_mwh[1] * float(per_mwh.max())
        allowed = self.allowed(self._demand_mwh + aux_mw * self._hours, self._hours)
        found = allowed.lole_h if self.is_hours else allowed.eue_mwh
        return 0.0 if found is None else found

    def refuses(self, box: Box) -> bool:
        """Return whether no fleet in a box meets the target, by proof."""
        return self.loss(box) > self.limit_of(box) * (1.0 + MARGIN)

    def loss(self, box: Box) -> float:
        """Return a lower bound on the loss of every fleet in a box.

        Tables with storage as units without end come first. Where they do not refuse the box, the
        induction over stored energy follows, if the counts of units are few enough for it. Above
        the target the bound need not be as high as it could be, but where small units are counted
        together.
        """
        self.heartbeat()
        if box not in self._bounds:
            enough = self.limit_of(box) * (1.0 + MARGIN)
            table = self._table(box, self.calendar.need_with_all_smaller(box.units))
            if box.is_firm:
                found = table.least(self._by_policy(box), math.inf)
            else:
                found = table.least(self._by_tables(box), enough)
                if found <= enough and any(box.modules):
                    found = max(found, table.least(self._by_policy(box), enough))
            self._bounds[box] = found
        return self._bounds[box]

    def with_fewer_modules(self, box: Box) -> Box:
        """Return a refused box with as few modules at the least as are refused with it."""
        none = replace(box, least_modules=tuple(item.n_min for item in self._case.batteries))
        if self.refuses(none):
            return none
        # Shortages deeper than this are rare, so power for them hardly matters.
        deep_mw = DEEP_UNITS * max(
            float(unit.pmax_mw.max())
            for unit, n in zip(self._case.units, box.units, strict=True)
            if n or not any(box.units)
        )
        least = []
        for item, most, fewest in zip(
            self._case.batteries, box.modules, none.least_modules, strict=True
        ):
            spare = math.ceil(deep_mw / item.module_mw) + self._out(item, most)[0]
            least.append(max(fewest, min(most, spare)))
        fewer = replace(box, least_modules=tuple(least))
        return fewer if self.refuses(fewer) else box

    def best_weeks(self, box: Box) -> Ints:
        """Return the weeks of maintenance with the least loss.

        With storage it is the least by tables in which a share of it runs without end, such that
        the loss without maintenance is right; see :meth:`loss`.
        """
        if not self.calendar.is_scheduled:
            return np.zeros((len(box.units), len(self._case.axis.week_year)), dtype=np.int64)
        table = self._table(box, self.calendar.need(box.units))
        return table.best(self._by_tables(box, self._share(box)))

    def loss_in_service(self, box: Box) -> float:
        """Return a lower bound on the loss of a fleet with storage, with no maintenance at all."""
        return float(self._by_policy(box)((0,) * len(box.units)).sum())

    def _share(self, box: Box) -> float:
        """Return the share of storage that as units without end loses what storage does at best."""
        if not any(box.modules):
            return 1.0
        none = (0,) * len(box.units)
        loss = self.loss_in_service(box)
        low, high = 0, SHARES
        while high - low > 1:
            middle = (low + high) // 2
            found = self._by_tables(box, middle / SHARES)(none).sum()
            low, high = (low, middle) if found < loss else (middle, high)
        return low / SHARES

    def cause_beyond(self) -> tuple[str, float] | None:
        """Return a common cause that breaks the target alone, and the loss that it forces."""
        case = self._case
        box = Box.largest(case)
        system = least_loaded(case, self.fleet(box.units, box))
        for cause in system.common_causes:
            alone = replace(system, common_causes=(cause,))
            found = common_cause_floor_h(alone) if self.is_hours else _unserved_mwh(alone)
            if found > self.limit_of(box) * (1.0 + MARGIN):
                return cause.name, found
        return None

    def _table(self, box: Box, need: Floats) -> LossTable:
        states = self.calendar.states(box.units, need, self._importance())
        if box.tells_out:
            states = self.small.states(states, box)
        return LossTable(states, self.calendar, self.limit_of(box))

    def tables(self, withdrawal_mw: float) -> WeekLoss:
        """Return the tables with some withdrawal."""
        if withdrawal_mw not in self._tables:
            block = self.calendar.block
            rarest = RAREST_SHARE * self._probability_of(self.limit_of(Box.largest(self._case)))
            self._tables[withdrawal_mw] = WeekLoss(self._case, block, withdrawal_mw, rarest)
        return self._tables[withdrawal_mw]

    def _by_tables(self, box: Box, share: float = 1.0) -> LossOf:
        tables, row = self.tables(box.withdrawal_mw), 0 if self.is_hours else 1
        modules = [math.floor(share * n + ROUNDING) for n in box.modules]

        def loss_of(out: tuple[int, ...]) -> Floats:
            left = [n - m for n, m in zip(box.units, out, strict=True)]
            return np.asarray(tables.loss(left, modules)[row])

        return loss_of

    def _by_policy(self, box: Box) -> LossOf:
        otherwise = self._no_loss if box.is_firm else self._by_tables(box)
        tail = SHARE_BEYOND * self._probability_of(self.limit_of(box))
        least_mw, beyond = self._least_power(box)

        def loss_of(out: tuple[int, ...]) -> Floats:
            left = self._in_service(box, out)
            if left not in self._by_week:
                system = least_loaded(self._case, self.fleet(left.units, box), box.least_modules)
                policy = WeekPolicy(
                    self.small.added_to(system, left),
                    self.calendar.block,
                    tail,
                    is_hours=self.is_hours,
                    bins=FEW_BINS if box.is_firm else BINS,
                    least_mw=least_mw,
                    most_out={LUMPS: LUMPS_OUT if box.tells_out else 0},
                )
                found = policy.loss(self._all_weeks) if policy.is_feasible else otherwise(out)
                self._by_week[left] = np.maximum(found - beyond, 0.0)
            return self._by_week[left]

        return loss_of

    def _in_service(self, box: Box, out: tuple[int, ...]) -> Box:
        """Return a box without the units that are out; power of small ones comes last."""
        types = len(box.units)
        left = tuple(n - m for n, m in zip(box.units, out[:types], strict=True))
        if len(out) == types:
            return replace(box, units=left)
        out_mw = float(self.small.out_mw(box)[0][out[types]])
        left_mw = max(0.0, round(box.firm_mw - out_mw, DECIMALS))
        return replace(box, units=left, firm_mw=left_mw)

    def _no_loss(self, _: tuple[int, ...]) -> Floats:
        return np.zeros(self.calendar.n_blocks)

    def _least_power(self, box: Box) -> tuple[float, float]:
        """Return power that storage has at least, and the loss of a week that this leaves out.

        Products of unlike duration are run as one pool of the duration of one of them, so each
        gives as much as with the longest at least. Modules fail; what is lost in weeks with more of
        them out than next to never is left out.
        """
        if not self.is_hours:
            return 0.0, 0.0
        items, mwh = self._case.batteries, self.small.module_mwh
        if box.stored_mwh is not None:
            # In any mix no more fail than if all were the least, and none is above the largest.
            least, most = box.stored_mwh
            worst = max(items, key=lambda item: item.forced_outage_frac)
            out = [self._out(worst, math.ceil(most / mwh.min()))]
            least_mw = (least - out[0][0] * float(mwh.max())) / self.small.longest_h
        else:
            used = [k for k, n in enumerate(box.modules) if n > 0]
            longest_h = max((mwh[k] / items[k].module_mw for k in used), default=1.0)
            out = [self._out(items[k], box.modules[k]) for k in used]
            least_mw = sum(
                max(0, box.least_modules[k] - lost) * min(items[k].module_mw, mwh[k] / longest_h)
                for k, (lost, _) in zip(used, out, strict=True)
            )
        if least_mw <= 0:
            return 0.0, 0.0
        week_h = float(np.bincount(self.calendar.block, self._case.axis.hours_per_year).max())
        beyond = sum(chance for _, chance in out) * self._steps_per_week * week_h
        return least_mw, beyond

    def _out(self, item: BatteryProduct, modules: int) -> tuple[int, float]:
        """Return how many modules are out but next to never, and how probable more are."""
        limit = self._probability_of(self.limit_of(Box.largest(self._case)))
        chance = binomial(modules, item.forced_outage_frac)
        more = np.cumsum(chance[::-1])[::-1] - chance
        out = int(np.argmax(more <= SHARE_BEYOND * limit / self._steps_per_week))
        return out, float(more[out])

    @cached_property
    def _steps_per_week(self) -> int:
        return int(np.bincount(self.calendar.block).max())

    def _probability_of(self, loss: float) -> float:
        """Return the share of the year, or of its energy, that a loss is."""
        return loss / (self._hours if self.is_hours else self._demand_mwh)

    def fleet(self, left: tuple[int, ...], box: Box) -> Fleet:
        """Return the fleet of a box with other units."""
        return Fleet(
            {unit.name: n for unit, n in zip(self._case.units, left, strict=True)},
            {item.name: n for item, n in zip(self._case.batteries, box.modules, strict=True)},
            box.withdrawal_mw,
        )

    def _importance(self) -> list[float]:
        return [unit.net_rating_mw * unit.planned_outage_h for unit in self._case.units]


def _unserved_mwh(system: System) -> float:
    """Return what is unserved by units that never fail but for common causes."""
    units = tuple(
        replace(
            unit, outage_frac=np.zeros(system.n_steps), is_standby=False, start_failure_frac=0.0
        )
        for unit in system.units
    )
    storage = tuple(replace(item, outage_frac=0.0) for item in system.storage)
    perfect = replace(system, units=units, storage=storage)
    return Adequacy(with_storage_as_units(perfect)).loss().eue_low_mwh
