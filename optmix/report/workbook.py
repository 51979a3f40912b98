"""What was solved as a workbook, one sheet for each table."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import TYPE_CHECKING, Any

from optmix.errors import InputError, Problem
from optmix.report.out_folder import WORKBOOK_FILE
from optmix.report.place_file import place_file
from optmix.report.tables import report_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from optmix.report.files import Report

__all__ = ["write_workbook"]

WIDEST = 60
"""Columns are as wide as their widest text, up to so many characters."""

TIME_FORMAT = "yyyy-mm-dd hh:mm"

LOOKED_AT = 50
"""Rows that the width of a column is taken from."""


def write_workbook(out: Path, report: Report) -> Path:
    """Write ``report.xlsx`` into a folder, whole or not at all; return where it is.

    Parameters
    ----------
    out
        The folder of the solve.
    report
        What was solved.

    Raises
    ------
    InputError
        It cannot be written there, or the extra ``xlsx`` is not installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        what, hint = "workbooks need the package xlsxwriter", "pip install 'optmix[xlsx]'"
        raise InputError(Problem(what, "--xlsx", hint=hint)) from None
    content = io.BytesIO()
    # What a site calls itself must not be read as a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        time = book.add_format({"num_format": TIME_FORMAT})
        for name, table in report_tables(report).items():
            _fill(book.add_worksheet(name), table, head, time)
    return place_file(out / WORKBOOK_FILE, content.getvalue())


def _fill(sheet: Any, table: pd.DataFrame, head: object, time: object) -> None:
    """Write a table with its head, which stays in view."""
    for column, name in enumerate(table.columns):
        values = [_cell(value) for value in table[name].tolist()]
        sheet.write_string(0, column, str(name), head)
        # Times of a format of their own are dates to a workbook, not text.
        is_time = table[name].dtype.kind == "M"
        sheet.write_column(1, column, values, time if is_time else None)
        shown = [str(name), *map(_width_text, values[:LOOKED_AT])]
        sheet.set_column(column, column, min(WIDEST, max(map(len, shown)) + 2))
    sheet.freeze_panes(1, 0)
    if len(table.columns):
        sheet.autofilter(0, 0, max(1, len(table)), len(table.columns) - 1)


def _cell(value: object) -> object:
    """Return what a cell holds; what a workbook has no number for is left empty."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool | int | float | str | dt.datetime):
        return value
    return str(value)


def _width_text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
