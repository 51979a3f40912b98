"""Which day each step of a site stands for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.case import Case

    Days = NDArray[np.datetime64]

__all__ = ["days_meant"]


def days_meant(case: Case) -> Days:
    """Return the local day that each step stands for. Shape (T,).

    The first step of an operating year stands for ``operation_start`` of the site, by default for
    its own local date, and later steps for the days after that.
    """
    axis = case.axis
    days = np.zeros(axis.n_steps, dtype="datetime64[D]")
    given = case.grid.operation_start if case.grid else None
    for first in axis.year_first.tolist():
        steps = np.asarray(axis.steps_of_year(int(axis.year[first])))
        start = given or _local_date(axis.start_utc[first], axis.timezone)
        days[steps] = np.datetime64(start, "D") + (axis.day[steps] - axis.day[first])
    return days


def _local_date(stamp: np.datetime64, timezone: str) -> dt.date:
    moment: dt.datetime = stamp.astype("datetime64[s]").item()
    return moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(timezone)).date()
