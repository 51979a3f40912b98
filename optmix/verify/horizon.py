"""Cyclic time and annual scaling, worked out anew from the stamps of the axis.

The Axis offers the same figures to the model. They are not used here, so that a slip in them is
found and not shared.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_YEAR, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.axis import Axis

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "annual_factor",
    "hours_per_year",
    "month_weight",
    "part_max",
    "part_sum",
    "previous",
    "window_sum",
    "year_sum",
]


def year_slices(axis: Axis) -> list[slice]:
    """Return the steps of each operating year."""
    borders = [0, *(np.flatnonzero(np.diff(axis.year)) + 1), axis.n_steps]
    return [slice(int(a), int(b)) for a, b in pairwise(borders)]


def previous(axis: Axis) -> Ints:
    """Return the step before each step; the last of its year for the first. Shape (T,)."""
    before = np.arange(axis.n_steps, dtype=np.int64) - 1
    for steps in year_slices(axis):
        before[steps.start] = steps.stop - 1
    return before


def window_sum(axis: Axis, values: Floats, length: int) -> Floats:
    """Return, for each step, the sum over it and the ``length - 1`` steps before, cyclically.

    A window longer than the year counts every step of it once.
    """
    total = np.empty(axis.n_steps)
    for steps in year_slices(axis):
        year = values[steps]
        reach = min(length, len(year))
        wrapped = np.concatenate([year[len(year) - reach :], year])
        running = np.cumsum(wrapped)
        total[steps] = running[reach:] - running[:-reach]
    return total


def part_sum(part_of_step: Ints, values: Floats) -> Floats:
    """Return the sum of each part (year, day)."""
    return np.asarray(np.bincount(part_of_step, weights=values), dtype=np.float64)


def part_max(part_of_step: Ints, values: Floats) -> Floats:
    """Return the largest value of each part (month, week)."""
    largest = np.full(int(part_of_step.max()) + 1, -np.inf)
    np.maximum.at(largest, part_of_step, values)
    return largest


def annual_factor(axis: Axis) -> Floats:
    """Return how often the horizon of each operating year fits into a year, at least once."""
    hours = np.bincount(axis.year) * axis.step_h
    return np.asarray(np.maximum(HOURS_PER_YEAR / hours, 1.0))


def year_sum(axis: Axis, values: Floats) -> Floats:
    """Return the annual amount of what is given per step, for each operating year."""
    return np.asarray(annual_factor(axis) * part_sum(axis.year, values))


def hours_per_year(axis: Axis) -> Floats:
    """Return the expected hours of a year that each step stands for. Shape (T,)."""
    weight = np.asarray(axis.probability) * annual_factor(axis)
    return np.asarray(weight[axis.year] * axis.step_h)


def month_weight(axis: Axis) -> Floats:
    """Return the expected months of a year that each month stands for. Shape (M,)."""
    year_of_month = part_max(axis.month, axis.year.astype(np.float64)).astype(np.int64)
    months_present = np.bincount(year_of_month)
    share = np.asarray(axis.probability) * MONTHS_PER_YEAR / months_present
    return np.asarray(share[year_of_month])
