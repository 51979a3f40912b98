"""Choices that contradict each other, or that cannot be used to the full."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import impossible, suspicious
from optmix.units import HOURS_PER_WEEK, HOURS_PER_YEAR, LB_PER_SHORT_TON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.operation import Pollutant
    from optmix.schema.site import Site

__all__ = ["screen_choices", "screen_maintenance", "screen_potential_emissions"]


def screen_choices(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find a site that offers nothing, and a demand of nothing."""
    has_grid = case.grid is not None and case.grid.withdrawal_max_mw > 0
    if not has_grid and not any(unit.n_max for unit in case.units):
        told = "no unit may be built (n_max = 0 throughout) and there is no grid to draw from"
        if case.demand_mw.any() and case.voll_usd_per_mwh is None:
            yield impossible(told, site.origin.where("unit"), "set n_max of some unit")
        else:
            yield suspicious(told, site.origin.where("unit"))
    if not case.demand_mw.any():
        yield suspicious("demand is zero throughout", site.origin.where("demand"))


def screen_maintenance(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find types that planned maintenance keeps below ``n_max``, or below ``n_min``.

    Over the open weeks of a year no more than ``max_units_in_maintenance`` unit-weeks each are
    possible, and every unit needs its planned outage.
    """
    if case.maintenance_mode != "scheduled":
        return
    for index, unit in enumerate(case.units):
        if unit.planned_outage_h <= 0:
            continue
        most = min(_maintainable(case, unit, year) for year in range(case.axis.n_years))
        where = site.origin.where("unit", index, "max_units_in_maintenance")
        told = (
            f"planned maintenance of {unit.planned_outage_h:g} h a year with at most "
            f"{unit.max_units_in_maintenance} at a time allows {most} units of {unit.name}"
        )
        hint = "raise max_units_in_maintenance, or open blackout_weeks"
        if most < unit.n_min:
            yield impossible(f"{told}, and n_min is {unit.n_min}", where, hint)
        elif most < unit.n_max:
            yield suspicious(f"{told}, fewer than n_max = {unit.n_max}", where, hint)


def _maintainable(case: Case, unit: UnitType, year: int) -> int:
    is_open = (case.axis.week_year == year) & ~case.is_blackout_week
    unit_hours = float(is_open.sum()) * HOURS_PER_WEEK * unit.max_units_in_maintenance
    return math.floor(float(case.axis.annual_factor[year]) * unit_hours / unit.planned_outage_h)


def screen_potential_emissions(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare the potential to emit of ``n_min`` units with a cap on that basis."""
    for budget in case.emissions:
        if not budget.is_potential or math.isinf(budget.cap_tpy):
            continue
        least_tpy = sum(unit.n_min * _potential_tpy(unit, budget.pollutant) for unit in case.units)
        where = site.origin.where("emissions", budget.pollutant, "cap_tpy")
        if least_tpy > budget.cap_tpy * (1 + 1e-9):
            yield impossible(
                f"the potential to emit {budget.pollutant} of the units that must be built is "
                f"{least_tpy:,.1f} short tons a year, and the cap {budget.cap_tpy:,.1f}",
                where,
                "lower n_min or raise the cap",
            )
        for unit in case.units:
            one_tpy = _potential_tpy(unit, budget.pollutant)
            if unit.n_min == 0 < unit.n_max and one_tpy > budget.cap_tpy * (1 + 1e-9):
                yield suspicious(
                    f"{unit.name} can never be built: the potential to emit {budget.pollutant} of "
                    f"one is {one_tpy:,.1f} short tons a year, and the cap {budget.cap_tpy:,.1f}",
                    where,
                )


def _potential_tpy(unit: UnitType, pollutant: Pollutant) -> float:
    """Return short tons a year of one unit at full load in every hour."""
    by_output = unit.lb_per_mwh.get(pollutant, 0.0) * unit.rating_mw
    fuel = unit.segment_alpha_mmbtu_per_h + unit.segment_beta_mmbtu_per_mwh * unit.net_rating_mw
    by_fuel = unit.lb_per_mmbtu.get(pollutant, 0.0) * float(np.max(fuel))
    return (by_output + by_fuel) * HOURS_PER_YEAR / LB_PER_SHORT_TON
