"""Published tables of units and of load, from CSV: the way to check optmix against the literature.

A table of units has a row for each kind of unit. Columns may be called as in the sources:

=========================  =============================================  =====================
what                       names                                          if missing
=========================  =============================================  =====================
name                       name, group, unit                              numbered
capacity of one unit, MW   capacity_mw, unit_size_mw, size_mw             an error
number of units            count, n                                       1
forced outage rate         forced_outage_frac, for, q                     from mttf_h and mttr_h
mean time to failure, h    mttf_h                                         not needed
mean time to repair, h     mttr_h                                         ``mttr_h`` of the call
share left when derated    derated_capacity_frac                          no derated state
chance of that             derated_probability                            no derated state
=========================  =============================================  =====================

A table of load has a column ``load_mw``, ``demand_mw`` or ``load`` and a row for each step. Lines
that start with ``#`` are comments; other columns are not looked at.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import Problem, SeriesError
from optmix.reliability.components import DeratedState, UnitClass
from optmix.reliability.system import System

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.arrays import Floats
    from optmix.reliability.components import CommonCause, Storage

__all__ = ["UnitRow", "read_load", "read_units", "system_from_tables"]

NAMES = {
    "name": ("name", "group", "unit"),
    "capacity_mw": ("capacity_mw", "unit_size_mw", "size_mw"),
    "count": ("count", "n"),
    "outage_frac": ("forced_outage_frac", "for", "q"),
    "mttf_h": ("mttf_h",),
    "mttr_h": ("mttr_h",),
    "derated_capacity_frac": ("derated_capacity_frac",),
    "derated_probability": ("derated_probability",),
}
LOAD_NAMES = ("load_mw", "demand_mw", "load")

AGREEMENT = 0.02
"""Outage rates of tables are rounded; further off, one of the figures is wrong."""


@dataclass(frozen=True)
class UnitRow:
    """One kind of unit of a table."""

    name: str
    capacity_mw: float
    count: int
    outage_frac: float
    mttr_h: float
    derated: tuple[DeratedState, ...] = ()

    def unit_class(self, n_steps: int) -> UnitClass:
        """Return the class with the same figures in every step."""
        return UnitClass(
            name=self.name,
            count=self.count,
            capacity_mw=np.full(n_steps, self.capacity_mw),
            outage_frac=np.full(n_steps, self.outage_frac),
            mttr_h=self.mttr_h,
            in_maintenance=np.zeros(n_steps, dtype=np.int64),
            derated=self.derated,
        )


@dataclass(frozen=True)
class _Row:
    """One row of a table: where it stands, and its texts by column."""

    where: str
    texts: dict[str, str]

    def text(self, what: str) -> str:
        """Return the text of the first column of that meaning, or an empty one."""
        return next((self.texts[name] for name in NAMES[what] if self.texts.get(name)), "")


def read_units(path: str | Path, *, mttr_h: float | None = None) -> tuple[UnitRow, ...]:
    """Read a table of units.

    Parameters
    ----------
    path
        A CSV file.
    mttr_h
        Mean time to repair where the table has none. Only frequencies and durations of loss depend
        on it, and storage.

    Raises
    ------
    SeriesError
        The file cannot be read, or a figure is missing, no number, or contradicts another one.
    """
    rows = _rows(Path(path))
    units: list[UnitRow] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        try:
            units.append(_unit(row, number, mttr_h))
        except SeriesError as error:
            problems.extend(error.problems)
    if problems:
        raise SeriesError(problems)
    return tuple(units)


def read_load(path: str | Path) -> Floats:
    """Read a table of load, one value a step.

    Returns
    -------
    numpy.ndarray
        MW. Shape (T,).

    Raises
    ------
    SeriesError
        The file cannot be read, has no such column, or a value is no load.
    """
    rows = _rows(Path(path))
    column = next((name for name in LOAD_NAMES if name in rows[0].texts), None)
    if column is None:
        what = f"no column of load among {', '.join(rows[0].texts)}"
        raise SeriesError(Problem(what, Path(path).name, ", ".join(LOAD_NAMES)))
    problems: list[Problem] = []
    load = [_number(row, column, row.texts[column], problems) for row in rows]
    if problems:
        raise SeriesError(problems)
    return np.array(load)


def system_from_tables(
    units: Sequence[UnitRow],
    load_mw: Floats,
    *,
    step_h: float = 1.0,
    storage: Sequence[Storage] = (),
    common_causes: Sequence[CommonCause] = (),
) -> System:
    """Return the system of published tables, one year whose length is that of the load.

    Parameters
    ----------
    units
        As :func:`read_units` returns them.
    load_mw
        As :func:`read_load` returns it. Shape (T,).
    step_h
        Length of a step.
    storage, common_causes
        If there are any.

    Notes
    -----
    Nothing is scaled to 8,760 h: the year of the IEEE Reliability Test System has 8,736 h, and its
    indices are for these.
    """
    steps = np.arange(len(load_mw))
    return System(
        step_h=step_h,
        demand_mw=load_mw,
        relief_mw=np.zeros(len(steps)),
        year=np.zeros(len(steps), dtype=np.int64),
        day=np.floor(steps * step_h / 24.0 + 1e-9).astype(np.int64),
        hours_per_year=np.full(len(steps), step_h),
        units=tuple(unit.unit_class(len(steps)) for unit in units),
        storage=tuple(storage),
        common_causes=tuple(common_causes),
    )


def _rows(path: Path) -> list[_Row]:
    """Return the rows of a CSV file that are no comments.

    Raises
    ------
    SeriesError
        It cannot be read, or has no rows.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SeriesError(Problem(f"cannot be read: {error}", path.name, "a CSV file")) from error
    lines = [*_lines(text)]
    if len(lines) < 2:  # noqa: PLR2004 - a header and one row
        raise SeriesError(Problem("has no rows", path.name, "a header, and a row for each item"))
    header = [name.strip().lower() for name in lines[0][1]]
    return [
        _Row(f"{path.name}:row {number}", dict(zip(header, cells, strict=False)))
        for number, cells in lines[1:]
    ]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that says something."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in next(csv.reader([line]))]


def _unit(row: _Row, number: int, mttr_h: float | None) -> UnitRow:
    problems: list[Problem] = []
    figures = {
        what: _number(row, what, row.text(what), problems)
        for what in NAMES
        if what != "name" and row.text(what)
    }
    if mttr_h is not None:
        figures.setdefault("mttr_h", mttr_h)
    for what, hint in (("capacity_mw", ""), ("mttr_h", "pass mttr_h = …; LOLE does not need it")):
        if what not in figures:
            problems.append(Problem(f"no {what}", row.where, ", ".join(NAMES[what]), hint))
    count = figures.get("count", 1.0)
    if not count.is_integer():
        problems.append(Problem(f"count is {count:g}", row.where, "a whole number"))
    if problems:
        raise SeriesError(problems)
    return UnitRow(
        name=row.text("name") or f"unit {number}",
        capacity_mw=figures["capacity_mw"],
        count=int(count),
        outage_frac=_outage_frac(row, figures),
        mttr_h=figures["mttr_h"],
        derated=_derated(figures),
    )


def _outage_frac(row: _Row, figures: dict[str, float]) -> float:
    """Return the outage rate as given, or as mean times say; they must agree.

    Raises
    ------
    SeriesError
        There is none, they do not, or it is no probability below 1.
    """
    found = []
    if "outage_frac" in figures:
        found.append(figures["outage_frac"])
    if "mttf_h" in figures and figures["mttf_h"] + figures["mttr_h"] > 0:
        found.append(figures["mttr_h"] / (figures["mttf_h"] + figures["mttr_h"]))
    if not found:
        allowed = ", ".join(NAMES["outage_frac"]) + ", or mttf_h and mttr_h"
        raise SeriesError(Problem("no forced outage rate", row.where, allowed))
    given, by_times = found[0], found[-1]
    if abs(given - by_times) > AGREEMENT * by_times:
        what = f"the outage rate is {given:g}, but mean times make it {by_times:.4g}"
        raise SeriesError(Problem(what, row.where, "figures that agree", "correct one of them"))
    if not 0 <= given < 1:
        what = f"the forced outage rate is {given:g}"
        raise SeriesError(Problem(what, row.where, "0 to below 1", "2 % is 0.02"))
    return given


def _derated(figures: dict[str, float]) -> tuple[DeratedState, ...]:
    frac, chance = figures.get("derated_capacity_frac"), figures.get("derated_probability")
    return () if frac is None or chance is None else (DeratedState(frac, chance),)


def _number(row: _Row, what: str, text: str, problems: list[Problem]) -> float:
    """Return a number of 0 or more, or keep the problem."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        problems.append(Problem(f'{what} is "{text}"', row.where, "a number, 0 or more"))
    return value
