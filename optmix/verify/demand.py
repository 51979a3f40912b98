"""Demand is met.

BAL-1  ``sum p + sum (d - c) + imp - exp + sum k + z = D + sum aux``
FLX-1  ``k[j,t] <= frac * D[t]``
FLX-2  ``annual factor * sum of step_h * k <= hours * frac * peak`` in each operating year
UNS-1  ``z = 0`` where the site gives no value of lost load
UNS-2  ``sum k + z <= D``: what is not demanded cannot be left unserved
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.battery import auxiliaries_mw
from optmix.verify.horizon import year_sum
from optmix.verify.rows import Rows
from optmix.verify.tolerances import ENERGY_FLOOR_MWH, POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["demand"]


def demand(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of BAL-1, FLX-1, FLX-2, UNS-1 and UNS-2."""
    yield _balance(case, plan)
    for j in range(len(case.tiers)):
        yield from _tier(case, plan, j)
    if case.voll_usd_per_mwh is None:
        what = "unserved energy on a site that must be served in full"
        yield Rows.at_most("UNS-1", what, "MW", plan.unserved_mw, 0.0, POWER_FLOOR_MW)
    yield Rows.at_most(
        "UNS-2",
        "more curtailed and unserved than demanded",
        "MW",
        plan.curtailed_mw.sum(axis=0) + plan.unserved_mw,
        case.demand_mw,
        allowance(POWER_FLOOR_MW, case.demand_mw),
    )


def _balance(case: Case, plan: Plan) -> Rows:
    sources = (
        plan.output_mw.sum(axis=0)
        + plan.discharge_mw.sum(axis=0)
        + plan.import_mw
        + plan.curtailed_mw.sum(axis=0)
        + plan.unserved_mw
    )
    uses = case.demand_mw + auxiliaries_mw(case, plan)
    uses = uses + plan.charge_mw.sum(axis=0) + plan.export_mw
    return Rows.equal(
        "BAL-1",
        "supply and demand differ",
        "MW",
        sources,
        uses,
        allowance(POWER_FLOOR_MW, uses, sum(product.aux_mw for product in case.batteries)),
    )


def _tier(case: Case, plan: Plan, j: int) -> Iterator[Rows]:
    tier, curtailed = case.tiers[j], plan.curtailed_mw[j]
    yield Rows.at_most(
        "FLX-1",
        "more demand curtailed than the tier holds",
        "MW",
        curtailed,
        tier.limit_mw,
        allowance(POWER_FLOOR_MW, tier.limit_mw),
        subject=tier.name,
    )
    yield Rows.at_most(
        "FLX-2",
        "more energy curtailed in a year than the budget of the tier",
        "MWh",
        year_sum(case.axis, case.axis.step_h * curtailed),
        tier.budget_mwh,
        allowance(ENERGY_FLOOR_MWH, tier.budget_mwh),
        subject=tier.name,
        part_of_step=case.axis.year,
    )
