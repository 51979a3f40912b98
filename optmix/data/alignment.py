"""Which rows of a stamped file belong to which steps.

Every function returns rows by step, shape (n, rows a step), or says what does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from optmix.data.stamps import standard_time_hint
from optmix.errors import Problem, SeriesError

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from optmix.data.arrays import Ints
    from optmix.data.stamps import StampColumn
    from optmix.data.tables import Table
    from optmix.data.timeline import Steps

__all__ = ["Placement", "row_by_row"]

DAY_S = 86_400


def row_by_row(table: Table, steps: Steps, field: str) -> Ints:
    """Return one row for each step of a file without stamps.

    Raises
    ------
    SeriesError
        If their number differs.
    """
    found = len(table.texts)
    if found != steps.n:
        hours = found * steps.step_s / 3600
        raise SeriesError(
            Problem(
                what=f"{found:,} rows where the horizon has {steps.n:,} steps of "
                f"{steps.step_s / 3600:g} h (last row: {table.rows[-1]})",
                where=table.name,
                allowed="without stamps, one row for each step",
                hint=f"named by {field}; set hours = {hours:g} in [time], or add a column of "
                "ISO stamps",
            )
        )
    return np.arange(found)[:, None]


@dataclass(frozen=True, eq=False)
class Placement:
    """Puts the rows of one stamped file on the steps of one operating year.

    Attributes
    ----------
    table, stamps
        The file and its stamps.
    timezone
        Timezone of local stamps, days and months.
    steps
        The steps.
    field
        Where the site names the series, for messages.
    """

    table: Table
    stamps: StampColumn
    timezone: str
    steps: Steps
    field: str

    def rows(self, longest_gap_days: int) -> Ints:
        """Return the rows of each step; their mean is its value. Shape (n, rows a step).

        Parameters
        ----------
        longest_gap_days
            Days without a row that take the value before, in a file of days.

        Raises
        ------
        SeriesError
            If a step has no row, or the distances of stamps do not fit the steps.
        """
        if self.stamps.kind == "instant":
            return self._by_instant()
        local = self.steps.local(self.timezone)
        if self.stamps.kind == "month":
            months = np.asarray((local.year - 1970) * 12 + local.month - 1, dtype=np.int64)
            return self._held(months, 0)
        days = local.tz_localize(None).as_unit("s").to_numpy().astype("datetime64[D]")
        return self._held(days.astype(np.int64), longest_gap_days)

    def _held(self, wanted: Ints, longest: int) -> Ints:
        """Return the row of each step's day or month, held over gaps of up to ``longest``."""
        known = self.stamps.number
        row = np.searchsorted(known, wanted, side="right") - 1
        is_early = (row < 0) & (known[0] - wanted <= longest)
        row = np.where(is_early, 0, row)
        gap = np.where(is_early, 0, wanted - known[np.maximum(row, 0)])
        self._refuse_missing((row < 0) | (gap > longest), self._wanted())
        return np.asarray(row)[:, None]

    def _by_instant(self) -> Ints:
        start, step_s = self.stamps.start_utc.astype(np.int64), self.steps.step_s
        own_s = self._own_step_s(start)
        wanted = self._wanted()
        if own_s >= step_s:
            self._check_divides(own_s, step_s)
            row = np.searchsorted(start, wanted, side="right") - 1
            self._refuse_missing((row < 0) | (wanted - start[np.maximum(row, 0)] >= own_s), wanted)
            return np.asarray(row)[:, None]
        self._check_divides(step_s, own_s)
        inner = wanted[:, None] + np.arange(0, step_s, own_s)
        row = np.minimum(np.searchsorted(start, inner), len(start) - 1)
        self._refuse_missing((start[row] != inner).ravel(), inner.ravel())
        return np.asarray(row)

    def _wanted(self) -> Ints:
        return self.steps.start_utc.astype(np.int64)

    def _own_step_s(self, start: Ints) -> int:
        """Return the usual distance of stamps near the horizon, refusing odd ones."""
        wanted = self._wanted()
        near = np.flatnonzero((start >= wanted[0] - DAY_S) & (start <= wanted[-1] + DAY_S))
        if len(near) < 2:  # noqa: PLR2004 - one stamp has no neighbour
            return self.steps.step_s
        lengths = np.diff(start[near])
        known, counts = np.unique(lengths, return_counts=True)
        own = int(known[np.argmax(counts)])
        odd = np.flatnonzero(lengths % own)
        if len(odd):
            row = int(near[odd[0] + 1])
            raise SeriesError(
                Problem(
                    what=f'stamp "{self._text(row)}" comes {lengths[odd[0]] / 60:g} min after the '
                    f"one before, where {own / 60:g} min is usual",
                    where=f"{self.table.name}:row {self.table.rows[row]}",
                    allowed="stamps at equal distances",
                    hint="add the rows that are missing, or average the file to one step",
                )
            )
        return own

    def _text(self, row: int) -> str:
        return self.table.times[row] if self.table.times is not None else ""

    def _check_divides(self, long_s: int, short_s: int) -> None:
        if long_s % short_s:
            raise SeriesError(
                Problem(
                    what=f"{long_s / 60:g} min is not a multiple of {short_s / 60:g} min",
                    where=self.table.name,
                    allowed="a series whose step divides the step of the site, or is a multiple",
                    hint=f"named by {self.field}; change step_h in [time] or the series",
                )
            )

    def _refuse_missing(self, missing: NDArray[np.bool_], wanted: Ints) -> None:
        at = np.flatnonzero(missing)
        if not len(at):
            return
        first = pd.Timestamp(int(wanted[at[0]]), unit="s", tz="UTC").tz_convert(self.timezone)
        local = self.steps.local(self.timezone)
        rest = f", and {len(at) - 1:,} more" if len(at) > 1 else ""
        place, hint = self._place_and_hint(first)
        raise SeriesError(
            Problem(
                what=f"no value for {first.isoformat()}{rest}",
                where=place,
                allowed=f"a value for every step from {local[0].isoformat()} to "
                f"{local[-1].isoformat()}; the file has {self._text(0)} to {self._text(-1)}",
                hint=f"named by {self.field}; {hint}",
            )
        )

    def _place_and_hint(self, first: pd.Timestamp) -> tuple[str, str]:
        """Return where in the file the first missing stamp should stand, and what to do."""
        period = "set start and hours in [time] to a period that the file covers"
        if self.stamps.kind != "instant":
            return self.table.name, period
        rows = self.table.rows
        start = self.stamps.start_utc.astype(np.int64)
        row = int(np.searchsorted(start, int(first.timestamp())))
        place = f"{self.table.name}:row {rows[row] if row < len(rows) else rows[-1] + 1}"
        if self.stamps.is_local and _stands_twice(first.to_pydatetime(), self.timezone):
            hint = standard_time_hint(self.timezone)
            return place, f"clocks repeat that hour, so it needs rows twice; {hint}"
        return place, period if row in {0, len(rows)} else "a row is missing there"


def _stands_twice(moment: dt.datetime, timezone: str) -> bool:
    """Return whether clocks show that local time twice."""
    local = moment.replace(tzinfo=ZoneInfo(timezone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
