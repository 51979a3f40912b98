"""Read the stamps of a series: what they say, and when that is.

Three forms, never mixed in one file:

- ``2025-07-01T15:00`` (or with a blank, seconds, an offset): the step starts then.
- ``2025-07-01``: the local calendar day. Local stamps that are all at midnight mean days too.
- ``2025-07``: the local calendar month. Days that are all the first of a month mean months too.

Stamps with an offset (``-05:00``, ``Z``) are exact. Stamps without one are local time, and where
clocks change these rules hold:

- In spring the hour that clocks skip has no rows; a row there is refused.
- In autumn the hour that clocks repeat stands twice; the first time is daylight saving time.
- A file with 24 rows every day of the year is therefore not in local time. It is refused, and the
  message says how to state standard time, for example ``timezone = "Etc/GMT+6"``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from optmix.errors import Problem, SeriesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Ints, Stamps
    from optmix.data.tables import Table

__all__ = ["SHOWN", "StampColumn", "read_stamps", "standard_offset_h"]

SHOWN = 5
"""Rows named in a message before the rest is counted."""

FORMS = {
    "month": re.compile(r"\d{4}-\d{2}"),
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "local": re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.0+)?)?"),
    "exact": re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.0+)?)?(Z|[+-]\d{2}:?\d{2})"),
}
ALLOWED = "ISO 8601: 2025-07-01T15:00, with or without an offset, or 2025-07-01, or 2025-07"
REWRITE = "rewrite the stamps of the file in one of these forms"


@dataclass(frozen=True)
class StampColumn:
    """The stamps of a file, rising and without doubles.

    Attributes
    ----------
    kind
        ``instant``, ``day`` or ``month``.
    start_utc
        Start of each row in UTC, for instants. Shape (rows,).
    number
        Days or months since 1970, for days and months. Shape (rows,).
    is_local
        Whether the stamps were local time without an offset.
    """

    kind: Literal["instant", "day", "month"]
    start_utc: Stamps
    number: Ints
    is_local: bool


def standard_offset_h(timezone: str, year: int = 2025) -> float:
    """Return the offset of local standard time from UTC in hours, for example -6 for Texas."""
    zone = ZoneInfo(timezone)
    noons = (datetime(year, month, 1, 12, tzinfo=zone) for month in range(1, 13))
    offsets = {(noon.utcoffset() or timedelta()) - (noon.dst() or timedelta()) for noon in noons}
    return min(offsets).total_seconds() / 3600.0


def read_stamps(table: Table, times: Sequence[str], timezone: str) -> StampColumn:
    """Return the stamps of a file.

    Parameters
    ----------
    table
        The file, for row numbers.
    times
        Text of each stamp.
    timezone
        IANA name of the timezone of stamps without an offset.

    Raises
    ------
    SeriesError
        If a stamp is blank, not ISO 8601, not a date of the calendar, in an hour that clocks
        skip, twice there, or earlier than the one before; with every such row.
    """
    form = _form(table, times)
    if form == "local" and len(times) > 1 and all(text[11:16] == "00:00" for text in times):
        times, form = [text[:10] for text in times], "day"
    if form in {"month", "day"}:
        return _calendar_stamps(table, times, form)
    stamps = pd.to_datetime(pd.Index(times), format="ISO8601", errors="coerce", utc=form == "exact")
    _refuse(table, stamps.isna(), times, "is not a time of the calendar", ALLOWED)
    if form == "local":
        stamps = _localized(table, times, stamps, timezone)
    start_utc = _seconds(stamps)
    _refuse_descending(table, times, start_utc)
    return StampColumn("instant", start_utc, np.empty(0, np.int64), form == "local")


def _form(table: Table, times: Sequence[str]) -> str:
    forms = {name: form for name, form in FORMS.items() if form.fullmatch(times[0])}
    form = next(iter(forms), "")
    if not form:
        bad = np.array([not any(f.fullmatch(t) for f in FORMS.values()) for t in times])
        _refuse(table, bad, times, "is not an ISO 8601 stamp", ALLOWED)
    alien = np.array([FORMS[form].fullmatch(text) is None for text in times])
    _refuse(
        table,
        alien,
        times,
        f'is not a stamp of the form of "{times[0]}"',
        "one form of stamp throughout a file; a stamp marks the start of its step, so 00:00 of the "
        "next day stands for 24:00",
        f'write it like "{times[0]}"',
    )
    return form


def _calendar_stamps(table: Table, times: Sequence[str], form: str) -> StampColumn:
    days = pd.to_datetime(pd.Index(times), format="ISO8601", errors="coerce")
    _refuse(table, days.isna(), times, "is not a date of the calendar", ALLOWED)
    _refuse_descending(table, times, _seconds(days))
    months = np.asarray((days.year - 1970) * 12 + days.month - 1, dtype=np.int64)
    empty = np.empty(0, "datetime64[s]")
    is_monthly = len(times) > 1 and bool((days.day == 1).all())
    if form == "month" or is_monthly:
        return StampColumn("month", empty, months, is_local=True)
    number = _seconds(days).astype("datetime64[D]").astype(np.int64)
    return StampColumn("day", empty, number, is_local=True)


def _localized(
    table: Table, times: Sequence[str], stamps: pd.DatetimeIndex, timezone: str
) -> pd.DatetimeIndex:
    first = ~stamps.duplicated()
    placed = stamps.tz_localize(timezone, ambiguous=first, nonexistent="NaT")
    _refuse(
        table,
        placed.isna(),
        times,
        f"does not exist in {timezone}: clocks skip it when daylight saving time begins",
        "stamps with an offset, or true local time",
        standard_time_hint(timezone),
    )
    return placed.tz_convert("UTC")


def standard_time_hint(timezone: str) -> str:
    """Return how to state local standard time in the place of a timezone."""
    offset = -standard_offset_h(timezone)
    if offset != int(offset):
        return "if the file keeps standard time all year, write stamps with an offset"
    fixed = f"Etc/GMT{int(offset):+d}" if offset else "Etc/GMT"
    return (
        f'if the file keeps standard time all year, say so: timezone = "{fixed}" '
        '(or "UTC", where it keeps that)'
    )


def _seconds(stamps: pd.DatetimeIndex) -> Stamps:
    naive = stamps if stamps.tz is None else stamps.tz_convert("UTC").tz_localize(None)
    return np.asarray(naive.as_unit("s").to_numpy(), dtype="datetime64[s]")


def _refuse(
    table: Table, bad: object, times: Sequence[str], what: str, allowed: str, hint: str = REWRITE
) -> None:
    at = np.flatnonzero(np.asarray(bad))
    if not len(at):
        return
    problems = [
        Problem(
            what=f'stamp "{times[i]}" {what}' if times[i] else "the stamp is blank",
            where=f"{table.name}:row {table.rows[i]}",
            allowed=allowed,
            hint=hint,
        )
        for i in at[:SHOWN].tolist()
    ]
    raise SeriesError([*problems, *more_rows(table, len(at))])


def _refuse_descending(table: Table, times: Sequence[str], start_utc: Stamps) -> None:
    step = np.diff(start_utc).astype(np.int64)
    at = np.flatnonzero(step <= 0)
    if not len(at):
        return
    problems = []
    for i in at[:SHOWN].tolist():
        here, before = table.rows[i + 1], table.rows[i]
        told = f"stands in row {before} too" if step[i] == 0 else f"is before that of row {before}"
        problems.append(
            Problem(
                what=f'stamp "{times[i + 1]}" {told}',
                where=f"{table.name}:row {here}",
                allowed="rising stamps, each once",
                hint="sort the file by time and remove doubles",
            )
        )
    raise SeriesError([*problems, *more_rows(table, len(at))])


def more_rows(table: Table, count: int) -> tuple[Problem, ...]:
    """Return a last problem that counts the rows not shown, if there are any."""
    if count <= SHOWN:
        return ()
    return (Problem(f"… and {count - SHOWN} more rows with the same problem", table.name),)
