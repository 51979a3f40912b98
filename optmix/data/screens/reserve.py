"""Reserve and minimum load: whether any fleet can ride through the loss of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import impossible
from optmix.data.screens.installable import installable, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["screen_loss_of_unit", "screen_low_demand"]

SLACK_MW = 1e-6


def screen_loss_of_unit(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare what can be installed with demand plus the largest unit (RES-1).

    In the balance of a step, headroom and battery cover together are at most the capability of
    the units, batteries, tie and flexible demand less demand. A fleet whose largest unit is of
    type g has only types of units no larger than that, so for some g (or without any unit) these
    must exceed demand by one unit of g, in every step. No type has to be left out for this: where
    it holds without a type, it holds with it.
    """
    if not case.security.loss_of_unit or case.voll_usd_per_mwh is not None:
        return
    units = [unit for unit in case.units if unit.n_max > 0]
    most = installable(case)
    spare_mw = most.total_mw - case.demand_mw
    rest_mw = spare_mw - most.thermal_mw
    pmax = np.array([unit.pmax_mw for unit in units]).reshape(-1, case.axis.n_steps)
    count = np.array([unit.n_max for unit in units])
    forced = [unit.pmax_mw for unit in units if unit.n_min > 0]
    least = np.max(forced, axis=0) if forced else np.zeros_like(spare_mw)
    best = np.where(least > 0, -np.inf, rest_mw)
    for size in pmax:
        fleet = (count[:, None] * np.where(pmax <= size, pmax, 0.0)).sum(axis=0)
        best = np.maximum(best, np.where(size >= least, rest_mw + fleet - size, -np.inf))
    t = int(np.argmin(best))
    if best[t] < -SLACK_MW:
        yield impossible(
            f"at {local_time(case, t)} no choice of units leaves enough after the loss of one: "
            f"demand {case.demand_mw[t]:,.1f} MW, at most {most.total_mw[t]:,.1f} MW installed "
            f"({most.told(t)}), {-best[t]:,.1f} MW short",
            site.origin.where("security", "loss_of_unit"),
            "raise n_max of a small unit or of batteries, or set security.loss_of_unit = false",
        )


def screen_low_demand(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Compare the lowest demand with the least that units can be turned down to.

    It holds where units serve alone: no tie, no battery, no value of lost load. Units online make
    at least their minimum load and together no more than demand ``D``, so no unit runs in a step
    whose demand is below every minimum load. And at most ``D r`` MW are online, where ``r`` is the
    largest ratio of full to minimum load, so that headroom is at most ``D (r - 1)``; the loss of
    one unit (RES-1) needs that to be one unit at least.
    """
    units = [unit for unit in case.units if unit.n_max > 0]
    most = installable(case)
    has_other = most.battery_mw > 0 or case.grid is not None or case.voll_usd_per_mwh is not None
    needs_unit = bool((case.demand_mw > most.flexible_mw + SLACK_MW).any())
    if has_other or not units or not needs_unit:
        return
    pmin = np.array([unit.pmin_mw for unit in units])
    pmax = np.array([unit.pmax_mw for unit in units])
    yield from _below_minimum(site, case, pmin.min(axis=0), most.flexible_mw)
    if not case.security.loss_of_unit or (pmin <= 0).any():
        return
    headroom = case.demand_mw * ((pmax / pmin).max(axis=0) - 1) + most.fast_mw
    short = pmax.min(axis=0) - headroom
    t = int(np.argmax(short))
    if short[t] > SLACK_MW:
        yield impossible(
            f"demand of {case.demand_mw[t]:,.1f} MW at {local_time(case, t)} keeps too few units "
            f"online at minimum load: headroom is at most {headroom[t]:,.1f} MW, and the loss of "
            f"the smallest unit takes {pmax.min(axis=0)[t]:,.1f} MW",
            site.origin.where("security", "loss_of_unit"),
            "offer a battery or a smaller unit, or set security.loss_of_unit = false",
        )


def _below_minimum(
    site: Site, case: Case, least_mw: Floats, flexible_mw: Floats
) -> Iterator[ScreenFinding]:
    margin = np.where(case.demand_mw - flexible_mw > SLACK_MW, case.demand_mw - least_mw, 0.0)
    t = int(np.argmin(margin))
    if margin[t] < -SLACK_MW:
        yield impossible(
            f"demand of {case.demand_mw[t]:,.2f} MW at {local_time(case, t)} is below the minimum "
            f"load of the smallest unit, {least_mw[t]:,.2f} MW, and there is neither grid nor "
            "battery to take the rest",
            site.origin.where("unit"),
            "offer a battery or a smaller unit",
        )
