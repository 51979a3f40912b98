"""The operation of one year as charts and tables show it: named series of power and energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from optmix.data.arrays import Floats
    from optmix.schema.result import MixSummary, Result

__all__ = ["Operation", "operation_of", "operations", "require_plan"]

HOURS_PER_DAY = 24.0
SECONDS_PER_HOUR = 3600.0
IDLE_MW = 1e-6
"""A source that never gives more than this is left out of charts."""

CURTAILED = ".curtailed_mw"


@dataclass(frozen=True, eq=False)
class Operation:
    """One operating year of a plan.

    Attributes
    ----------
    year
        Name of the operating year.
    table
        Its rows of ``dispatch.csv``; ``time`` in local time.
    mix
        What is built.
    step_h
        Length of a step.

    Notes
    -----
    Charts count time from the first step on, without daylight saving: a clock that jumps leaves
    gaps and overlaps. ``clock`` says which clock that is.
    """

    year: str
    table: pd.DataFrame
    mix: MixSummary
    step_h: float

    @property
    def start(self) -> str:
        """Start of the first step as its local clock shows it, ISO 8601 without an offset."""
        stamp: str = self.table["time"].iloc[0].replace(tzinfo=None).isoformat()
        return stamp

    @property
    def clock(self) -> str:
        """The clock of all charts, for example ``UTC-06:00``."""
        offset: str = self.table["time"].iloc[0].strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"

    @property
    def steps_per_day(self) -> int:
        """Steps of a day; 0 where a day is no whole number of them."""
        steps = HOURS_PER_DAY / self.step_h
        return round(steps) if abs(steps - round(steps)) < 1e-9 else 0  # noqa: PLR2004

    @property
    def first_of_day(self) -> int:
        """How many steps of the first day have passed when the horizon starts."""
        first = self.table["time"].iloc[0]
        return int((first.hour + first.minute / 60.0) / self.step_h)

    def series(self, column: str) -> Floats:
        """Return a column of ``dispatch.csv``. Shape (n,)."""
        return self.table[column].to_numpy(dtype=np.float64)

    def supply_mw(self) -> dict[str, Floats]:
        """Return what serves demand, by source, lowest in the stack first; idle sources left out.

        Demand and what batteries and export take equal the sum of all sources, but for auxiliaries.

        Shape
        -----
        Each (n,).
        """
        return {name: values for name, values in self._supply() if values.max() > IDLE_MW}

    def uses_mw(self) -> dict[str, Floats]:
        """Return what takes power beside demand: batteries that charge, and export. Each (n,)."""
        uses = [(f"{name} charging", f"{name}.charge_mw") for name in self.mix.battery]
        found = ((name, self.series(column)) for name, column in [*uses, ("export", "export_mw")])
        return {name: values for name, values in found if values.max() > IDLE_MW}

    def demand_mw(self) -> Floats:
        """Return gross demand. Shape (n,)."""
        return self.series("demand_mw")

    def thermal_mw(self) -> Floats:
        """Return the net output of all thermal units. Shape (n,)."""
        return self._total(f"{name}.output_mw" for name in self.mix.units)

    def stored_mwh(self) -> Floats:
        """Return the energy in all batteries at the end of each step. Shape (n,)."""
        return self._total(f"{name}.soc_mwh" for name in self.mix.battery)

    def in_maintenance(self) -> dict[str, Floats]:
        """Return the units of each type in planned maintenance, for types that ever are."""
        found = {name: self.series(f"{name}.in_maintenance") for name in self.mix.units}
        return {name: values for name, values in found.items() if values.any()}

    def _supply(self) -> Iterator[tuple[str, Floats]]:
        for name in self.mix.units:
            yield name, self.series(f"{name}.output_mw")
        yield "grid import", self.series("import_mw")
        for name in self.mix.battery:
            yield f"{name} discharging", self.series(f"{name}.discharge_mw")
        for column in self.table.columns:
            if column.endswith(CURTAILED):
                yield f"{column.removesuffix(CURTAILED)} (curtailed)", self.series(column)
        yield "unserved", self.series("unserved_mw")

    def _total(self, columns: Iterator[str]) -> Floats:
        total = np.zeros(len(self.table))
        for column in columns:
            total += self.series(column)
        return total


def operations(result: Result) -> list[Operation]:
    """Return the operation of a plan, one piece for each operating year; none without a plan."""
    table, mix = result.dispatch, result.mix
    if table is None or mix is None:
        return []
    parts = [(str(year), part) for year, part in table.groupby("year", sort=False)]
    return [Operation(year, part, mix, _step_h(part)) for year, part in parts]


def require_plan(result: Result) -> None:
    """Make sure that there is a plan to draw.

    Raises
    ------
    InputError
        There is none.
    """
    if result.mix is None:
        raise InputError(Problem("there is no plan to draw", result.name, hint=result.reason))


def operation_of(result: Result, year: str | None = None) -> Operation:
    """Return the operation of one year, by default the first.

    Raises
    ------
    InputError
        There is no plan, or no such year.
    """
    require_plan(result)
    found = operations(result)
    if not found:
        what, hint = "the result has no table of its operation", "take it from solve, or from OUT"
        raise InputError(Problem(what, result.name, hint=hint))
    for each in found:
        if year in (None, each.year):
            return each
    allowed = ", ".join(each.year for each in found)
    raise InputError(Problem(f'there is no operating year "{year}"', result.name, allowed))


def _step_h(part: pd.DataFrame) -> float:
    if len(part) == 1:
        return 1.0
    between = part["time"].iloc[1] - part["time"].iloc[0]
    return float(between.total_seconds()) / SECONDS_PER_HOUR
