"""Power: peak demand, ramps and load steps against what can be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import impossible, suspicious
from optmix.data.screens.installable import installable, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["screen_peak", "screen_ramp", "screen_swing"]

SLACK_MW = 1e-6
"""Rounding of sums of a few thousand MW."""


def screen_peak(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare demand with everything that can be installed, in the step of the worst margin.

    That step is usually the hottest one, because units are derated there.
    """
    most = installable(case)
    margin = most.total_mw - case.demand_mw
    t = int(np.argmin(margin))
    if margin[t] >= -SLACK_MW:
        return
    told = (
        f"demand of {case.demand_mw[t]:,.1f} MW at {local_time(case, t)} ({case.temp_c[t]:.1f} "
        f"degC) exceeds the {most.total_mw[t]:,.1f} MW that can be installed: {most.told(t)}"
    )
    where = site.origin.where("unit")
    if case.voll_usd_per_mwh is None:
        yield impossible(told, where, "raise n_max or withdrawal_max_mw, or lower demand")
    else:
        yield suspicious(told, where, "the rest is unserved at the value of lost load")


def screen_ramp(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare the largest change of demand between steps with what could follow it.

    A unit that is online changes by its ramp and one that starts or stops by the larger of its
    ramp and its minimum load; with a minimum down time of a step or more no unit does both. A
    battery turns from full charge to full discharge, the tie from nothing to its limit.
    """
    most = installable(case)
    units_mw = sum(unit.n_max * _change_mw(unit) for unit in case.units)
    export_mw = case.grid.export_max_mw if case.grid else 0.0
    before = np.array([case.axis.before(t) for t in range(case.axis.n_steps)])
    change = case.demand_mw - case.demand_mw[before]
    tie = np.maximum(most.grid_mw, most.grid_mw[before]) + export_mw
    flexible = np.maximum(most.flexible_mw, most.flexible_mw[before])
    follow = units_mw + 2 * most.battery_mw + tie + flexible
    margin = follow - np.abs(change)
    t = int(np.argmin(margin))
    if margin[t] >= -SLACK_MW or case.voll_usd_per_mwh is not None:
        return
    yield impossible(
        f"demand changes by {change[t]:+,.1f} MW at {local_time(case, t)}, and everything that can "
        f"be installed follows at most {follow[t]:,.1f} MW in a step",
        site.origin.where("unit"),
        "raise n_max, offer a battery, or use longer steps",
    )


def _change_mw(unit: UnitType) -> float:
    largest = float(unit.pmax_mw.max())
    if unit.ramp_mw_per_step >= largest or unit.min_down_steps < 1:
        return largest
    return min(largest, max(unit.ramp_mw_per_step, float(unit.pmin_mw.max())))


def screen_swing(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare the load step to be met at once (RES-3) with batteries and block loads.

    A battery gives at most twice its power, from full charge to full discharge.
    """
    units_mw = sum(unit.n_max * unit.step_mw for unit in case.units)
    most_mw = units_mw + 2 * sum(each.n_max * each.module_mw for each in case.batteries)
    if case.security.swing_mw > most_mw + SLACK_MW:
        yield impossible(
            f"a load step of {case.security.swing_mw:,.1f} MW exceeds the {most_mw:,.1f} MW that "
            "batteries and the block loads of all units could take up",
            site.origin.where("security", "swing_mw"),
            "offer a battery, or lower swing_mw",
        )
