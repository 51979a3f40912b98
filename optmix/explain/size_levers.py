"""Levers on sizes, demand and security."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.explain.levers import Lever, named
from optmix.model.assemble import CONCEPTS
from optmix.model.battery import cover_mw
from optmix.model.commitment import block_load_mw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.explain.levers import Relations
    from optmix.model.concept import Expr, Model
    from optmix.schema.site import Site

__all__ = ["many_units", "size_levers"]

PEAKS = 2.0
"""What may be built on top, in terms of the peak demand: enough for it and for its reserve."""

BATTERY_H = 24.0
"""Hours of peak demand that modules on top may hold."""

LEAST_DEMAND_FRAC = 0.01
"""Demand is not lowered further than this."""


def size_levers(site: Site, case: Case) -> Iterator[Lever]:
    """Yield levers on what may or must be built, on demand, and on security."""
    for unit in case.units:
        yield from _counts("unit", "n_units", unit, many_units(case, unit))
    peak = float(case.demand_mw.max())
    for item in case.batteries:
        power = math.ceil(PEAKS * peak / item.module_mw) if item.module_mw > 0 else 0
        energy = math.ceil(BATTERY_H * peak / item.usable_mwh) if item.usable_mwh > 0 else 0
        yield from _counts("battery", "n_modules", item, item.n_max + max(power, energy) + 1)
    if case.grid is not None:
        yield from _tie(case, peak)
    yield from _demand(site, case)
    yield from _security(site, case)


def many_units(case: Case, unit: UnitType) -> int:
    """Return so many units of a type that more are of no use."""
    largest = float(unit.pmax_mw.max())
    peak = float(case.demand_mw.max())
    return unit.n_max + (math.ceil(PEAKS * peak / largest) if largest > 0 else 0) + 1


def _counts(table: str, variable: str, item: object, many: int) -> Iterator[Lever]:
    name: str = item.name  # type: ignore[attr-defined]
    n_min: int = item.n_min  # type: ignore[attr-defined]
    n_max: int = item.n_max  # type: ignore[attr-defined]
    unit = "units" if table == "unit" else "modules"

    def at_most(m: Model, give: Expr) -> Iterator[Expr]:
        yield m.component(variable)[name] <= n_max + give

    def at_least(m: Model, give: Expr) -> Iterator[Expr]:
        yield m.component(variable)[name] >= n_min - give

    def lever(field: str, value: int, loosest: int, relations: Relations) -> Lever:
        key = named(table, name, field)
        return Lever(key, f"{field} of {name}", value, loosest, unit, True, relations=relations)

    yield lever("n_max", n_max, many, at_most)
    if n_min > 0:
        yield lever("n_min", n_min, 0, at_least)


def _tie(case: Case, peak: float) -> Iterator[Lever]:
    tie = case.grid
    if tie is None:
        return

    def withdrawal(m: Model, give: Expr) -> Iterator[Expr]:
        yield m.withdrawal_mw["grid"] <= tie.withdrawal_max_mw + give

    def export(m: Model, give: Expr) -> Iterator[Expr]:
        for t in m.TIMES:
            share = m.availability[t]
            yield m.export_mw["grid", t] <= share * tie.export_max_mw + share * give

    for field, value, relations in (
        ("withdrawal_max_mw", tie.withdrawal_max_mw, withdrawal),
        ("export_max_mw", tie.export_max_mw, export),
    ):
        loosest = value + PEAKS * peak + 1.0
        yield Lever(f"grid.{field}", field, value, loosest, "MW", relations=relations)


def _demand(site: Site, case: Case) -> Iterator[Lever]:
    """Yield the peak, to which all of demand is in proportion."""
    demand = site.demand
    has_own = any(year.demand is not None for year in site.operating_year)
    if has_own or (demand.peak_mw is None and demand.pue is not None):
        return
    peak = float(case.demand_mw.max()) if demand.peak_mw is None else demand.peak_mw
    if peak <= 0 or (demand.peak_mw is None and case.axis.n_years > 1):
        return
    share = (case.demand_mw / peak).tolist()

    def lower(m: Model, give: Expr) -> Iterator[Expr]:
        m.balance_rows.power_balance.deactivate()
        for t in m.TIMES:
            yield sum(each.injection_mw(m, t) for each in CONCEPTS) + share[t] * give == 0

    yield Lever(
        "demand.peak_mw",
        "the peak of demand",
        peak,
        LEAST_DEMAND_FRAC * peak,
        "MW",
        relations=lower,
        is_loose_already=True,
    )


def _security(site: Site, case: Case) -> Iterator[Lever]:
    policy = case.security
    if policy.swing_mw > 0:

        def smaller(m: Model, give: Expr) -> Iterator[Expr]:
            for t in m.TIMES:
                yield cover_mw(m, t) + block_load_mw(m, t) >= policy.swing_mw - give

        yield Lever("security.swing_mw", "swing_mw", policy.swing_mw, 0.0, "MW", relations=smaller)
    if policy.loss_of_unit:
        value = site.security.loss_of_unit
        yield Lever("security.loss_of_unit", "security.loss_of_unit", value, loosest=False)
    if policy.loss_of_grid and case.grid is not None:
        value = site.security.loss_of_grid
        yield Lever("security.loss_of_grid", "security.loss_of_grid", value, loosest=False)
