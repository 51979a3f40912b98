"""Batteries: power, state of charge, cycling.

BAT-1  ``c + d <= module_mw * b``
BAT-2  ``e[t] = retention * e[t-1] + step_h * (eta_c * c - d / eta_d)``
BAT-3  ``soc_min * E <= e <= soc_max * E`` with ``E = usable_mwh * b``
BAT-4  ``annual factor * sum of step_h * d <= cycles_per_year * E`` in each operating year
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.horizon import previous, year_sum
from optmix.verify.rows import Rows
from optmix.verify.tolerances import ENERGY_FLOOR_MWH, POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["auxiliaries_mw", "battery"]


def auxiliaries_mw(case: Case, plan: Plan) -> float:
    """Return what the auxiliaries of all modules draw in every step."""
    return float(
        sum(p.aux_mw * b for p, b in zip(case.batteries, plan.modules.tolist(), strict=True))
    )


def battery(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of BAT-1 to BAT-4."""
    for s in range(len(case.batteries)):
        yield from _power(case, plan, s)
        yield from _energy(case, plan, s)
        yield from _cycles(case, plan, s)


def _power(case: Case, plan: Plan, s: int) -> Iterator[Rows]:
    product = case.batteries[s]
    limit = product.module_mw * float(plan.modules[s])
    yield Rows.at_most(
        "BAT-1",
        "charge and discharge above the power of the modules",
        "MW",
        plan.charge_mw[s] + plan.discharge_mw[s],
        limit,
        allowance(POWER_FLOOR_MW, limit, product.module_mw),
        subject=product.name,
    )


def _energy(case: Case, plan: Plan, s: int) -> Iterator[Rows]:
    product, stored = case.batteries[s], plan.soc_mwh[s]
    usable = product.usable_mwh * float(plan.modules[s])
    gained = product.eta_charge * plan.charge_mw[s]
    lost = plan.discharge_mw[s] / product.eta_discharge
    carried = product.retention * stored[previous(case.axis)]
    yield Rows.equal(
        "BAT-2",
        "state of charge does not follow from charge and discharge",
        "MWh",
        stored,
        carried + case.axis.step_h * (gained - lost),
        allowance(ENERGY_FLOOR_MWH, stored + case.axis.step_h * lost),
        subject=product.name,
    )
    tolerance = allowance(ENERGY_FLOOR_MWH, usable, product.usable_mwh)
    least, most = product.soc_min_frac * usable, product.soc_max_frac * usable
    for what, left, right in (
        ("state of charge below its lowest", least, stored),
        ("state of charge above its highest", stored, most),
    ):
        yield Rows.at_most("BAT-3", what, "MWh", left, right, tolerance, subject=product.name)


def _cycles(case: Case, plan: Plan, s: int) -> Iterator[Rows]:
    product = case.batteries[s]
    budget = product.cycles_per_year * product.usable_mwh
    limit = budget * float(plan.modules[s])
    yield Rows.at_most(
        "BAT-4",
        "more energy discharged in a year than the cycles allow",
        "MWh",
        year_sum(case.axis, case.axis.step_h * plan.discharge_mw[s]),
        limit,
        allowance(ENERGY_FLOOR_MWH, limit, budget),
        subject=product.name,
        part_of_step=case.axis.year,
    )
