"""What carries the load where an event begins: what was ready in the step before it.

Units online, units that start within the notice, batteries with their cover, and all flexible
tiers. That counts on no unit that was started because the hour was known long before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model

__all__ = ["MINUTES_PER_HOUR", "ready_before", "ready_before_mw", "whole_site_mw"]

MINUTES_PER_HOUR = 60.0


def ready_before(m: Model, units: Iterable[UnitType], t: int, notice_h: float) -> Expr:
    """Return what was ready for a step in the one before it, less auxiliaries of batteries, MW.

    Parameters
    ----------
    m
        The model.
    units
        Unit types that count.
    t
        First step of an event.
    notice_h
        Units that start within this count even if they stood still.
    """
    b = m.before[t]
    ready = sum(
        m.discharge_mw[s, b] - m.charge_mw[s, b] + m.cover_mw[s, b] - item.aux_mw * m.n_modules[s]
        for s, item in m.battery_product.items()
    )
    ready += sum(limit[t] for limit in m.tier_limit_mw.values())
    for unit in units:
        g, mw = unit.name, float(unit.pmax_mw[t])
        if not _is_quick(unit, notice_h):
            ready += mw * m.online[g, b]
            continue
        ready += mw * m.n_units[g]
        if g in m.MAINTAINED:
            ready -= mw * m.in_maintenance[g, m.week_of[b]]
    return ready


def ready_before_mw(
    plan: Plan, case: Case, units: Iterable[UnitType], t: int, notice_h: float
) -> float:
    """Return the same of a plan."""
    b, names = case.axis.before(t), {unit.name for unit in units}
    ready = float((plan.discharge_mw - plan.charge_mw + plan.cover_mw)[:, b].sum())
    ready -= sum(
        float(item.aux_mw * count)
        for item, count in zip(case.batteries, plan.modules.tolist(), strict=True)
    )
    ready += sum(float(tier.limit_mw[t]) for tier in case.tiers)
    for row, unit in enumerate(case.units):
        if unit.name not in names:
            continue
        count = plan.online[row, b]
        if _is_quick(unit, notice_h):
            count = plan.units[row] - plan.in_maintenance[row, b]
        ready += float(unit.pmax_mw[t] * count)
    return ready


def whole_site_mw(plan: Plan, case: Case) -> Floats:
    """Return all that is built, contracted and demanded: the size of such rows. Shape (T,)."""
    counts = zip(case.units, plan.units.tolist(), strict=True)
    units = sum((unit.pmax_mw * count for unit, count in counts), np.zeros(case.axis.n_steps))
    return np.asarray(units + plan.withdrawal_mw + case.demand_mw)


def _is_quick(unit: UnitType, notice_h: float) -> bool:
    return unit.start_min <= notice_h * MINUTES_PER_HOUR
