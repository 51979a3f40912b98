"""What is emitted, in short tons a year, and what may be.

EMI-1  actual basis, in each operating year:
       ``annual factor * sum of (step_h * (ef * p + ef_fuel * f) + ef_start * v) <= cap``
EMI-2  potential to emit: ``sum n * 8760 * (ef * rating + ef_fuel * fuel at full load) <= cap``

The running fuel counts, the fuel of starts does not; starts have a rate of their own. The potential
is that of the nameplate at reference conditions, without any ambient penalty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from optmix.schema.operation import Pollutant
from optmix.units import HOURS_PER_YEAR, LB_PER_SHORT_TON
from optmix.verify.fuel import fuel_of_one_mmbtu_per_h
from optmix.verify.horizon import year_sum
from optmix.verify.rows import Rows
from optmix.verify.tolerances import EMISSION_FLOOR_TPY, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["POLLUTANTS", "emissions", "emitted_tpy"]

POLLUTANTS: tuple[Pollutant, ...] = get_args(Pollutant)
"""Every pollutant, in the order of reports."""


def emitted_tpy(case: Case, plan: Plan, pollutant: Pollutant) -> Floats:
    """Return what is emitted in each operating year. Shape (Y,)."""
    pounds = np.zeros(case.axis.n_steps)
    for g, unit in enumerate(case.units):
        per_h = unit.lb_per_mwh.get(pollutant, 0.0) * plan.output_mw[g]
        per_h = per_h + unit.lb_per_mmbtu.get(pollutant, 0.0) * plan.fuel_mmbtu_per_h[g]
        pounds += case.axis.step_h * per_h
        pounds += unit.lb_per_start.get(pollutant, 0.0) * plan.starts[g]
    return year_sum(case.axis, pounds) / LB_PER_SHORT_TON


def emissions(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of EMI-1 and EMI-2, one for each cap."""
    for budget in case.emissions:
        if not np.isfinite(budget.cap_tpy):
            continue
        if budget.is_potential:
            yield _potential(case, plan, budget.pollutant, budget.cap_tpy)
        else:
            yield Rows.at_most(
                "EMI-1",
                "more emitted in a year than the cap",
                "short ton/yr",
                emitted_tpy(case, plan, budget.pollutant),
                budget.cap_tpy,
                allowance(EMISSION_FLOOR_TPY, budget.cap_tpy),
                subject=budget.pollutant,
                part_of_step=case.axis.year,
            )


def _potential(case: Case, plan: Plan, pollutant: Pollutant, cap_tpy: float) -> Rows:
    one = [_potential_of_one_tpy(unit, pollutant) for unit in case.units]
    return Rows.at_most(
        "EMI-2",
        "the fleet could emit more in a year than the cap",
        "short ton/yr",
        float(np.dot(one, plan.units)),
        cap_tpy,
        allowance(EMISSION_FLOOR_TPY, cap_tpy, sum(one)),
        subject=pollutant,
    )


def _potential_of_one_tpy(unit: UnitType, pollutant: Pollutant) -> float:
    full_load_fuel = float(fuel_of_one_mmbtu_per_h(unit, np.array([unit.net_rating_mw]))[0])
    per_h = unit.lb_per_mwh.get(pollutant, 0.0) * unit.rating_mw
    per_h += unit.lb_per_mmbtu.get(pollutant, 0.0) * full_load_fuel
    return per_h * HOURS_PER_YEAR / LB_PER_SHORT_TON
