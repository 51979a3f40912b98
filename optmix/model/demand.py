"""Demand: flexible tiers and unserved energy.

Docs: docs/model/demand.md

Adds   curtailed_mw[j,t]  curtailment_allotment_mwh[j,y]  unserved_mw[z,t]

Unserved energy is a set of one member or none: it exists only where it has a price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT", "fast_curtailment_mw"]


def declare(m: Model, case: Case, _window: Window) -> None:
    """Add the demand of each step and what may be curtailed or left unserved."""
    m.TIERS = pyo.Set(initialize=[tier.name for tier in case.tiers])
    m.UNSERVED = pyo.Set(initialize=["unserved"] if case.voll_usd_per_mwh is not None else [])
    m.tier = {tier.name: tier for tier in case.tiers}
    m.tier_limit_mw = {tier.name: tier.limit_mw.tolist() for tier in case.tiers}
    m.demand_mw = case.demand_mw.tolist()
    m.voll_usd_per_mwh = case.voll_usd_per_mwh
    m.curtailed_mw = pyo.Var(m.TIERS, m.TIMES, bounds=lambda m, j, t: (0, m.tier_limit_mw[j][t]))
    m.curtailment_allotment_mwh = pyo.Var(
        m.TIERS,
        m.YEARS,
        bounds=lambda m, j, y: (0, float(m.tier[j].budget_mwh[y]) / m.annual_factor[y]),
    )
    m.unserved_mw = pyo.Var(m.UNSERVED, m.TIMES, bounds=lambda m, _z, t: (0, m.demand_mw[t]))
    m.SHED_TIMES = pyo.Set(initialize=[t for t in m.TIMES if _most_shed_mw(m, t) > m.demand_mw[t]])


def _most_shed_mw(m: Model, t: int) -> float:
    """Return what the bounds of variables alone would let be curtailed and left unserved."""
    tiers = sum(limit[t] for limit in m.tier_limit_mw.values())
    return float(tiers + m.demand_mw[t] * len(m.UNSERVED))


def curtailment_within_allotment(m: Model, j: str, y: int) -> Expr:
    r"""DEM-1  Curtailed energy stays within the allotment, which stays within the annual budget.

    .. math:: \sum_{t \in y} \Delta\, k_{j,t} \le K_{j,y},
        \qquad a_y K_{j,y} \le h_j \phi_j D^{peak}

    Over: TIERS x YEARS.  Units: MWh.
    """
    used = sum(m.step_h * m.curtailed_mw[j, t] for t in m.steps_of_year[y])
    return used <= m.curtailment_allotment_mwh[j, y]


def shed_within_demand(m: Model, t: int) -> Expr:
    r"""DEM-2  No more is curtailed and left unserved than is demanded.

    More would be power from nowhere, which could be sold or stored.

    .. math:: \sum_j k_{j,t} + z_t \le D_t

    Over: SHED_TIMES.  Units: MW.
    """
    curtailed = sum(m.curtailed_mw[j, t] for j in m.TIERS)
    return curtailed + sum(m.unserved_mw[z, t] for z in m.UNSERVED) <= m.demand_mw[t]


def fast_curtailment_mw(m: Model, t: int) -> Expr:
    """Return the fast tiers not yet curtailed in a step."""
    return sum(
        m.tier_limit_mw[j][t] - m.curtailed_mw[j, t] for j, tier in m.tier.items() if tier.is_fast
    )


def injection_mw(m: Model, t: int) -> Expr:
    """Curtailed and unserved demand, less demand."""
    curtailed = sum(m.curtailed_mw[j, t] for j in m.TIERS)
    return curtailed + sum(m.unserved_mw[z, t] for z in m.UNSERVED) - m.demand_mw[t]


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Curtailed and unserved energy."""
    hours = m.hours_per_year
    flexible = sum(
        tier.cost_usd_per_mwh * hours[t] / USD_PER_KUSD * m.curtailed_mw[j, t]
        for j, tier in m.tier.items()
        for t in m.CORE_TIMES
    )
    unserved = sum(
        m.voll_usd_per_mwh * hours[t] / USD_PER_KUSD * m.unserved_mw[z, t]
        for z in m.UNSERVED
        for t in m.CORE_TIMES
    )
    return {"flexible": flexible, "unserved": unserved}


CONCEPT = Concept(
    name="demand",
    declare=declare,
    equations=(
        Equation("DEM-1", ("TIERS", "YEARS"), curtailment_within_allotment),
        Equation("DEM-2", ("SHED_TIMES",), shed_within_demand),
    ),
    injection_mw=injection_mw,
    cost_kusd=cost_kusd,
)
