"""A first point: enough units of the one type that is cheapest alone, maintenance spread evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.solve.decomposition.prices import full_load_usd_per_mwh
from optmix.units import HOURS_PER_WEEK, HOURS_PER_YEAR

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.decomposition.master import Master, Point

__all__ = [
    "even_maintenance",
    "first_point",
    "point_of_plan",
    "with_even_maintenance",
    "with_maintenance_like",
]


def first_point(case: Case, master: Master) -> Point:
    """Return a point that serves demand, or comes near it, at a cost of the right size."""
    values = dict.fromkeys(master.keys, 0.0)
    missing = _after_grid(case, values)
    for unit in sorted(case.units, key=lambda unit: _cost_usd_per_mw(case, unit)):
        out = 1.0 + unit.planned_outage_h / HOURS_PER_YEAR
        capability = np.maximum(unit.pmax_mw, 1e-3)
        wanted = float(np.max((missing + capability) / capability)) * out
        count = float(np.clip(np.ceil(wanted) if missing.max() > 0 else 0, unit.n_min, unit.n_max))
        if count > 0:
            values["n_units", unit.name] = count
            values["is_present", unit.name] = 1.0
            missing = missing - (count - 1) / out * unit.pmax_mw
    _add_batteries(case, values)
    return with_even_maintenance(case, master, master.priced(values))


def point_of_plan(case: Case, master: Master, plan: Plan) -> Point:
    """Return the point of a plan's sizes and weeks; all else is as in the first point."""
    values, place = first_point(case, master).values.copy(), master.place
    _, first = np.unique(case.axis.week, return_index=True)
    known: dict[Key, float] = {}
    for unit, n_units, out in zip(case.units, plan.units, plan.in_maintenance, strict=True):
        known["n_units", unit.name] = n_units
        known["is_present", unit.name] = n_units > 0
        known |= {("in_maintenance", (unit.name, k)): n for k, n in enumerate(out[first])}
    for item, n_modules in zip(case.batteries, plan.modules, strict=True):
        known["n_modules", item.name] = n_modules
    for key in place:
        if key[0] in ("withdrawal_mw", "has_tie"):
            known[key] = plan.withdrawal_mw if key[0] == "withdrawal_mw" else plan.has_grid
    for key, value in known.items():
        if key in place:
            values[place[key]] = float(value)
    return master.at(values)


def _after_grid(case: Case, values: dict[Key, float]) -> Floats:
    """Contract the whole withdrawal, and return the demand that is left."""
    if case.grid is None:
        return case.demand_mw.copy()
    for key in values:
        if key[0] in ("withdrawal_mw", "peak_mw"):
            values[key] = case.grid.withdrawal_max_mw
        if key[0] == "has_tie":
            values[key] = 1.0
    return np.asarray(case.demand_mw - case.grid.availability * case.grid.withdrawal_max_mw)


def _cost_usd_per_mw(case: Case, unit: UnitType) -> float:
    """Return the yearly cost of a MW of this type that runs as demand does on average."""
    fixed = (unit.capital_usd_per_yr + unit.fom_usd_per_yr) / unit.net_rating_mw
    load_factor = float(np.mean(case.demand_mw) / max(float(np.max(case.demand_mw)), 1e-9))
    return fixed + HOURS_PER_YEAR * load_factor * full_load_usd_per_mwh(unit)


def _add_batteries(case: Case, values: dict[Key, float]) -> None:
    """Build the cheapest power of battery that takes up load steps and the loss of a unit."""
    if not case.batteries:
        return
    largest = max((float(unit.pmax_mw.max()) for unit in case.units), default=0.0)
    wanted = max(case.security.swing_mw, largest if case.security.loss_of_unit else 0.0)
    best = min(
        case.batteries, key=lambda b: (b.capital_usd_per_yr + b.fom_usd_per_yr) / b.module_mw
    )
    energy_mwh = best.usable_mwh * best.eta_discharge * (best.soc_max_frac - best.soc_min_frac)
    power_mw = min(best.module_mw, energy_mwh / max(case.security.bridge_h, 1e-9))
    modules = np.ceil(wanted / max(power_mw, 1e-9))
    values["n_modules", best.name] = float(np.clip(modules, best.n_min, best.n_max))


def with_even_maintenance(case: Case, master: Master, point: Point) -> Point:
    """Return the point with planned outages spread evenly over the weeks that are open to them."""
    values = point.values.copy()
    for unit in case.units:
        for year in range(case.axis.n_years):
            places = _open_weeks(case, master, unit, year)
            if len(places):
                need = _need_weeks(case, master, unit, year, values)
                values[places] = _within_limit(master, unit, values, need / len(places))
    return master.at(values)


def even_maintenance(case: Case, master: Master) -> list[tuple[int, int, float]]:
    """Return maintenance of each week as a multiple of units: places of both, and the multiple."""
    ties = []
    for unit in case.units:
        for year in range(case.axis.n_years):
            places = _open_weeks(case, master, unit, year)
            need_h = unit.planned_outage_h / float(case.axis.annual_factor[year])
            units = master.place["n_units", unit.name]
            ties += [(int(p), units, need_h / HOURS_PER_WEEK / len(places)) for p in places]
    return ties


def with_maintenance_like(case: Case, master: Master, point: Point, model: Point) -> Point:
    """Return the point with planned outages spread as at another point, for its own sizes.

    What is good for some sizes is a better start for others than what the master guesses.
    """
    values = with_even_maintenance(case, master, point).values.copy()
    for unit in case.units:
        for year in range(case.axis.n_years):
            places = _open_weeks(case, master, unit, year)
            pattern = model.values[places]
            if pattern.sum() > 0:
                need = _need_weeks(case, master, unit, year, values)
                scaled = pattern * (need / pattern.sum())
                values[places] = _within_limit(master, unit, values, scaled)
    return master.at(values)


def _open_weeks(case: Case, master: Master, unit: UnitType, year: int) -> Ints:
    """Return the places of the weeks of a year in which a type may be out."""
    axis = case.axis
    weeks = np.flatnonzero((axis.week_year == year) & ~case.is_blackout_week)
    keys = [("in_maintenance", (unit.name, int(week))) for week in weeks]
    found = [master.place[key] for key in keys if key in master.place]
    return np.array(found, dtype=np.int64)


def _need_weeks(case: Case, master: Master, unit: UnitType, year: int, values: Floats) -> float:
    """Return the unit-weeks of planned outage that a year needs."""
    need_h = unit.planned_outage_h / float(case.axis.annual_factor[year])
    return float(need_h / HOURS_PER_WEEK * values[master.place["n_units", unit.name]])


def _within_limit(
    master: Master, unit: UnitType, values: Floats, wanted: Floats | float
) -> Floats | float:
    n_units = float(values[master.place["n_units", unit.name]])
    return np.minimum(wanted, min(unit.max_units_in_maintenance, n_units))
