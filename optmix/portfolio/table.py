"""A table of sites: one site a row, each column a dotted key of the site."""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from itertools import count
from typing import TYPE_CHECKING

from optmix.errors import InputError, Problem, did_you_mean
from optmix.portfolio.rows import Draft
from optmix.schema.base import NAME_PATTERN
from optmix.schema.origin import legible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["is_table", "located", "read_table"]

NAME_COLUMN, SITE_COLUMN = "name", "site"
"""Columns that are no fields of the site: the name of a row, and the site it starts from."""

PARQUET = frozenset({".parquet", ".pq"})

_ALLOWED = "a header row of dotted keys, and one site a row"


def is_table(path: Path) -> bool:
    """Return whether a file is a table, by its ending."""
    return path.suffix.lower() in {".csv", *PARQUET}


def read_table(path: Path, base: str | Path | None) -> list[Draft]:
    """Read the rows of a table.

    An empty cell leaves the field as the base has it. A cell of a CSV file is read as TOML writes
    values; what TOML cannot read is text.

    Parameters
    ----------
    path
        A CSV or Parquet file.
    base
        Site that rows without a cell in ``site`` start from.

    Raises
    ------
    InputError
        The table as a whole cannot be used. What is wrong with one row stays with that row.
    """
    records = _parquet(path) if path.suffix.lower() in PARQUET else _csv(path)
    header = [str(cell).strip() for cell in next(records, [])]
    _check_header(header, path)
    return [
        _draft(header, cells, f"{path.name}:row {number}", path.parent, base)
        for number, cells in zip(count(2), records, strict=False)
        if any(cell is not None for cell in cells)
    ]


def _check_header(header: list[str], path: Path) -> None:
    problems = []
    if not header:
        problems.append(Problem("the table is empty", path.name, _ALLOWED, "write a header"))
    for number, name in enumerate(header, start=1):
        where = f"{path.name}:row 1, column {number}"
        if not name:
            hint = "give it a dotted key, such as demand.peak_mw, or take it out"
            problems.append(Problem("a column has no name", where, _ALLOWED, hint))
        elif name in header[: number - 1]:
            hint = "keep one of them"
            problems.append(Problem(f'two columns are named "{name}"', where, _ALLOWED, hint))
        elif name.lower() in {NAME_COLUMN, SITE_COLUMN, "path"} and name not in {
            NAME_COLUMN,
            SITE_COLUMN,
        }:
            hint = did_you_mean(name.lower(), [NAME_COLUMN, SITE_COLUMN]) or 'write "site"'
            problems.append(Problem(f'no field is named "{name}"', where, _ALLOWED, hint))
    if problems:
        raise InputError(problems)


def _draft(
    header: list[str], cells: list[object], where: str, folder: Path, base: str | Path | None
) -> Draft:
    problems = []
    if len(cells) != len(header):
        what = f"the row has {len(cells)} cells, the header {len(header)}"
        hint = "put texts with commas in double quotes"
        problems.append(Problem(what, where, "as many cells as columns", hint))
    values = {key: cell for key, cell in zip(header, cells, strict=False) if cell is not None}
    name = str(values.pop(NAME_COLUMN, ""))
    site = values.pop(SITE_COLUMN, None)
    if name and not _is_name(name):
        hint = 'for example "site-1"'
        allowed = "letters, digits, spaces and . _ + -, beginning with a letter or digit"
        what = f'"{legible(name)}" cannot be the name of a site'
        problems.append(Problem(what, f"{where} (name)", allowed, hint))
    path = base if site is None else located(str(site), folder)
    return Draft(where, path, name if _is_name(name) else "", values, tuple(problems))


def located(reference: str, folder: Path) -> str | Path:
    """Return a site named in a file of a folder; a shipped instance is the same everywhere."""
    return reference if reference.startswith("@") else folder / reference


def _is_name(text: str) -> bool:
    return len(text) <= 80 and re.match(NAME_PATTERN, text) is not None  # noqa: PLR2004


def _csv(path: Path) -> Iterator[list[object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(_unreadable(path, error, "save it as CSV in UTF-8")) from None
    for number, record in enumerate(records):
        yield [cell.strip() if number == 0 else _value(cell.strip()) for cell in record]


def _parquet(path: Path) -> Iterator[list[object]]:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except ImportError:
        hint = "pip install 'optmix[parquet]', or save the table as CSV"
        what = "no library that reads Parquet is installed"
        raise InputError(Problem(what, path.name, "CSV, or Parquet with pyarrow", hint)) from None
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(path, error, "save it again, or as CSV")) from None
    yield [str(name) for name in frame.columns]
    for record in frame.itertuples(index=False):
        yield [_plain(cell) for cell in record]


def _unreadable(path: Path, error: Exception, hint: str) -> Problem:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return Problem(f"the table cannot be read: {reason}", path.name, _ALLOWED, hint)


def _plain(cell: object) -> object:
    """Return a value of a Parquet file as Python has it; what is missing as None."""
    value = cell.item() if hasattr(cell, "item") else cell
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    # Columns with missing cells hold whole numbers as floats, and a count takes none.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _value(cell: str) -> object:
    if not cell:
        return None
    try:
        document = tomllib.loads(f"value = {cell}")
    except tomllib.TOMLDecodeError:
        return cell
    return document["value"] if len(document) == 1 else cell
