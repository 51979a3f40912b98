"""Emissions: caps on operation or on potential, and prices.

Docs: docs/model/emissions.md

Adds   emission_allotment_lb[q,y]
Needs  commitment, fuel
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import HOURS_PER_YEAR, LB_PER_SHORT_TON, USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT"]


def declare(m: Model, case: Case, _window: Window) -> None:
    """Add the pollutants that are capped, by operation or by potential."""
    m.emission_budget = {budget.pollutant: budget for budget in case.emissions}
    capped = [q for q, budget in m.emission_budget.items() if math.isfinite(budget.cap_tpy)]
    potential = [q for q in capped if m.emission_budget[q].is_potential]
    m.CAPPED = pyo.Set(initialize=[q for q in capped if q not in potential])
    m.CAPPED_POTENTIAL = pyo.Set(initialize=potential)
    m.emission_allotment_lb = pyo.Var(
        m.CAPPED,
        m.YEARS,
        bounds=lambda m, q, y: (
            0,
            m.emission_budget[q].cap_tpy * LB_PER_SHORT_TON / m.annual_factor[y],
        ),
    )


def emitted_lb_per_step(m: Model, q: str, t: int) -> Expr:
    """Return what all units emit of a pollutant in a step, starts included."""
    return sum(
        m.step_h * unit.lb_per_mwh.get(q, 0.0) * m.output_mw[g, t]
        + m.step_h * unit.lb_per_mmbtu.get(q, 0.0) * m.fuel_mmbtu_per_h[g, t]
        + unit.lb_per_start.get(q, 0.0) * m.started[g, t]
        for g, unit in m.unit.items()
    )


def potential_lb_per_yr(unit: UnitType, q: str) -> float:
    """Return what one unit could emit at full load throughout a year."""
    lb_per_mwh = unit.lb_per_mwh.get(q, 0.0)  # type: ignore[call-overload]
    lb_per_mmbtu = unit.lb_per_mmbtu.get(q, 0.0)  # type: ignore[call-overload]
    full_load = max(
        alpha + beta * unit.net_rating_mw
        for alpha, beta in zip(
            unit.segment_alpha_mmbtu_per_h, unit.segment_beta_mmbtu_per_mwh, strict=True
        )
    )
    return float(HOURS_PER_YEAR * (lb_per_mwh * unit.rating_mw + lb_per_mmbtu * full_load))


def actual_within_allotment(m: Model, q: str, y: int) -> Expr:
    r"""EMI-1  What is emitted stays within the allotment, which stays within the cap.

    .. math:: \sum_{t \in y} E_{q,t} \le A_{q,y}, \qquad a_y A_{q,y} \le 2000\, cap_q

    Over: CAPPED x YEARS.  Units: lb.
    """
    emitted = sum(emitted_lb_per_step(m, q, t) for t in m.steps_of_year[y])
    return emitted <= m.emission_allotment_lb[q, y]


def potential_within_cap(m: Model, q: str) -> Expr:
    r"""EMI-2  What the fleet could emit at 8,760 h a year stays within the cap.

    .. math:: \sum_g n_g P_g\, 8760\, ef_{g,q} \le 2000\, cap_q

    Over: CAPPED_POTENTIAL.  Units: short tons per year.
    """
    potential = sum(
        potential_lb_per_yr(unit, q) / LB_PER_SHORT_TON * m.n_units[g] for g, unit in m.unit.items()
    )
    return potential <= m.emission_budget[q].cap_tpy


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Prices of what is emitted."""
    return {
        "emissions": sum(
            budget.price_usd_per_ton
            / LB_PER_SHORT_TON
            * m.events_per_year[t]
            / USD_PER_KUSD
            * emitted_lb_per_step(m, q, t)
            for q, budget in m.emission_budget.items()
            if budget.price_usd_per_ton > 0
            for t in m.CORE_TIMES
        )
    }


CONCEPT = Concept(
    name="emissions",
    declare=declare,
    equations=(
        Equation("EMI-1", ("CAPPED", "YEARS"), actual_within_allotment),
        Equation("EMI-2", ("CAPPED_POTENTIAL",), potential_within_cap),
    ),
    cost_kusd=cost_kusd,
)
