"""Read two columns, stamps and values, from a CSV or Parquet file as the texts they hold.

CSV is read line by line, so that every complaint can name the row as an editor shows it: the
header is row 1 unless comment lines starting with ``#`` stand above it. Rows of a Parquet file
count from 1.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.errors import Problem, SeriesError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.schema.series import SeriesRef

__all__ = ["LARGEST_BYTES", "LARGEST_ROWS", "Table", "read_table", "shown_name"]

LARGEST_BYTES = 100_000_000
"""A year of 5-minute values is about 4 MB; anything near this is not a series of a site."""

LARGEST_ROWS = 1_000_000
"""Nearly ten years of 5-minute values."""

SHOWN_COLUMNS = 20
"""Columns listed in a message before it is cut short."""

STAMP = re.compile(r"\d{4}-\d{2}")
OTHER_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}/\d{1,2}")


@dataclass(frozen=True)
class Table:
    """What a file holds for one series.

    Attributes
    ----------
    name
        File name for messages.
    rows
        Row of each value as an editor shows it.
    times
        Text of each stamp, or ``None`` where the file has no stamps.
    texts
        Text of each value.
    """

    name: str
    rows: list[int]
    times: list[str] | None
    texts: list[str]


def shown_name(ref: SeriesRef) -> str:
    """Return the file name of a series for messages, without folders outside the site."""
    return Path(ref.file).name if Path(ref.file).is_absolute() else ref.file


def read_table(path: Path, ref: SeriesRef) -> Table:
    """Read the stamps and values of a series.

    Raises
    ------
    SeriesError
        If the file is too large, empty, not UTF-8 text or not Parquet, or lacks a column.
    """
    name = shown_name(ref)
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise SeriesError(
            Problem(
                what=f"the file holds {size / 1e6:,.0f} MB",
                where=name,
                allowed=f"at most {LARGEST_BYTES / 1e6:,.0f} MB",
                hint="keep only the columns and the operating year that the site needs",
            )
        )
    if size == 0:
        what, allowed = "the file is empty", "a header row and one row a step"
        raise SeriesError(Problem(what, name, allowed, "export it again, with a header"))
    if path.suffix.lower() in {".parquet", ".pq"}:
        return _read_parquet(path, ref, name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _read_csv(lines, ref, name)
    except UnicodeDecodeError as error:
        raise SeriesError(
            Problem(
                what=f"not UTF-8 text (byte 0x{error.object[error.start]:02x})",
                where=name,
                allowed="CSV in UTF-8, or Parquet with the ending .parquet",
                hint='in a spreadsheet, save as "CSV UTF-8"',
            )
        ) from None
    except (csv.Error, OSError) as error:
        hint = "open it in an editor, and see whether it is a table of plain text"
        raise SeriesError(Problem(f"cannot be read: {error}", name, "a CSV file", hint)) from None


def _read_csv(lines: Iterator[str], ref: SeriesRef, name: str) -> Table:
    skipped, first = 0, ""
    for first in lines:
        if not first.startswith("#"):
            break
        skipped += 1
    header_row = skipped + 1
    header = [cell.strip() for cell in next(csv.reader([first]), [])]
    reader = csv.reader(lines)
    records = list(islice(reader, LARGEST_ROWS + 1))
    if len(records) > LARGEST_ROWS:
        what, allowed = f"more than {LARGEST_ROWS:,} rows", f"at most {LARGEST_ROWS:,} rows"
        raise SeriesError(Problem(what, name, allowed, "keep only the years needed"))
    rows = _rows(records, header_row + 1, reader.line_num)
    while records and not any(cell.strip() for cell in records[-1]):
        records.pop()  # editors and spreadsheets leave blank lines at the end
    if not records:
        raise SeriesError(
            Problem(
                what="no rows below the header",
                where=f"{name}:row {header_row}",
                allowed="one row a step",
                hint="export it again, with its rows",
            )
        )
    where = f"{name}:row {header_row}"
    value_at = _column(ref.column, header, where, first)
    time_at = _time_column(ref, header, records[0], where, first)
    if max(map(len, records)) > len(header):
        _refuse_surplus(records, rows, len(header), name)
    return Table(
        name=name,
        rows=rows[: len(records)],
        times=None if time_at is None else [_cell(cells, time_at) for cells in records],
        texts=[_cell(cells, value_at) for cells in records],
    )


def _rows(records: Sequence[Sequence[str]], first: int, lines: int) -> list[int]:
    """Return the line on which each record begins."""
    if lines == len(records):
        return list(range(first, first + lines))
    taken = [1 + sum(cell.count("\n") for cell in cells) for cells in records]
    return [first + before for before in accumulate(taken, initial=0)][:-1]


def _refuse_surplus(
    records: Sequence[Sequence[str]], rows: Sequence[int], width: int, name: str
) -> None:
    problems = [
        Problem(
            what=f"{len(cells)} fields where the header has {width}",
            where=f"{name}:row {row}",
            allowed="one field for each column of the header",
            hint="write decimals with a point and no separator of thousands",
        )
        for row, cells in zip(rows, records, strict=False)  # blank lines at the end are dropped
        if any(cell.strip() for cell in cells[width:])
    ]
    if problems:
        raise SeriesError(problems[:5])


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _column(wanted: str, header: Sequence[str], where: str, first: str = "") -> int:
    count = header.count(wanted)
    if count == 1:
        return header.index(wanted)
    if count > 1:
        raise SeriesError(
            Problem(
                what=f'column "{wanted}" stands {count} times in the header',
                where=where,
                allowed="each name once",
                hint="give each column a name of its own",
            )
        )
    shown = ", ".join(f'"{column}"' for column in header[:SHOWN_COLUMNS])
    hint = did_you_mean(wanted, header) or "name one of these columns, or add that one to the file"
    if len(header) == 1 and (separator := next((s for s in ";\t|" if s in first), "")):
        told = "a tab" if separator == "\t" else f'"{separator}"'
        hint = f"columns are separated by {told} here; write commas, and decimals with a point"
    raise SeriesError(
        Problem(
            what=f'no column "{wanted}"',
            where=where,
            allowed=f"one of {shown}{', …' if len(header) > SHOWN_COLUMNS else ''}",
            hint=hint,
        )
    )


def _time_column(
    ref: SeriesRef, header: Sequence[str], cells: Sequence[str], where: str, first: str
) -> int | None:
    """Return the column of stamps: the one named, or the first whose first value is a stamp."""
    if ref.time_column is not None:
        return _column(ref.time_column, header, where, first)
    others = [at for at, column in enumerate(header) if column != ref.column]
    for at in others:
        if STAMP.match(_cell(cells, at)):
            return at
    for at in others:
        if OTHER_DATE.match(_cell(cells, at)):
            raise SeriesError(
                Problem(
                    what=f'"{_cell(cells, at)}" in column "{header[at]}" is not an ISO 8601 stamp',
                    where=where,
                    allowed="2025-07-01T15:00, with an offset or in the timezone of the site",
                    hint="rewrite the stamps, or remove that column to read row by row",
                )
            )
    return None


def _read_parquet(path: Path, ref: SeriesRef, name: str) -> Table:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except ImportError:
        raise SeriesError(
            Problem(
                what="Parquet files need a reader that is not installed",
                where=name,
                allowed="CSV, or Parquet with pyarrow",
                hint='pip install "optmix[parquet]"',
            )
        ) from None
    except (OSError, ValueError, NotImplementedError) as error:  # all that pyarrow raises
        hint = "write it again, or name a CSV file"
        problem = Problem(f"not a Parquet file: {error}", name, "a whole Parquet file", hint)
        raise SeriesError(problem) from None
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    if len(frame) == 0 or len(frame) > LARGEST_ROWS:
        raise SeriesError(
            Problem(
                what=f"holds {len(frame):,} rows",
                where=name,
                allowed=f"1 to {LARGEST_ROWS:,} rows",
                hint="keep only the years needed, and one row a step",
            )
        )
    header = [str(column) for column in frame.columns]
    first = [_text(value) for value in frame.iloc[0]]
    value_at = _column(ref.column, header, name)
    time_at = _time_column(ref, header, first, name, "")
    return Table(
        name=name,
        rows=list(range(1, len(frame) + 1)),
        times=None if time_at is None else [_text(v) for v in frame.iloc[:, time_at]],
        texts=[_text(value) for value in frame.iloc[:, value_at]],
    )


def _text(value: object) -> str:
    """Return the text that a CSV file would hold for a value of a Parquet file."""
    from datetime import date

    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
