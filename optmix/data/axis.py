"""The Axis: the steps of all operating years, and the calendar they fall into.

All operating years stand one after the other on one axis of steps, so an equation never loops over
years: it asks the axis for the step before, the month, or the week of a step. Within a year time is
cyclic; between years nothing is carried over.

Shapes: T steps over all operating years, Y years, M months, K maintenance weeks, D days. Months,
weeks and days are numbered over all years, so that each belongs to exactly one year.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints, Stamps

__all__ = ["Axis"]


@dataclass(frozen=True, eq=False)
class Axis:
    """The steps of all operating years and the calendar they fall into.

    Attributes
    ----------
    step_h
        Length of every step.
    start_utc
        Start of each step in UTC. Shape (T,).
    year, month, week, day
        Index of the operating year, calendar month, maintenance week and calendar day of each
        step, in local time. Shape (T,).
    local_hour
        Local clock hour of each step, 0 to 23. Shape (T,).
    year_name
        Name of each operating year. Length Y.
    probability
        Probability of each operating year. Shape (Y,).
    month_label
        ``2025-07`` for each month. Length M.
    timezone
        IANA name of the local time.
    """

    step_h: float
    start_utc: Stamps
    year: Ints
    month: Ints
    week: Ints
    day: Ints
    local_hour: Ints
    year_name: tuple[str, ...]
    probability: Floats
    month_label: tuple[str, ...]
    timezone: str

    @property
    def n_steps(self) -> int:
        """Number of steps over all operating years."""
        return len(self.year)

    @property
    def n_years(self) -> int:
        """Number of operating years."""
        return len(self.year_name)

    @cached_property
    def year_first(self) -> Ints:
        """First step of each year. Shape (Y,)."""
        return np.searchsorted(self.year, np.arange(self.n_years)).astype(np.int64)

    @cached_property
    def year_steps(self) -> Ints:
        """Number of steps of each year. Shape (Y,)."""
        return np.bincount(self.year, minlength=self.n_years).astype(np.int64)

    @cached_property
    def month_year(self) -> Ints:
        """Operating year of each month. Shape (M,)."""
        return _owner(self.month, self.year)

    @cached_property
    def week_year(self) -> Ints:
        """Operating year of each maintenance week. Shape (K,)."""
        return _owner(self.week, self.year)

    @cached_property
    def annual_factor(self) -> Floats:
        """How often each year's horizon fits into a year; 1 for a whole year. Shape (Y,)."""
        return np.asarray(np.maximum(1.0, 8760.0 / (self.year_steps * self.step_h)))

    @cached_property
    def month_factor(self) -> Floats:
        """Months of a year over months present, for monthly charges. Shape (Y,)."""
        return np.asarray(12.0 / np.bincount(self.month_year, minlength=self.n_years))

    @cached_property
    def hours_per_year(self) -> Floats:
        """Hours of an average year that each step stands for. Shape (T,)."""
        return np.asarray((self.probability * self.annual_factor)[self.year] * self.step_h)

    @cached_property
    def step_before(self) -> list[int]:
        """The step before each one in its cyclic year. Length T."""
        return [self.before(t) for t in range(self.n_steps)]

    def before(self, t: int, steps: int = 1) -> int:
        """Return the step ``steps`` earlier in the same, cyclic, year."""
        first = int(self.year_first[self.year[t]])
        return first + (t - first - steps) % int(self.year_steps[self.year[t]])

    def steps_of_year(self, year: int) -> range:
        """Return the steps of one operating year."""
        first = int(self.year_first[year])
        return range(first, first + int(self.year_steps[year]))


def _owner(part: Ints, year: Ints) -> Ints:
    """Return the year of each part (month, week), both given by step."""
    _, first = np.unique(part, return_index=True)
    return year[first]
