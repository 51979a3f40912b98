"""Tables that optmix writes and reads again, with every bit of their numbers.

Rows in messages are counted as an editor shows them: the header is row 1.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pandas as pd

from optmix.errors import Problem, SeriesError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["RESTORE", "read_exact", "write_exact"]

RESTORE = "restore the file, or solve the site again"
"""What to do about such a table that no longer says what was written."""


def write_exact(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV."""
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def read_exact(path: Path, text: Sequence[str]) -> pd.DataFrame:
    """Read a table that optmix wrote.

    Parameters
    ----------
    path
        The file.
    text
        Columns that hold text, whatever it looks like.

    Raises
    ------
    SeriesError
        The file cannot be read as such a table.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:  # pandas' own errors are ValueErrors
        what, allowed = f"cannot be read: {error}", "a file that optmix solve wrote"
        problem = Problem(what, path.name, allowed, RESTORE)
        raise SeriesError(problem) from error
    for name in frame.columns.difference(list(text)):
        # Python's own reading of numbers is exact to the last bit; that of pandas depends on its
        # version. A column that is not all numbers stays text, for the caller to point at.
        with contextlib.suppress(ValueError):
            frame[name] = [float(value) for value in frame[name]]
    return frame
