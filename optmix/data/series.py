"""Time series on the steps of an operating year.

How values meet steps:

- A file without stamps is read row by row; its length must be the number of steps.
- A series as fine as the steps is taken as it is, by its stamps.
- A coarser one (an hourly price on steps of 15 minutes, a daily or a monthly price) is held.
- A finer one is averaged over each step. Every quantity here is a mean over its step (MW, degC, a
  price), so the mean is right for all of them; energy is kept.
- A longer one is cut to the horizon; a shorter one is refused with its first missing stamp.
- Daily prices of fuel have no rows on days without trade: the last price is held for up to five
  days, and days before the first row, up to five, take the first price.

Only rows that the horizon uses must hold good values; all stamps must be good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.alignment import Placement, row_by_row
from optmix.data.stamps import SHOWN, more_rows, read_stamps
from optmix.data.tables import read_table
from optmix.errors import Problem, SeriesError
from optmix.schema.base import LARGEST

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.stamps import StampColumn
    from optmix.data.tables import Table
    from optmix.data.timeline import Steps
    from optmix.schema.origin import Location, Origin
    from optmix.schema.series import SeriesRef

__all__ = ["Quantity", "Series", "SeriesReader"]

LONGEST_TRADE_GAP_DAYS = 5
"""A weekend with two holidays; Henry Hub has no longer regular gap."""


@dataclass(frozen=True)
class Quantity:
    """What a series holds and which values make sense.

    Attributes
    ----------
    name
        Name for messages, with its unit.
    lowest, highest
        Bounds that no value may leave.
    holds_gaps
        Whether days without a row take the value before, as prices of fuel do.
    """

    name: str
    lowest: float = -LARGEST
    highest: float = LARGEST
    holds_gaps: bool = False


class SeriesReader:
    """Reads series of one site; every column is read once.

    Parameters
    ----------
    origin
        Where the site is, which decides what files it may name.
    timezone
        IANA name of the timezone of the site.
    """

    def __init__(self, origin: Origin, timezone: str) -> None:
        self.origin = origin
        self.timezone = timezone
        self._read: dict[SeriesRef, Series] = {}

    def open(self, ref: SeriesRef, location: Location) -> Series:
        """Return a series as it stands in its file.

        Raises
        ------
        SchemaError
            If the file is not there, or not one the site may read.
        SeriesError
            If the file or its stamps cannot be read.
        """
        if ref not in self._read:
            zone = ref.timezone or self.timezone
            table = read_table(self.origin.file(ref.file, *location, "file"), ref)
            stamps = None if table.times is None else read_stamps(table, table.times, zone)
            self._read[ref] = Series(ref, table, stamps, zone)
        return self._read[ref]

    def on(self, steps: Steps, ref: SeriesRef, location: Location, quantity: Quantity) -> Floats:
        """Return a series on the steps of an operating year. Shape (n,).

        Raises
        ------
        SchemaError, SeriesError
            As :meth:`open` and :meth:`Series.on` do.
        """
        return self.open(ref, location).on(steps, quantity, self.origin.where(*location))


@dataclass(frozen=True, eq=False)
class Series:
    """One column of a file with its stamps.

    Attributes
    ----------
    ref
        What the site says about it.
    table
        The texts of the file.
    stamps
        The stamps, or ``None`` where the file has none.
    timezone
        Timezone of local stamps, days and months.
    """

    ref: SeriesRef
    table: Table
    stamps: StampColumn | None
    timezone: str

    def on(self, steps: Steps, quantity: Quantity, field: str) -> Floats:
        """Return the values on the steps. Shape (n,).

        Parameters
        ----------
        steps
            Steps of the operating year.
        quantity
            What the values are.
        field
            Where the site names the series, for messages.

        Raises
        ------
        SeriesError
            If the rows do not cover the steps, or a value used is blank, not a number, infinite or
            out of bounds.
        """
        if self.stamps is None:
            rows = row_by_row(self.table, steps, field)
        else:
            gap = LONGEST_TRADE_GAP_DAYS if quantity.holds_gaps else 0
            rows = Placement(self.table, self.stamps, self.timezone, steps, field).rows(gap)
        values = self._checked(np.unique(rows), quantity)
        return np.asarray(values[rows].mean(axis=1), dtype=np.float64)

    def _checked(self, used: Ints, quantity: Quantity) -> Floats:
        """Return every value as a number, after checking those that are used."""
        values = _numbers(self.table.texts) * self.ref.factor
        low, high = quantity.lowest, quantity.highest
        bad = used[~((values[used] >= low) & (values[used] <= high))]
        if not len(bad):
            return values
        problems = [
            Problem(
                what=f'column "{self.ref.column}" {_told(self.table.texts[row])}',
                where=f"{self.table.name}:row {self.table.rows[row]}",
                allowed=f"{quantity.name}, a number from {low:g} to {high:g}",
                hint=_hint(self.table.texts[row]),
            )
            for row in bad[:SHOWN].tolist()
        ]
        raise SeriesError([*problems, *more_rows(self.table, len(bad))])


def _numbers(texts: list[str]) -> Floats:
    try:
        return np.array(texts, dtype=np.float64)
    except ValueError:
        return np.array([_number(text) for text in texts], dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _told(text: str) -> str:
    """Say what is wrong with the text of a value."""
    if not text:
        return "is blank"
    if np.isnan(_number(text)):
        return f'is "{text}", not a number'
    return f"is {text}"


def _hint(text: str) -> str:
    """Say what to do about it."""
    if np.isnan(_number(text)):
        return "write a plain number, such as 12.5; optmix fills no gaps in a series"
    return "check the sign and the unit; factor = 0.001 beside file and column divides by 1000"
