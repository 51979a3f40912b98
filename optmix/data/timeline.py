"""The steps of each operating year, and the calendar they fall into.

A year takes its steps from ``[time]``; what is not given there comes from the stamps of the
demand series; what those do not give is a whole year of 1 h steps from 1 January 2025, local time.
Steps have equal length in UTC, so the local day in which clocks change has 23 or 25 of them.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from optmix.data.axis import Axis
from optmix.errors import Problem, SchemaError
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Ints, Stamps
    from optmix.schema.origin import Location, Origin
    from optmix.schema.surroundings import Time

__all__ = ["STEPS_H", "Steps", "lay_out", "local_month", "year_steps"]

DEFAULT_START = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - local time, the zone is the site's
DEFAULT_STEP_S = 3600
LONGEST_H = 8784
STEPS_S = tuple(60 * m for m in (5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440))
STEPS_H = tuple(step_s / 3600 for step_s in STEPS_S)
"""Lengths of a step that fit a whole number of times into a day."""


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of one operating year.

    Attributes
    ----------
    start_utc
        Start of each step. Shape (n,), ``datetime64[s]``.
    step_s
        Length of every step in seconds.
    timezone
        IANA name of local time.
    """

    start_utc: Stamps
    step_s: int
    timezone: str

    @property
    def n(self) -> int:
        """Number of steps."""
        return len(self.start_utc)

    @property
    def hours(self) -> float:
        """Length of the horizon."""
        return self.n * self.step_s / 3600

    def hourly(self, hours: int) -> Steps:
        """Return that many steps of one hour from the first step on."""
        start = self.start_utc[0] + np.arange(hours) * np.timedelta64(3600, "s")
        return Steps(start, 3600, self.timezone)

    def local(self, timezone: str | None = None) -> pd.DatetimeIndex:
        """Return the local time at which each step starts."""
        return pd.DatetimeIndex(self.start_utc, tz="UTC").tz_convert(timezone or self.timezone)


def year_steps(
    time: Time,
    stamps: Stamps | None,
    timezone: str,
    origin: Origin,
    location: Location,
) -> Steps:
    """Return the steps of one operating year.

    Parameters
    ----------
    time
        The table ``[time]`` of the year.
    stamps
        Stamps of its demand series in UTC, if it has any.
    timezone
        IANA name of the timezone of the site.
    origin, location
        Where ``[time]`` stands, for messages.

    Raises
    ------
    SchemaError
        If the step does not divide a day, the horizon is not a whole number of steps or is longer
        than a year, or the start is a local time that does not exist.
    """
    series_step = _usual_step_s(stamps)
    step_s = _step_s(time, series_step, origin, location)
    start = _start_utc(time, stamps, timezone, origin, location)
    if time.hours is not None:
        seconds = time.hours * 3600
    elif stamps is not None:
        end = stamps[-1] + np.timedelta64(series_step or step_s, "s")
        seconds = float((end - start).astype(np.int64))
    else:
        seconds = _one_year_s(start, timezone)
    n = round(seconds / step_s)
    _check_length(n, seconds, step_s, origin, location)
    return Steps(start + np.arange(n) * np.timedelta64(step_s, "s"), step_s, timezone)


def _usual_step_s(stamps: Stamps | None) -> int | None:
    """Return the most frequent distance of neighbouring stamps."""
    if stamps is None or len(stamps) < 2:  # noqa: PLR2004 - one stamp has no neighbour
        return None
    lengths, counts = np.unique(np.diff(stamps).astype(np.int64), return_counts=True)
    return int(lengths[np.argmax(counts)])


def _step_s(time: Time, series_step: int | None, origin: Origin, location: Location) -> int:
    step_s = time.step_h * 3600 if time.step_h is not None else float(series_step or DEFAULT_STEP_S)
    nearest = min(STEPS_S, key=lambda known: abs(known - step_s))
    if abs(nearest - step_s) <= 0.5:  # noqa: PLR2004 - half a second: 5 min written as 0.0833 h
        return nearest
    source = "step_h" if time.step_h is not None else "the step of the demand series"
    raise SchemaError(
        Problem(
            what=f"{source} is {step_s / 3600:g} h",
            where=origin.where(*location, "step_h"),
            allowed="5, 10, 15, 20 or 30 minutes, or 1, 2, 3, 4, 6, 8, 12 or 24 h",
            hint="a step must fit a whole number of times into a day",
        )
    )


def _start_utc(
    time: Time, stamps: Stamps | None, timezone: str, origin: Origin, location: Location
) -> np.datetime64:
    if time.start is None and stamps is not None:
        return np.datetime64(stamps[0], "s")
    start = DEFAULT_START if time.start is None else time.start
    if not isinstance(start, dt.datetime):
        start = dt.datetime.combine(start, dt.time())
    zone = ZoneInfo(timezone)
    utc = start.replace(tzinfo=zone).astimezone(dt.UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != start:
        raise SchemaError(
            Problem(
                what=f"{start.isoformat()} does not exist in {timezone}: clocks skip it",
                where=origin.where(*location, "start"),
                allowed="an existing local time",
                hint="start an hour later, or at midnight",
            )
        )
    return np.datetime64(utc.replace(tzinfo=None), "s")


def _one_year_s(start: np.datetime64, timezone: str) -> float:
    first = pd.Timestamp(start, tz="UTC").tz_convert(timezone)
    days = (first.tz_localize(None) + pd.DateOffset(years=1)) - first.tz_localize(None)
    return float(days.total_seconds())


def _check_length(n: int, seconds: float, step_s: int, origin: Origin, location: Location) -> None:
    where = origin.where(*location, "hours")
    if n < 1 or abs(n * step_s - seconds) > 1:
        raise SchemaError(
            Problem(
                what=f"a horizon of {seconds / 3600:g} h is not a whole number of steps of "
                f"{step_s / 3600:g} h",
                where=where,
                allowed="at least one step, and only whole ones",
                hint="set hours, or start and hours, in [time]",
            )
        )
    if seconds > LONGEST_H * 3600:
        raise SchemaError(
            Problem(
                what=f"the horizon is {seconds / 3600:,.0f} h long",
                where=where,
                allowed=f"at most {LONGEST_H:,} h, a leap year",
                hint="set hours in [time] to use a part of the series, or make each year an "
                "[[operating_year]] with a start of its own",
            )
        )


def lay_out(years: Sequence[Steps], names: Sequence[str], probability: Sequence[float]) -> Axis:
    """Stand the operating years one after the other on one axis.

    Weeks are blocks of 168 h from the first step of a year; a rest shorter than that belongs to
    the last block. Months and days are those of the local calendar that the year touches.

    Parameters
    ----------
    years
        Steps of each year, all of the same length.
    names, probability
        Name and weight of each year.
    """
    local = [steps.local() for steps in years]
    months = [np.asarray(t.year * 12 + t.month - 1, dtype=np.int64) for t in local]
    days = [np.asarray(t.tz_localize(None).as_unit("s"), "datetime64[D]") for t in local]
    labels = [f"{m // 12}-{m % 12 + 1:02d}" for year in months for m in np.unique(year).tolist()]
    return Axis(
        step_h=years[0].step_s / 3600,
        start_utc=np.concatenate([steps.start_utc for steps in years]),
        year=np.repeat(np.arange(len(years)), [steps.n for steps in years]),
        month=_numbered(months),
        week=_numbered([_weeks(steps) for steps in years]),
        day=_numbered(days),
        local_hour=np.concatenate([np.asarray(t.hour, dtype=np.int64) for t in local]),
        year_name=tuple(names),
        probability=np.array(probability) / math.fsum(probability),  # 1/3 has a few digits
        month_label=tuple(labels),
        timezone=years[0].timezone,
    )


def _weeks(steps: Steps) -> Ints:
    block = (np.arange(steps.n) * steps.step_s) // int(HOURS_PER_WEEK * 3600)
    last = max(1, int(steps.hours // HOURS_PER_WEEK)) - 1
    return np.minimum(block, last)


def _numbered(parts: Sequence[Ints | Stamps]) -> Ints:
    """Return numbers of the parts (months, weeks, days) of each year over all years. Shape (T,)."""
    numbers, first = [], 0
    for part in parts:
        known, inverse = np.unique(part, return_inverse=True)
        numbers.append(inverse + first)
        first += len(known)
    return np.concatenate(numbers).astype(np.int64)


def local_month(steps: Steps) -> Ints:
    """Return the calendar month of each step, 1 to 12. Shape (n,)."""
    return np.asarray(steps.local().month, dtype=np.int64)
