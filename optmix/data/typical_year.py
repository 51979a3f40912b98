"""A typical year: one temperature for each hour of a calendar without years.

Weather files (EPW, TMY3) and generated climates are such years. They are put on the steps of an
operating year by month, day and hour of local standard time: the hour of a file that ends at 01:00
is the step from 00:00 to 01:00, daylight saving time is undone, and 29 February takes 28 February
where the year has none. Shorter steps hold the hour; longer steps take the mean of their hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.timeline import Steps

__all__ = ["BEFORE_MONTH", "DAYS_OF_MONTH", "LEAP_DAY", "TypicalYear"]

LEAP_DAY = 59
"""Index of 29 February in a leap year, counted from 0."""

DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month of a leap year."""

BEFORE_MONTH = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)
"""Days of a leap year before each month."""


@dataclass(frozen=True, eq=False)
class TypicalYear:
    """Hourly temperature of a typical year at one place.

    Attributes
    ----------
    place
        Name of the station or climate.
    temp_c
        Temperature of each hour of a leap year, local standard time. Shape (366, 24).
    offset_h
        Local standard time less UTC, in hours.
    latitude, longitude, altitude_m
        Where it was taken.
    """

    place: str
    temp_c: Floats
    offset_h: float
    latitude: float
    longitude: float
    altitude_m: float

    def on(self, steps: Steps) -> Floats:
        """Return the temperature on the steps of an operating year. Shape (n,)."""
        inner = np.arange(0, max(steps.step_s, 3600), 3600)
        standard = steps.start_utc.astype(np.int64)[:, None] + inner + round(self.offset_h * 3600)
        days = standard.astype("datetime64[s]").astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        month = months.astype(np.int64) % 12
        day = np.array(BEFORE_MONTH)[month] + (days - months).astype(np.int64)
        hour = standard % 86_400 // 3600
        picked = self.temp_c[day, hour]
        return np.asarray(picked.mean(axis=1), dtype=np.float64)
