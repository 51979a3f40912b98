"""Operating security of each step.

RES-1  loss of one unit of a type: ``H + sum r + (W * avail - imp) + K >= pmax``
RES-2  loss of the grid: ``H + sum r + K >= imp``
RES-3  load step: ``sum r + sum of step_mw * u >= swing``
RES-4  ``r <= module_mw * b - d + c``
RES-5  ``r * bridge_h <= eta_d * (e - soc_min * E)``

``H`` is the headroom of the units online, ``r`` the cover held by batteries, ``K`` what fast tiers
could still curtail. RES-4 and RES-5 say how much cover a battery can hold, and hold always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.verify.grid import withdrawal_available_mw
from optmix.verify.rows import Rows
from optmix.verify.tolerances import ENERGY_FLOOR_MWH, POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["reserve"]


def reserve(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of RES-1 to RES-5."""
    for s in range(len(case.batteries)):
        yield from _cover(case, plan, s)
    if case.security.loss_of_unit:
        yield from _loss_of_unit(case, plan)
    if case.security.loss_of_grid and case.grid is not None:
        yield Rows.at_most(
            "RES-2",
            "what is left on site cannot replace the import",
            "MW",
            plan.import_mw,
            _ready_mw(case, plan),
            _tolerance(case, plan),
        )
    if case.security.swing_mw > 0:
        yield _load_step(case, plan)


def _loss_of_unit(case: Case, plan: Plan) -> Iterator[Rows]:
    left = _ready_mw(case, plan) + withdrawal_available_mw(case, plan) - plan.import_mw
    tolerance = _tolerance(case, plan)
    for unit, count in zip(case.units, plan.units.tolist(), strict=True):
        if count > 0:
            what = "the rest cannot replace one lost unit"
            yield Rows.at_most(
                "RES-1", what, "MW", unit.pmax_mw, left, tolerance, subject=unit.name
            )


def _load_step(case: Case, plan: Plan) -> Rows:
    steps = np.array([unit.step_mw for unit in case.units])
    taken = plan.cover_mw.sum(axis=0) + steps @ plan.online
    return Rows.at_most(
        "RES-3",
        "a load step of swing_mw cannot be met at once",
        "MW",
        case.security.swing_mw,
        taken,
        allowance(POWER_FLOOR_MW, taken, float(steps.sum())),
    )


def _ready_mw(case: Case, plan: Plan) -> Floats:
    """Return headroom, battery cover and fast tiers together. Shape (T,)."""
    ready: Floats = plan.cover_mw.sum(axis=0)
    for g, unit in enumerate(case.units):
        ready = ready + unit.pmax_mw * plan.online[g] - plan.output_mw[g]
    for j, tier in enumerate(case.tiers):
        if tier.is_fast:
            ready = ready + tier.limit_mw - plan.curtailed_mw[j]
    return ready


def _tolerance(case: Case, plan: Plan) -> Floats:
    online = np.zeros(case.axis.n_steps)
    one = np.zeros(case.axis.n_steps)
    for g, unit in enumerate(case.units):
        online += unit.pmax_mw * plan.online[g]
        one += unit.pmax_mw
    size = online + plan.cover_mw.sum(axis=0) + plan.withdrawal_mw
    return np.asarray(allowance(POWER_FLOOR_MW, size, one))


def _cover(case: Case, plan: Plan, s: int) -> Iterator[Rows]:
    product, cover, modules = case.batteries[s], plan.cover_mw[s], float(plan.modules[s])
    power = product.module_mw * modules
    yield Rows.at_most(
        "RES-4",
        "more cover than the power of the battery leaves",
        "MW",
        cover,
        power - plan.discharge_mw[s] + plan.charge_mw[s],
        allowance(POWER_FLOOR_MW, 2 * power, product.module_mw),
        subject=product.name,
    )
    floor = product.soc_min_frac * product.usable_mwh * modules
    usable = product.usable_mwh
    yield Rows.at_most(
        "RES-5",
        "more cover than the stored energy can hold for bridge_h",
        "MWh",
        cover * case.security.bridge_h,
        product.eta_discharge * (plan.soc_mwh[s] - floor),
        allowance(ENERGY_FLOOR_MWH, usable * modules, usable),
        subject=product.name,
    )
