"""What the user should know about how a site was read; nothing here stops a solve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.derating import LOWEST_DERATE
from optmix.data.operation import has_import

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.axis import Axis
    from optmix.data.equipment import GridTie, UnitType
    from optmix.data.typical_year import TypicalYear
    from optmix.schema.site import Site

__all__ = ["grid_notes", "maintenance_notes", "station_notes", "unit_notes"]

FAR_DEG = 2.0
"""About 200 km: another climate."""

FAR_UP_M = 150.0
"""Turbines lose nearly 2 % over this height."""


def station_notes(site: Site, stations: Sequence[TypicalYear | None]) -> Iterator[str]:
    """Say where the weather was taken far from the site."""
    place = site.site
    for station in {known.place: known for known in stations if known is not None}.values():
        if abs(station.altitude_m - place.altitude_m) > FAR_UP_M:
            yield (
                f"weather is of {station.place}, {station.altitude_m:g} m high; units are derated "
                f"for the altitude_m = {place.altitude_m:g} of the site"
            )
        north = abs(station.latitude - place.latitude)
        east = abs(station.longitude - place.longitude)
        if max(north, east) > FAR_DEG:
            yield (
                f"weather is of {station.place} at {station.latitude:g}, {station.longitude:g}; "
                f"the site is at {place.latitude:g}, {place.longitude:g}"
            )


def maintenance_notes(site: Site, axis: Axis, mode: str) -> Iterator[str]:
    """Say where planned maintenance is not treated as asked for."""
    if mode != site.maintenance.mode:
        hours = float(axis.year_steps.min()) * axis.step_h
        yield (
            f"a horizon of {hours:g} h is too short to schedule maintenance by week; "
            "capability is lowered by the planned outage share instead"
        )
    weeks = int(np.bincount(axis.week_year).min())
    beyond = [week for week in site.maintenance.blackout_weeks if week > weeks + 1]
    if beyond and mode == "scheduled":
        yield f"blackout_weeks {', '.join(map(str, beyond))}: the horizon has {weeks} weeks"


def grid_notes(site: Site, axis: Axis, grid: GridTie | None) -> Iterator[str]:
    """Say where the tie is not there, and where a charge finds no hour to be charged in."""
    if site.grid is None or grid is None:
        return
    closed_h = float((grid.availability == 0).sum()) * axis.step_h
    day = site.grid.energization_date
    if grid.withdrawal_max_mw > 0 and not has_import(grid):
        hint = "; set [site] operation_start to the day that the first step stands for"
        cause = f" (energization_date {day}{hint})" if day else ""
        yield f"the grid tie is not available in any step{cause}; the site counts as islanded"
    elif closed_h > 0 and site.security.loss_of_unit is None:
        yield (
            f"the grid tie is not available in {closed_h:,.0f} h, and reserve for the loss of a "
            "unit is off by default on a site with a tie; set security.loss_of_unit = true to "
            "hold it"
        )
    if grid.coincident_charge_usd_per_mw_yr > 0:
        weight = np.bincount(axis.year, weights=grid.coincident_weight, minlength=axis.n_years)
        for name, total in zip(axis.year_name, weight.tolist(), strict=True):
            if total == 0:
                yield f"the coincident peak charge has no candidate hour in the horizon of {name}"


def unit_notes(site: Site, units: Sequence[UnitType]) -> Iterator[str]:
    """Say where a unit is used beyond its data."""
    for choice, unit in zip(site.unit, units, strict=True):
        if choice.n_max == 0:
            continue
        lowest = float(unit.pmax_mw.min()) / unit.net_rating_mw
        if lowest <= LOWEST_DERATE:
            yield (
                f"{choice.name} is derated to {lowest:.0%} of its rating in the worst step, where "
                "linear losses are not to be trusted"
            )
        is_bare = (
            choice.emission_controls is False
            if choice.emission_controls is not None
            else not site.site.emission_controls
        )
        if is_bare and choice.uncontrolled_nox_lb_per_mwh is None and choice.nox_lb_per_mwh:
            yield (
                f"{choice.name} is without emission controls but has no "
                "uncontrolled_nox_lb_per_mwh; its controlled rate is used"
            )
