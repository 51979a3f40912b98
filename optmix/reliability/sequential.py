"""Plain chronological simulation of many years: the independent check of the other engines.

It shares nothing with them but the description of the system. Every unit has a history of its own;
storage is charged and discharged step after step. It is simple, and it needs many years where
losses are rare, which is why it only checks.

Each year starts some time before its first step, with units in their long-run state and storage
full, so that the start does not matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InputError, Problem
from optmix.reliability.histories import units_in_service, units_out

if TYPE_CHECKING:
    from numpy.random import Generator

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Convention
    from optmix.reliability.system import System

__all__ = ["SequentialEstimate", "simulate_years"]

YEARS_AT_ONCE = 256
WARM_UP_H = 336.0
SHORT_MW = 1e-9
SAME_H = 1e-9


@dataclass(frozen=True)
class SequentialEstimate:
    """Means over simulated years and their standard errors."""

    lole_h: float
    lole_error_h: float
    eue_mwh: float
    eue_error_mwh: float
    lolf_per_yr: float
    lolf_error_per_yr: float
    years: int


def simulate_years(
    system: System, years: int, seed: int, convention: Convention = "exact"
) -> SequentialEstimate:
    """Simulate years one step after the other.

    Parameters
    ----------
    system
        The system. Its storage products must be of one duration at full power.
    years
        Years to simulate for each operating year, 2 or more.
    seed
        Seed of the random numbers.
    convention
        How steps sample failures and repairs.

    Raises
    ------
    InputError
        Storage products are of unlike duration.
    """
    _refuse_unlike_durations(system)
    random = np.random.default_rng(seed)
    starts = np.flatnonzero(np.diff(system.year, prepend=-1))
    ends = [*starts[1:].tolist(), system.n_steps]
    warm_up = round(WARM_UP_H / system.step_h)
    totals = np.zeros((3, years))
    for start, end in zip(starts.tolist(), ends, strict=True):
        lead = min(end - start, warm_up)
        steps = np.concatenate([np.arange(end - lead, end), np.arange(start, end)])
        for first in range(0, years, YEARS_AT_ONCE):
            n = min(YEARS_AT_ONCE, years - first)
            part = totals[:, first : first + n]
            part += _years(system, steps, lead, n, random, convention)
    mean = totals.mean(axis=1).tolist()
    error = (totals.std(axis=1, ddof=1) / math.sqrt(years)).tolist()
    return SequentialEstimate(mean[0], error[0], mean[1], error[1], mean[2], error[2], years)


def _refuse_unlike_durations(system: System) -> None:
    hours = {
        item.usable_mwh / item.module_mw
        for item in system.storage
        if item.modules and item.module_mw
    }
    if hours and max(hours) - min(hours) > SAME_H * max(hours):
        raise InputError(
            Problem(
                "storage products have unlike durations",
                "system",
                "products of one duration at full power",
                "simulate them one by one, or give all of them the shortest duration",
            )
        )


def _years(
    system: System,
    steps: Ints,
    lead: int,
    n: int,
    random: Generator,
    convention: Convention,
) -> Floats:
    """Return hours, energy and events lost in ``n`` years. Shape (3, n)."""
    causes = [
        units_out(
            len(steps), n, 1, cause.probability, cause.mean_h, system.step_h, random, convention
        )
        for cause in system.common_causes
    ]
    available = np.zeros((len(steps), n))
    for unit in system.units:
        part = units_in_service(unit, steps, n, system.step_h, random, convention)
        part *= unit.capacity_mw[steps][:, None]
        available += _standing(part, unit.name, system, causes)
    surplus = np.maximum(available - system.demand_mw[steps][:, None], 0.0)
    short = np.maximum(system.load_mw[steps][:, None] - available, 0.0)
    if system.storage:
        short = _after_storage(system, steps, surplus, short, causes, random, convention)
    lost = short > SHORT_MW
    begun = lost[1:] & ~lost[:-1]
    hours = system.hours_per_year[steps]
    first = max(lead, 1)
    return np.stack(
        [
            hours[lead:] @ lost[lead:],
            hours[lead:] @ np.where(lost[lead:], short[lead:], 0.0),
            hours[first:] / system.step_h @ begun[first - 1 :],
        ]
    )


def _standing(part: Floats, name: str, system: System, causes: list[Floats]) -> Floats:
    """Return capacity left by common causes."""
    for cause, lasting in zip(system.common_causes, causes, strict=True):
        if name in cause.affects:
            part = part * (1.0 - lasting)
    return part


def _after_storage(
    system: System,
    steps: Ints,
    surplus: Floats,
    short: Floats,
    causes: list[Floats],
    random: Generator,
    convention: Convention,
) -> Floats:
    """Return what storage leaves unserved. Shape (N, n)."""
    n, step_h = surplus.shape[1], system.step_h
    power, energy = np.zeros_like(surplus), np.zeros_like(surplus)
    for item in system.storage:
        out = units_out(
            len(steps), n, item.modules, item.outage_frac, item.mttr_h, step_h, random, convention
        )
        energy += (item.modules - out) * item.usable_mwh
        power += _standing((item.modules - out) * item.module_mw, item.name, system, causes)
    eta_discharge = min(item.eta_discharge for item in system.storage)
    retention = min(item.retention for item in system.storage)
    charge = np.minimum(surplus, power) * step_h * min(item.eta_charge for item in system.storage)
    stored, left = energy[0].copy(), short.copy()
    has_shortage = np.asarray((short > 0).any(axis=1)).tolist()
    has_change = [False] * len(steps)
    if any(item.outage_frac > 0 for item in system.storage):
        has_change[1:] = np.asarray((energy[1:] != energy[:-1]).any(axis=1)).tolist()
    is_full = False
    for t in range(len(steps)):
        if has_change[t]:
            is_full = False
            share = np.divide(energy[t], energy[t - 1], out=np.zeros(n), where=energy[t - 1] > 0)
            stored *= np.minimum(share, 1.0)
        if is_full and not has_shortage[t]:
            continue
        if retention < 1.0:
            stored *= retention
        if has_shortage[t]:
            most = np.minimum(power[t], stored * (eta_discharge / step_h))
            given = np.minimum(short[t], most)
            left[t] -= given
            stored -= given * (step_h / eta_discharge)
            np.maximum(stored, 0.0, out=stored)
        stored += charge[t]
        np.minimum(stored, energy[t], out=stored)
        is_full = retention == 1.0 and bool((stored >= energy[t]).all())
    return left
