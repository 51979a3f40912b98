"""Standby units: how likely one is out when it is called, and trips that nothing covers meanwhile.

Adequacy counts a standby unit that fails to start as out (``UnitClass.unavailable_frac``). What it
cannot see is the time between a trip and the output of the standby unit; that is the transient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InputError, Problem
from optmix.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.system import System

__all__ = ["Transient", "demand_conditional_outage_frac", "fewest_online", "transient"]


@dataclass(frozen=True)
class Transient:
    """Trips of running units in a year, and what nothing covers until standby units run."""

    trips_per_yr: float
    uncovered_trips_per_yr: float
    hours: float


def demand_conditional_outage_frac(
    forced_outage_h: float,
    service_h: float,
    *,
    repair_h: float,
    between_calls_h: float,
    run_h: float,
) -> float:
    r"""Return the probability that a unit is out while it is needed.

    Parameters
    ----------
    forced_outage_h, service_h
        Hours of a period on forced outage, and in service.
    repair_h
        Mean duration of a forced outage.
    between_calls_h
        Mean time between the end of one call and the next.
    run_h
        Mean duration of a call.

    Notes
    -----
    A peaking unit is often repaired while nobody needs it. Of its outage hours only the share

    .. math:: f = \frac{1/r + 1/T}{1/r + 1/T + 1/D}

    falls into calls, and the rate is :math:`f F / (S + f F)`.

    Raises
    ------
    InputError
        A time is not above 0, or hours are negative or both 0.

    Source
    ------
    IEEE Std 762, annex; Billinton & Ge 2004, IEEE Trans. Power Systems 19(3), four-state model.
    """
    times = {"repair_h": repair_h, "between_calls_h": between_calls_h, "run_h": run_h}
    problems = [
        Problem(f"{name} is {value:g}", "standby units", "hours above 0")
        for name, value in times.items()
        if not 0 < value < math.inf
    ]
    if min(forced_outage_h, service_h) < 0 or not forced_outage_h + service_h > 0:
        what = f"{forced_outage_h:g} h on outage and {service_h:g} h in service"
        problems.append(Problem(what, "standby units", "hours of 0 or more, not both 0"))
    if problems:
        raise InputError(problems)
    ending = 1.0 / repair_h + 1.0 / between_calls_h
    in_call_h = ending / (ending + 1.0 / run_h) * forced_outage_h
    return in_call_h / (service_h + in_call_h)


def fewest_online(system: System) -> Ints:
    """Return how many units of each class run if no more run than load needs.

    Classes are loaded in the order of the system, standby classes last. Shape (K, T).
    """
    left_mw = system.load_mw.copy()
    online = np.zeros((len(system.units), system.n_steps), dtype=np.int64)
    for k in sorted(range(len(system.units)), key=lambda k: system.units[k].is_standby):
        unit = system.units[k]
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.ceil(left_mw / unit.capacity_mw - ROUNDING)
        needed = np.where(unit.capacity_mw > 0, needed, 0.0)
        online[k] = np.clip(needed, 0, unit.available_count).astype(np.int64)
        left_mw = np.maximum(left_mw - online[k] * unit.capacity_mw, 0.0)
    return online


def transient(
    system: System, online: Ints | None = None, cover_mw: Floats | None = None
) -> Transient:
    """Return the time a year between trips that nothing covers and the start of other units.

    Parameters
    ----------
    system
        Units, storage and demand.
    online
        Units of each class that run; by default as few as load needs. Shape (K, T).
    cover_mw
        Power that storage and fast demand give at once; by default that of all modules that hold
        it until the next unit runs. Shape (T,).

    Notes
    -----
    A trip takes the output of one unit, all running units being loaded alike. It is covered where
    the headroom of the others and ``cover_mw`` make up for it. Otherwise demand goes short until
    the quickest unit at rest runs; a failed start is tried again. Where no unit is at rest the loss
    lasts until the repair, and is in the loss of load expectation already.
    """
    online = fewest_online(system) if online is None else online
    capacity_mw = np.array([unit.capacity_mw for unit in system.units]).reshape(online.shape)
    running_mw = (online * capacity_mw).sum(axis=0)
    loading = np.minimum(
        1.0,
        np.divide(system.load_mw, running_mw, out=np.zeros_like(running_mw), where=running_mw > 0),
    )
    headroom_mw = running_mw * (1.0 - loading)
    start_h = _quickest_start_h(system, online)
    cover = _storage_cover_mw(system, start_h) if cover_mw is None else cover_mw
    trips = uncovered = short_h = 0.0
    for k, unit in enumerate(system.units):
        rate = system.hours_per_year * unit.failure_rate_per_h * online[k]
        # The unit takes its own headroom with it.
        is_short = capacity_mw[k] > headroom_mw + cover + ROUNDING
        is_short &= np.isfinite(start_h)
        trips += float(rate.sum())
        uncovered += float(rate[is_short].sum())
        short_h += float((rate * np.where(is_short, start_h, 0.0))[is_short].sum())
    return Transient(trips, uncovered, min(short_h, HOURS_PER_YEAR))


ROUNDING = 1e-9
"""MW, or units, by which a need may be missed without being one."""


def _quickest_start_h(system: System, online: Ints) -> Floats:
    """Return the time until the quickest unit at rest runs; infinite where there is none."""
    quickest = np.full(system.n_steps, np.inf)
    for k, unit in enumerate(system.units):
        start_h = unit.start_h / (1.0 - unit.start_failure_frac)
        is_at_rest = (online[k] < unit.available_count) & (unit.capacity_mw > 0)
        quickest = np.where(is_at_rest, np.minimum(quickest, start_h), quickest)
    return quickest


def _storage_cover_mw(system: System, start_h: Floats) -> Floats:
    """Return the power that full storage holds until another unit runs. Shape (T,)."""
    cover = np.zeros(system.n_steps)
    for item in system.storage:
        energy_mwh = item.usable_mwh * item.eta_discharge
        with np.errstate(divide="ignore"):
            held_mw = np.where(start_h > 0, energy_mwh / start_h, np.inf)
        cover += item.modules * np.minimum(item.module_mw, held_mw)
    return cover
