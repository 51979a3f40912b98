"""Read weather files as they come: EnergyPlus weather (EPW) and NREL TMY3.

EPW: eight header lines, the first of them ``LOCATION`` with latitude, longitude, offset from UTC
and elevation; then one line an hour with month, day, hour (1 to 24, ending), and the dry bulb in
column 7. Source: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".

TMY3: the station on line 1 (id, name, state, offset, latitude, longitude, elevation), column names
on line 2, then one line an hour ending 01:00 to 24:00. Source: Wilcox and Marion, Users Manual for
TMY3 Data Sets, NREL/TP-581-43156. A reduced form is read too: the station in a comment line, and
the columns ``source_date``, ``hour_ending_lst`` and ``temp_c``.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.stamps import SHOWN
from optmix.data.tables import LARGEST_BYTES
from optmix.data.typical_year import BEFORE_MONTH, DAYS_OF_MONTH, LEAP_DAY, TypicalYear
from optmix.errors import Problem, SeriesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optmix.data.arrays import Floats

__all__ = ["read_epw", "read_tmy3"]

EPW_HEADER_LINES = 8
LOWEST_C, HIGHEST_C = -70.0, 70.0
"""Range of dry bulb in the EPW data dictionary; 99.9 and -9900 mark missing values."""

TMY3_COLUMNS = {
    "date": ("Date (MM/DD/YYYY)", "source_date"),
    "hour": ("Time (HH:MM)", "hour_ending_lst"),
    "temp": ("Dry-bulb (C)", "temp_c"),
}

_DAMAGED = "load the file again from where it came; it may have been edited or cut short"

Hour = tuple[int, tuple[str, str, str, str]]
"""Row of one line, and its month, day, hour ending, and temperature, as text."""


def read_epw(path: Path, name: str) -> TypicalYear:
    """Return the typical year of an EPW file.

    Parameters
    ----------
    path
        The file.
    name
        Its name for messages.

    Raises
    ------
    SeriesError
        If it is not such a file, has not every hour of a year once, or misses a temperature.
    """
    lines = _lines(path, name)
    head = next(csv.reader(lines[:1]), [])
    if len(head) < 10 or head[0].strip().upper() != "LOCATION":  # noqa: PLR2004 - as the format says
        raise SeriesError(
            Problem(
                what="the first line does not begin with LOCATION",
                where=f"{name}:row 1",
                allowed="an EnergyPlus weather file: 8 header lines, the first of them LOCATION",
                hint="read a plain CSV with weather.series, a TMY3 file with weather.tmy3",
            )
        )
    station = _station(head[1].strip(), head[8], head[6], head[7], head[9], f"{name}:row 1")
    body = enumerate(csv.reader(lines[EPW_HEADER_LINES:]), start=EPW_HEADER_LINES + 1)
    hours = [
        (row, (cells[1], cells[2], cells[3], cells[6])) for row, cells in _whole_rows(body, 7, name)
    ]
    return replace(station, temp_c=_year(hours, name))


def read_tmy3(path: Path, name: str) -> TypicalYear:
    """Return the typical year of a TMY3 file, as NREL ships it or in the reduced form.

    Parameters
    ----------
    path
        The file.
    name
        Its name for messages.

    Raises
    ------
    SeriesError
        If it is not such a file, has not every hour of a year once, or misses a temperature.
    """
    lines = _lines(path, name)
    head = next(csv.reader([re.sub(r"^#[^:]*:\s*", "", lines[0])]), [])
    if len(head) < 7:  # noqa: PLR2004 - id, name, state, offset, latitude, longitude, elevation
        raise SeriesError(
            Problem(
                what="the first line does not describe a station",
                where=f"{name}:row 1",
                allowed='a TMY3 file, such as 722650,"MIDLAND AP",TX,-6.0,31.950,-102.183,872',
                hint="read a plain CSV with weather.series, an EPW file with weather.epw",
            )
        )
    station = _station(head[1].strip(), head[3], head[4], head[5], head[6], f"{name}:row 1")
    header = [cell.strip() for cell in next(csv.reader(lines[1:2]), [])]
    date, hour, temp = (_tmy3_column(key, header, name) for key in TMY3_COLUMNS)
    body = enumerate(csv.reader(lines[2:]), start=3)
    hours = [
        (row, (cells[date][:2], cells[date][3:5], cells[hour].partition(":")[0], cells[temp]))
        for row, cells in _whole_rows(body, max(date, hour, temp) + 1, name)
    ]
    return replace(station, temp_c=_year(hours, name))


def _lines(path: Path, name: str) -> list[str]:
    size = path.stat().st_size
    if not 0 < size <= LARGEST_BYTES:
        allowed = "a year of hourly weather, about 1 MB"
        hint = "see whether it is the right file, and whole"
        raise SeriesError(Problem(f"the file holds {size:,} bytes", name, allowed, hint))
    # Names of stations may hold any letter in any encoding; Latin-1 accepts every byte.
    return path.read_text(encoding="latin-1").splitlines()


def _station(
    place: str, offset: str, latitude: str, longitude: str, altitude: str, where: str
) -> TypicalYear:
    """Return the place of a typical year, its temperatures still to come."""
    try:
        return TypicalYear(
            place=place,
            temp_c=np.full((366, 24), np.nan),
            offset_h=float(offset),
            latitude=float(latitude),
            longitude=float(longitude),
            altitude_m=float(altitude),
        )
    except ValueError as error:
        raise SeriesError(
            Problem(
                what=f"the station is not described in numbers: {error}",
                where=where,
                allowed="offset from UTC, latitude, longitude and altitude as numbers",
                hint=_DAMAGED,
            )
        ) from None


def _tmy3_column(key: str, header: Sequence[str], name: str) -> int:
    for column in TMY3_COLUMNS[key]:
        if column in header:
            return header.index(column)
    wanted = " or ".join(f'"{column}"' for column in TMY3_COLUMNS[key])
    raise SeriesError(
        Problem(
            what=f"no column {wanted}",
            where=f"{name}:row 2",
            allowed="the column names of TMY3 on line 2",
            hint="read a plain CSV with weather.series",
        )
    )


def _whole_rows(
    body: Iterator[tuple[int, list[str]]], fields: int, name: str
) -> Iterator[tuple[int, list[str]]]:
    for row, cells in body:
        if not any(cells):
            continue  # a blank line at the end
        if len(cells) < fields:
            what = f"{len(cells)} fields where at least {fields} are needed"
            where, allowed = f"{name}:row {row}", f"{fields} fields or more"
            raise SeriesError(Problem(what, where, allowed, _DAMAGED))
        yield row, cells


def _year(hours: Sequence[Hour], name: str) -> Floats:
    """Return the temperatures of a leap year by day and hour. Shape (366, 24)."""
    year = np.full((366, 24), np.nan)
    problems: list[Problem] = []
    for row, cells in hours:
        problem = _enter(year, cells)
        if problem:
            where, allowed = f"{name}:row {row}", "each hour of a year once, with its temperature"
            problems.append(Problem(problem, where, allowed, _DAMAGED))
    if problems:
        raise SeriesError(problems[:SHOWN])
    if np.isnan(year[LEAP_DAY]).all():
        year[LEAP_DAY] = year[LEAP_DAY - 1]
    if np.isnan(year).any():
        raise SeriesError(
            Problem(
                what=f"{len(hours):,} hours",
                where=name,
                allowed="8,760 or 8,784 hourly rows, a whole year",
                hint="a part of a year can be read with weather.series",
            )
        )
    return year


def _enter(year: Floats, cells: tuple[str, str, str, str]) -> str:
    """Enter one hour into the year; return what is wrong with it, if anything."""
    told = f'"{"/".join(cells[:2])} {cells[2]}"'
    try:
        month, day, hour = int(cells[0]), int(cells[1]), int(cells[2])
        temp_c = float(cells[3])
    except ValueError:
        return f'{told} and "{cells[3]}" are not a date with an hour and a temperature'
    if not (1 <= month <= 12 and 1 <= day <= DAYS_OF_MONTH[month - 1] and 1 <= hour <= 24):  # noqa: PLR2004
        return f"{told} is not an hour of a year"
    if not LOWEST_C < temp_c < HIGHEST_C:
        return f"dry bulb of {temp_c:g} degC: the value is missing or out of range"
    index = (BEFORE_MONTH[month - 1] + day - 1, hour - 1)
    if not math.isnan(year[index]):
        return f"{told} stands twice; only hourly files are read"
    year[index] = temp_c
    return ""
