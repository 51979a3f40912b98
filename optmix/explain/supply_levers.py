"""Levers on fuel, emissions, flexible demand and maintenance."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from optmix.explain.levers import Lever, named
from optmix.explain.size_levers import many_units
from optmix.model.emissions import potential_lb_per_yr
from optmix.model.fuel import pipeline_mmbtu_per_h
from optmix.rules.measures import potential_tpy_of_one
from optmix.units import LB_PER_SHORT_TON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case, EmissionBudget
    from optmix.data.equipment import FlexibleTier, Stock
    from optmix.model.concept import Expr, Model
    from optmix.schema.operation import Pollutant
    from optmix.schema.site import Site

__all__ = ["most_emitted_tpy", "supply_levers"]

HOURS_PER_DAY = 24.0

MOST_TIER_H = 8784.0
"""Largest budget of a flexible tier that the schema takes."""

LARGE = 10.0
"""Stocks may become so many times as large."""


def supply_levers(site: Site, case: Case) -> Iterator[Lever]:
    """Yield levers on fuel, emissions, flexible demand and maintenance."""
    yield from _emissions(case)
    yield from _gas(site, case)
    for stock in case.stocks:
        yield from _stock(site, case, stock)
    for index, tier in enumerate(case.tiers):
        yield from _tier(site, index, tier)
    yield from _maintenance(case)


def most_emitted_tpy(case: Case, pollutant: Pollutant) -> float:
    """Return more than any fleet of use could emit in a year, in short tons."""
    amounts = [
        many_units(case, unit) * potential_tpy_of_one(unit, pollutant) for unit in case.units
    ]
    return 1.0 + sum(amounts)


def _emissions(case: Case) -> Iterator[Lever]:
    for budget in case.emissions:
        if math.isfinite(budget.cap_tpy):
            q = budget.pollutant
            yield Lever(
                f"emissions.{q}.cap_tpy",
                f"cap_tpy of {q}",
                budget.cap_tpy,
                budget.cap_tpy + most_emitted_tpy(case, q),
                "short ton/yr",
                relations=partial(_potential if budget.is_potential else _actual, budget),
            )


def _actual(budget: EmissionBudget, m: Model, give: Expr) -> Iterator[Expr]:
    for y in m.YEARS:
        per_lb = m.annual_factor[y] / LB_PER_SHORT_TON
        allotted = per_lb * m.emission_allotment_lb[budget.pollutant, y]
        yield allotted <= budget.cap_tpy + give


def _potential(budget: EmissionBudget, m: Model, give: Expr) -> Iterator[Expr]:
    potential = sum(
        potential_lb_per_yr(unit, budget.pollutant) / LB_PER_SHORT_TON * m.n_units[g]
        for g, unit in m.unit.items()
    )
    yield potential <= budget.cap_tpy + give


def _most_fuel_mmbtu_per_h(case: Case) -> float:
    """Return more fuel than any fleet of use burns in an hour."""
    total = 1.0
    for unit in case.units:
        lines = zip(unit.segment_alpha_mmbtu_per_h, unit.segment_beta_mmbtu_per_mwh, strict=True)
        full = max(float(alpha + beta * unit.pmax_mw.max()) for alpha, beta in lines)
        total += many_units(case, unit) * full * float(unit.fuel_factor.max())
    return total


def _gas(site: Site, case: Case) -> Iterator[Lever]:
    most = _most_fuel_mmbtu_per_h(case)
    daily, hourly = site.fuel.mdq_mmbtu_per_day, site.fuel.hourly_max_mmbtu_per_h

    def by_day(m: Model, give: Expr) -> Iterator[Expr]:
        for day in m.MDQ_DAYS:
            yield m.pipeline_allotment_mmbtu[day] <= case.gas.daily_max_mmbtu + give

    def by_hour(m: Model, give: Expr) -> Iterator[Expr]:
        for t in m.TIMES:
            yield pipeline_mmbtu_per_h(m, t) <= case.gas.hourly_max_mmbtu_per_h + give

    if daily is not None:
        field, loosest = "mdq_mmbtu_per_day", daily + HOURS_PER_DAY * most
        yield Lever(f"fuel.{field}", field, daily, loosest, "MMBtu/day", relations=by_day)
    if hourly is not None:
        field, loosest = "hourly_max_mmbtu_per_h", hourly + most
        yield Lever(f"fuel.{field}", field, hourly, loosest, "MMBtu/h", relations=by_hour)


def _stock(site: Site, case: Case, stock: Stock) -> Iterator[Lever]:
    written = next(each for each in site.fuel_stock if each.name == stock.name)
    most = _most_fuel_mmbtu_per_h(case)

    def key(field: str) -> str:
        return named("fuel_stock", stock.name, field)

    def refilled(m: Model, give: Expr) -> Iterator[Expr]:
        for t in m.TIMES:
            per_day = HOURS_PER_DAY * m.refill_mmbtu_per_h[stock.name, t]
            yield per_day <= written.refill_max_mmbtu_per_day + give

    def withdrawn(m: Model, give: Expr) -> Iterator[Expr]:
        for t in m.TIMES:
            yield m.withdrawn_mmbtu_per_h[stock.name, t] <= stock.withdrawal_max_mmbtu_per_h + give

    now = written.refill_max_mmbtu_per_day
    field = "refill_max_mmbtu_per_day"
    what = f"{field} of {stock.name}"
    loosest = now + HOURS_PER_DAY * most
    yield Lever(key(field), what, now, loosest, "MMBtu/day", relations=refilled)
    limit = written.withdrawal_max_mmbtu_per_h
    if limit is not None:
        field = "withdrawal_max_mmbtu_per_h"
        what = f"{field} of {stock.name}"
        yield Lever(key(field), what, limit, limit + most, "MMBtu/h", relations=withdrawn)
    field = "capacity_mmbtu"
    what = f"{field} of {stock.name}"
    now = written.capacity_mmbtu
    yield Lever(key(field), what, now, LARGE * now + HOURS_PER_DAY * most, "MMBtu")


def _tier(site: Site, index: int, tier: FlexibleTier) -> Iterator[Lever]:
    written = site.demand.flexible[index]
    if written.hours_per_year < MOST_TIER_H and written.frac > 0:
        # The budget is in proportion to the hours.
        per_h = (
            (tier.budget_mwh / written.hours_per_year).tolist() if written.hours_per_year else []
        )

        def longer(m: Model, give: Expr) -> Iterator[Expr]:
            for y in m.YEARS:
                used = m.annual_factor[y] * m.curtailment_allotment_mwh[tier.name, y]
                yield used <= per_h[y] * (written.hours_per_year + give)

        yield Lever(
            named("demand.flexible", tier.name, "hours_per_year"),
            f"hours_per_year of {tier.name}",
            written.hours_per_year,
            MOST_TIER_H,
            "h/yr",
            relations=longer if per_h else None,
        )
    if written.frac < 1:
        field = named("demand.flexible", tier.name, "frac")
        yield Lever(field, f"frac of {tier.name}", written.frac, 1.0)


def _maintenance(case: Case) -> Iterator[Lever]:
    if case.maintenance_mode != "scheduled":
        return
    for unit in case.units:
        if unit.planned_outage_h <= 0:
            continue

        def more_at_once(
            m: Model, give: Expr, name: str = unit.name, now: int = unit.max_units_in_maintenance
        ) -> Iterator[Expr]:
            for week in m.WEEKS:
                yield m.in_maintenance[name, week] <= now + give

        field = "max_units_in_maintenance"
        now = unit.max_units_in_maintenance
        yield Lever(
            named("unit", unit.name, field),
            f"{field} of {unit.name}",
            now,
            now + many_units(case, unit),
            "units",
            is_whole=True,
            relations=more_at_once,
        )
    yield Lever("maintenance.mode", "maintenance.mode", case.maintenance_mode, "none")
