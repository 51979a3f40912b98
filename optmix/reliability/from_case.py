"""The system that a fleet makes of a site."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.common_cause import beta_factor
from optmix.reliability.components import CommonCause, Storage, UnitClass
from optmix.reliability.fleet import GRID
from optmix.reliability.maintenance import spread_maintenance
from optmix.reliability.system import System
from optmix.reliability.temperature import outage_frac_at
from optmix.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct, GridTie, UnitType
    from optmix.reliability.fleet import Fleet

__all__ = ["system_of"]

MINUTES_PER_HOUR = 60.0


def system_of(case: Case, fleet: Fleet, maintenance: Ints | None = None) -> System:
    """Return the system that a fleet makes of a site.

    Parameters
    ----------
    case
        The site in numbers.
    fleet
        What is built.
    maintenance
        Units of each type in planned maintenance in each step, as a plan holds them, shape (G, T).
        By default they are spread over the weeks with most to spare.

    Returns
    -------
    System
        All unit types and battery products of the site, those not built with a count of 0, and the
        tie as a class of one unit where withdrawal is contracted.

    Notes
    -----
    Flexible tiers give up their whole limit in a shortage; their yearly budgets are not counted
    here. Auxiliaries of batteries add to demand. A horizon shorter than a year stands for one, as
    in the annual cost.

    Raises
    ------
    InputError
        The figures make no system, such as more units in maintenance than built.
    """
    counts = [fleet.units.get(unit.name, 0) for unit in case.units]
    out = spread_maintenance(case, counts) if maintenance is None else maintenance
    units = [
        _unit_class(case, unit, count, out[g].astype(np.int64))
        for g, (unit, count) in enumerate(zip(case.units, counts, strict=True))
    ]
    causes = [
        CommonCause(cause.name, cause.outages_per_year, cause.mean_h, cause.affects)
        for cause in case.failures.shared
    ]
    if case.failures.beta_frac > 0:
        parts = [beta_factor(unit, case.failures.beta_frac) for unit in units]
        units = [unit for unit, _ in parts]
        causes += [cause for unit, cause in parts if unit.count > 0]
    if case.grid is not None and fleet.withdrawal_mw > 0:
        units.append(_tie(case.grid, fleet.withdrawal_mw))
    present = {unit.name for unit in units} | {item.name for item in case.batteries}
    axis = case.axis
    return System(
        step_h=axis.step_h,
        demand_mw=case.demand_mw + _auxiliaries_mw(case, fleet),
        relief_mw=sum((tier.limit_mw for tier in case.tiers), np.zeros(axis.n_steps)),
        year=axis.year,
        day=axis.day,
        hours_per_year=axis.hours_per_year,
        units=tuple(units),
        storage=tuple(_storage(item, fleet.modules.get(item.name, 0)) for item in case.batteries),
        common_causes=tuple(_among(cause, present) for cause in causes),
    )


def _unit_class(case: Case, unit: UnitType, count: int, in_maintenance: Ints) -> UnitClass:
    curve = case.failures.outage_curve.get(unit.name)
    outage_frac = (
        np.full(case.axis.n_steps, unit.forced_outage_frac)
        if curve is None
        else outage_frac_at(case.temp_c, unit.forced_outage_frac, curve)
    )
    return UnitClass(
        name=unit.name,
        count=count,
        capacity_mw=unit.pmax_mw,
        outage_frac=outage_frac,
        mttr_h=unit.mttr_h,
        in_maintenance=in_maintenance,
        is_standby=unit.name in case.failures.standby,
        start_failure_frac=unit.start_failure_frac,
        start_h=unit.start_min / MINUTES_PER_HOUR,
    )


def _tie(grid: GridTie, withdrawal_mw: float) -> UnitClass:
    """Return the tie as one unit that is out for the stated share of a calendar year."""
    share = grid.outages_per_year * grid.outage_mean_h / HOURS_PER_YEAR
    steps = len(grid.availability)
    return UnitClass(
        name=GRID,
        count=1,
        capacity_mw=withdrawal_mw * grid.availability,
        outage_frac=np.full(steps, share),
        mttr_h=grid.outage_mean_h,
        in_maintenance=np.zeros(steps, dtype=np.int64),
    )


def _storage(item: BatteryProduct, modules: int) -> Storage:
    return Storage(
        name=item.name,
        modules=modules,
        module_mw=item.module_mw,
        usable_mwh=item.usable_mwh * (item.soc_max_frac - item.soc_min_frac),
        eta_charge=item.eta_charge,
        eta_discharge=item.eta_discharge,
        retention=item.retention,
        outage_frac=item.forced_outage_frac,
        mttr_h=item.mttr_h,
    )


def _auxiliaries_mw(case: Case, fleet: Fleet) -> float:
    return math.fsum(item.aux_mw * fleet.modules.get(item.name, 0) for item in case.batteries)


def _among(cause: CommonCause, present: set[str]) -> CommonCause:
    """Return a cause without what is not there: a tie that is not contracted cannot be lost."""
    return replace(cause, affects=tuple(name for name in cause.affects if name in present))
