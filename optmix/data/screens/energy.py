"""Energy: what can be generated over a stretch of time, and the fuel for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import impossible
from optmix.data.screens.installable import installable, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["screen_energy", "screen_fuel"]

SLACK = 1e-6
"""Share of the demand of a year that rounding may take."""


def screen_energy(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find the stretch of time in which demand outruns generation by more than batteries hold.

    Over any stretch, batteries give at most what they held at its start plus what was put in, so
    demand less generation, surplus included, cannot exceed their energy from full to empty.
    """
    most = installable(case)
    if case.voll_usd_per_mwh is not None or most.battery_mw == 0:
        return  # without a battery the screen of the peak says it all
    without_battery = most.total_mw - most.battery_mw
    for year in range(case.axis.n_years):
        steps = case.axis.steps_of_year(year)
        deficit = (case.demand_mw - without_battery)[steps.start : steps.stop] * case.axis.step_h
        first, last, short_mwh = _worst_stretch(deficit)
        slack_mwh = SLACK * float(case.demand_mw[steps.start : steps.stop].sum())
        if short_mwh <= most.battery_mwh + slack_mwh:
            continue
        begin, end = local_time(case, steps.start + first), local_time(case, steps.start + last)
        yield impossible(
            f"from {begin} to {end} demand exceeds units, grid and flexible demand by "
            f"{short_mwh:,.1f} MWh, and all batteries hold {most.battery_mwh:,.1f} MWh",
            site.origin.where("unit"),
            "raise n_max of units or batteries",
        )


def _worst_stretch(deficit_mwh: Floats) -> tuple[int, int, float]:
    """Return first and last step, and the sum, of the stretch with the largest sum."""
    total = np.concatenate([[0.0], np.cumsum(deficit_mwh)])
    rise = total[1:] - np.minimum.accumulate(total[:-1])
    last = int(np.argmax(rise))
    first = int(np.argmin(total[: last + 1]))
    return first, last, float(rise[last])


def screen_fuel(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare demand over each year with what the fuel at hand can generate at best.

    Stocks return to where they began, so over a year they give what they are refilled with.
    """
    if case.voll_usd_per_mwh is not None:
        return
    most = installable(case)
    for year in range(case.axis.n_years):
        steps = slice(case.axis.steps_of_year(year).start, case.axis.steps_of_year(year).stop)
        hours = float(case.axis.year_steps[year]) * case.axis.step_h
        other_mw = most.grid_mw[steps] + most.flexible_mw[steps]
        other_mwh = float(other_mw.sum()) * case.axis.step_h
        gas_mwh = _energy_mwh(case, "natural_gas", _pipeline_mmbtu(case, steps), hours)
        diesel_mwh = _energy_mwh(case, "diesel", 0.0, hours)
        need_mwh = float(case.demand_mw[steps].sum()) * case.axis.step_h
        most_mwh = other_mwh + gas_mwh + diesel_mwh
        if need_mwh <= most_mwh * (1 + SLACK):
            continue
        yield impossible(
            f"demand of {need_mwh:,.0f} MWh exceeds what the fuel at hand can generate: gas "
            f"{gas_mwh:,.0f}, diesel {diesel_mwh:,.0f}, grid and flexible demand {other_mwh:,.0f}",
            site.origin.where("fuel"),
            "raise mdq_mmbtu_per_day or hourly_max_mmbtu_per_h, or the refill of stocks",
        )


def _pipeline_mmbtu(case: Case, steps: slice) -> float:
    """Return the most gas that the pipeline brings over a year."""
    gas = case.gas
    day_h = np.bincount(case.axis.day[steps] - case.axis.day[steps][0]) * case.axis.step_h
    with np.errstate(invalid="ignore"):
        by_day = np.minimum(gas.daily_max_mmbtu, gas.hourly_max_mmbtu_per_h * day_h)
    return float(by_day.sum())


def _energy_mwh(case: Case, fuel: str, pipeline_mmbtu: float, hours: float) -> float:
    """Return the most energy that units can make of a fuel over a year."""
    units = [unit for unit in case.units if unit.fuel == fuel and unit.n_max > 0]
    if not units:
        return 0.0
    refill = sum(s.refill_max_mmbtu_per_h for s in case.stocks if s.fuel == fuel) * hours
    best = min(_best_heat_rate(unit) for unit in units)
    return (pipeline_mmbtu + refill) / best if best > 0 else math.inf


def _best_heat_rate(unit: UnitType) -> float:
    """Return the lowest fuel per MWh at any load, without the ambient penalty.

    Fuel over output is monotone along each line, so it is lowest at an end of one.
    """
    alpha, beta = unit.segment_alpha_mmbtu_per_h, unit.segment_beta_mmbtu_per_mwh
    slope = np.where(np.diff(beta) > 0, np.diff(beta), 1.0)
    corners = -np.diff(alpha) / slope
    loads = np.array([float(unit.pmin_mw.min()), *corners, float(unit.pmax_mw.max())])
    loads = loads[loads > 0]
    fuel = (alpha + np.multiply.outer(loads, beta)).max(axis=-1)
    return float((fuel / loads).min())
