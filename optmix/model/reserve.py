"""Operating security: the loss of a unit, of the grid, and load steps.

Docs: docs/model/reserve.md

Adds   reserve_mw[t]
Needs  commitment, battery, grid, demand
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.battery import cover_mw
from optmix.model.commitment import block_load_mw, headroom_mw
from optmix.model.concept import Concept, Equation
from optmix.model.demand import fast_curtailment_mw
from optmix.model.grid import import_mw, spare_withdrawal_mw

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add the steps in which each contingency is guarded against."""
    policy = case.security
    m.UNIT_LOSS_TIMES = pyo.Set(initialize=window.steps if policy.loss_of_unit else [])
    m.GRID_LOSS_TIMES = pyo.Set(
        initialize=window.steps if policy.loss_of_grid and case.grid else []
    )
    m.SWING_TIMES = pyo.Set(initialize=window.steps if policy.swing_mw > 0 else [])
    m.RESERVE_TIMES = pyo.Set(initialize=list(m.UNIT_LOSS_TIMES | m.GRID_LOSS_TIMES))
    m.swing_mw = policy.swing_mw
    m.reserve_mw = pyo.Var(m.RESERVE_TIMES, bounds=lambda m, t: (0, _most_reserve_mw(m, t)))


def _most_reserve_mw(m: Model, t: int) -> float:
    """Return the reserve if everything on offer were built and idle."""
    units = sum(unit.n_max * m.pmax_mw[g][t] for g, unit in m.unit.items())
    batteries = sum(2 * item.module_mw * item.n_max for item in m.battery_product.values())
    return float(units + batteries + sum(m.tier_limit_mw[j][t] for j in m.TIERS))


def on_site_reserve(m: Model, t: int) -> Expr:
    r"""RES-0  On-site reserve: headroom of units online, battery cover, fast tiers.

    Stated once a step, so that the rows of each contingency stay short.

    .. math:: H_t + \sum_s r_{s,t} + K_t - \rho_t \ge 0

    Over: RESERVE_TIMES.  Units: MW.
    """
    on_site = headroom_mw(m, t) + cover_mw(m, t) + fast_curtailment_mw(m, t)
    return on_site - m.reserve_mw[t] >= 0


def loss_of_unit(m: Model, g: str, t: int) -> Expr:
    r"""RES-1  What is left carries what was lost when one unit trips.

    .. math:: \rho_t + (W avail_t - imp_t) \ge \overline{p}_{g,t}\, y_g

    Over: UNITS x UNIT_LOSS_TIMES.  Units: MW.
    """
    return m.reserve_mw[t] + spare_withdrawal_mw(m, t) >= m.pmax_mw[g][t] * m.is_present[g]


def loss_of_grid(m: Model, t: int) -> Expr:
    r"""RES-2  What is on site carries the import when the grid trips.

    .. math:: \rho_t \ge imp_t

    Over: GRID_LOSS_TIMES.  Units: MW.
    """
    return m.reserve_mw[t] >= import_mw(m, t)


def load_step(m: Model, t: int) -> Expr:
    r"""RES-3  Batteries and block loading take up a load step.

    .. math:: \sum_s r_{s,t} + \sum_g \phi^{step}_g P_g u_{g,t} \ge S

    Over: SWING_TIMES.  Units: MW.
    """
    return cover_mw(m, t) + block_load_mw(m, t) >= m.swing_mw


CONCEPT = Concept(
    name="reserve",
    declare=declare,
    equations=(
        Equation("RES-0", ("RESERVE_TIMES",), on_site_reserve),
        Equation("RES-1", ("UNITS", "UNIT_LOSS_TIMES"), loss_of_unit),
        Equation("RES-2", ("GRID_LOSS_TIMES",), loss_of_grid),
        Equation("RES-3", ("SWING_TIMES",), load_step),
    ),
)
