"""Histories of units for the chronological simulation, drawn unit by unit."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Convention
    from optmix.reliability.components import UnitClass

__all__ = ["units_in_service", "units_out"]


def units_out(
    n_steps: int,
    n_years: int,
    count: int,
    down_frac: float,
    mttr_h: float,
    step_h: float,
    random: Generator,
    convention: Convention,
) -> Floats:
    """Return how many units are out, drawn as durations up and down.

    Parameters
    ----------
    n_steps, n_years
        Length of each history, and how many there are of each unit.
    count
        Units.
    down_frac, mttr_h
        Probability of being out, and mean time to repair.
    step_h
        Length of a step.
    random
        Source of random numbers.
    convention
        How steps sample failures and repairs.

    Returns
    -------
    Floats
        Shape (n_steps, n_years).
    """
    if not count or down_frac <= 0:
        return np.zeros((n_steps, n_years))
    rate = step_h / mttr_h / (1.0 - down_frac)
    lost = 1.0 - np.exp(-rate) if convention == "exact" else min(rate, 1.0)
    fail, repair = down_frac * lost, (1.0 - down_frac) * lost
    year = np.tile(np.arange(n_years), count)
    is_down = random.random(len(year)) < down_frac
    time = np.zeros(len(year), dtype=np.int64)
    places, signs = [year[is_down]], [np.ones(int(is_down.sum()))]
    while len(year):
        time = time + random.geometric(np.where(is_down, repair, fail))
        going = time < n_steps
        year, time, is_down = year[going], time[going], ~is_down[going]
        places.append(time * n_years + year)
        signs.append(np.where(is_down, 1.0, -1.0))
    sums = np.bincount(np.concatenate(places), np.concatenate(signs), minlength=n_steps * n_years)
    # Counts without a single event come as whole numbers.
    change = sums.astype(np.float64, copy=False).reshape(n_steps, n_years)
    # Row by row: a running sum along the first axis takes five times as long.
    for before, now in itertools.pairwise(change):
        np.add(now, before, out=now)
    return np.asarray(change)


def units_in_service(
    unit: UnitClass,
    steps: Ints,
    n_years: int,
    step_h: float,
    random: Generator,
    convention: Convention,
) -> Floats:
    """Return the units of a class in service, partial outages by their share.

    Parameters
    ----------
    unit
        The class.
    steps
        Steps of the system that the histories run through.
    n_years
        Histories.
    step_h
        Length of a step.
    random
        Source of random numbers.
    convention
        How steps sample failures and repairs.

    Returns
    -------
    Floats
        Shape (N, n_years).
    """
    down = unit.unavailable_frac
    planned = unit.in_maintenance[steps]
    if np.ptp(down) == 0 and not planned.any() and not unit.derated:
        out = units_out(
            len(steps), n_years, unit.count, float(down[0]), unit.mttr_h, step_h, random, convention
        )
        return np.asarray(np.subtract(unit.count, out, out=out))
    output = _Stepped(unit, n_years, step_h, convention)
    in_service = np.zeros((len(steps), n_years))
    output.start(int(steps[0]), random)
    for i, step in enumerate(steps.tolist()):
        if i:
            output.move(int(steps[i - 1]), step, random)
        # Those in planned maintenance are the first of the class.
        in_service[i] = output.share[planned[i] :].sum(axis=0)
    return in_service


class _Stepped:
    """Units whose chances change: every unit is moved in every step."""

    def __init__(
        self, unit: UnitClass, n_years: int, step_h: float, convention: Convention
    ) -> None:
        self._shape = (unit.count, n_years)
        self._down = unit.unavailable_frac
        self._partial = np.array([state.probability for state in unit.derated])
        self._shares = np.array([1.0, *(state.capacity_frac for state in unit.derated)])
        self._rate = step_h / unit.mttr_h
        hours = [state.mean_h or unit.mttr_h for state in unit.derated]
        self._partial_rate = step_h / np.average(hours, weights=self._partial) if hours else 0.0
        self._is_exact = convention == "exact"

    def start(self, step: int, random: Generator) -> None:
        """Draw the states of the first step."""
        self._is_down = random.random(self._shape) < self._down[step]
        self._state = self._drawn(self._running(step), random)

    @property
    def share(self) -> Floats:
        """Share of capacity that each unit gives. Shape (units, years)."""
        return np.where(self._is_down, 0.0, self._shares[self._state])

    def move(self, was: int, now: int, random: Generator) -> None:
        """Move from a step to the next."""
        old, new = float(self._down[was]), float(self._down[now])
        kept = self._kept(self._rate / (1.0 - new), (old, 1.0 - old), (new, 1.0 - new))
        fail = new - kept * old
        repair = 1.0 - kept - fail
        chance = random.random(self._shape)
        repaired = self._is_down & (chance < repair)
        self._is_down = (self._is_down & ~repaired) | (~self._is_down & (chance < fail))
        if len(self._shares) > 1:
            before, law = self._running(was), self._running(now)
            kept = self._kept(self._partial_rate / law[0], before, law)
            fresh = (law - kept * np.asarray(before)) / (1.0 - kept) if kept < 1 else law
            stays = random.random(self._shape) < kept
            self._state = np.where(stays, self._state, self._drawn(fresh, random))
            self._state = np.where(repaired, self._drawn(law, random), self._state)

    def _kept(self, rate: float, before: object, now: object) -> float:
        """Return what is kept of the state, no more than the chances of the next step allow."""
        old, new = np.asarray(before, dtype=np.float64), np.asarray(now, dtype=np.float64)
        limit = float((new[old > 0] / old[old > 0]).min())
        return min(math.exp(-rate) if self._is_exact else max(1.0 - rate, 0.0), limit)

    def _running(self, step: int) -> Floats:
        """Return the chances of full and partial output of a unit that is not down."""
        partial = self._partial / (1.0 - self._down[step])
        return np.concatenate([[1.0 - partial.sum()], partial])

    def _drawn(self, law: Floats, random: Generator) -> Ints:
        return np.searchsorted(np.cumsum(law)[:-1], random.random(self._shape), side="right")
