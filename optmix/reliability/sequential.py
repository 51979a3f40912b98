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

NUMBERS_AT_ONCE = 2_400_000
"""Capacities held at once: few steps allow many years together, and one pass costs the same."""

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
        at_once = max(1, NUMBERS_AT_ONCE // len(steps))
        for first in range(0, years, at_once):
            n = min(at_once, years - first)
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
    store = _Store(system, len(steps), n, causes, random, convention) if system.storage else None
    demand, load = system.demand_mw[steps], system.load_mw[steps]
    has_shortage = (available.min(axis=1) < load).tolist()
    hours = system.hours_per_year[steps]
    totals, was_lost = np.zeros((3, n)), np.zeros(n, dtype=bool)
    for t in range(len(steps)):
        if not has_shortage[t] and (store is None or store.rests(t)):
            was_lost[:] = False
            continue
        short = np.maximum(load[t] - available[t], 0.0)
        if store is not None:
            short -= store.given(t, short, np.maximum(available[t] - demand[t], 0.0))
        lost = short > SHORT_MW
        if t >= lead and lost.any():
            totals[0] += hours[t] * lost
            totals[1] += hours[t] * np.where(lost, short, 0.0)
            totals[2] += hours[t] / system.step_h * (lost & ~was_lost)
        was_lost = lost
    return totals


def _standing(part: Floats, name: str, system: System, causes: list[Floats]) -> Floats:
    """Return capacity left by common causes."""
    for cause, lasting in zip(system.common_causes, causes, strict=True):
        if name in cause.affects:
            part = part * (1.0 - lasting)
    return part


class _Store:
    """All storage together, through the steps of many years; full at first."""

    def __init__(
        self,
        system: System,
        n_steps: int,
        n: int,
        causes: list[Floats],
        random: Generator,
        convention: Convention,
    ) -> None:
        self._power, self._energy = np.zeros((n_steps, 1)), np.zeros((n_steps, 1))
        for item in system.storage:
            in_service = np.full((n_steps, 1), float(item.modules))
            if item.outage_frac > 0:
                in_service = item.modules - units_out(
                    n_steps,
                    n,
                    item.modules,
                    item.outage_frac,
                    item.mttr_h,
                    system.step_h,
                    random,
                    convention,
                )
            self._energy = self._energy + in_service * item.usable_mwh
            power = _standing(in_service * item.module_mw, item.name, system, causes)
            self._power = self._power + power
        self._into = system.step_h * min(item.eta_charge for item in system.storage)
        self._out_of = min(item.eta_discharge for item in system.storage) / system.step_h
        self._retention = min(item.retention for item in system.storage)
        changes = (self._energy[1:] != self._energy[:-1]).any(axis=1)
        self._has_change = [False, *np.asarray(changes).tolist()]
        self._stored = np.zeros(n) + self._energy[0]
        self._is_full = True

    def rests(self, t: int) -> bool:
        """Return whether every store is full and stays so, as long as nothing is short."""
        return self._is_full and not self._has_change[t]

    def given(self, t: int, short: Floats, surplus: Floats) -> Floats:
        """Return what is discharged in a step, and charge from what is left over."""
        stored, energy = self._stored, self._energy[t]
        if self._has_change[t]:
            old = self._energy[t - 1]
            # Modules that fail take their share along; those that come back are empty.
            share = np.divide(energy, old, out=np.zeros(len(energy)), where=old > 0)
            stored *= np.minimum(share, 1.0)
        stored *= self._retention
        given = np.minimum(short, np.minimum(self._power[t], stored * self._out_of))
        stored -= given / self._out_of
        stored += np.minimum(surplus, self._power[t]) * self._into
        np.clip(stored, 0.0, energy, out=stored)
        self._is_full = self._retention == 1.0 and bool((stored >= energy).all())
        return np.asarray(given)
