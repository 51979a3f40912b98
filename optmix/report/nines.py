"""What each further nine of availability costs: a table, the same as JSON, and a plot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optmix.errors import InputError, Problem
from optmix.report.availability import availability_ends
from optmix.report.nines_plot import nines_plot
from optmix.report.out_folder import RESULT_FILE, cannot_write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optmix.schema.result import Result

__all__ = ["NINES_FILES", "NinesRow", "require_curve_folder", "write_curve"]

NINES_SCHEMA_VERSION = 1
NINES_FILES = ("nines.csv", "nines.json", "nines.svg")
"""Every file that stands beside the folders of the rows."""

PART = ".part"


@dataclass(frozen=True)
class NinesRow:
    """One target, and what the site costs with it.

    Attributes
    ----------
    nines
        Nines asked for: 3 is an availability of 99.9 %.
    folder
        Folder of this target, inside that of the curve; empty where nothing was written.
    result
        The answer.
    """

    nines: float
    folder: str
    result: Result

    @property
    def availability_target(self) -> float:
        """Share of time without loss of load that is asked for."""
        return availability_of(self.nines)

    def figures(self) -> dict[str, Any]:
        """Return everything that a row of the table says; sizes by name come last."""
        result, found = self.result, self.result.reliability
        ends = availability_ends(found) or (None, None)
        told = {
            "nines": self.nines,
            "availability_target": self.availability_target,
            "status": result.status,
            "objective_usd": result.objective_usd,
            "bound_usd": result.bound_usd,
            "gap": result.gap,
            "is_met": found.is_met,
            "availability": found.availability,
            "availability_low": ends[0],
            "availability_high": ends[1],
            "has_failure_data": found.has_failure_data,
            "lole_h": found.lole_h,
            "lole_low_h": found.lole_low_h,
            "lole_high_h": found.lole_high_h,
            "eue_mwh": found.eue_mwh,
            "interval_kind": found.interval_kind,
            "n_plus": found.n_plus,
            "common_cause_floor_h": found.common_cause_floor_h,
            "seconds": result.seconds.get("total"),
            "folder": self.folder,
            "reason": result.reason,
        }
        mix = result.mix
        if mix is None:
            return told
        grid = {"grid_withdrawal_mw": mix.grid_withdrawal_mw}
        return {**told, "installed_mw": mix.installed_mw, **grid, **mix.units, **mix.battery}


def availability_of(nines: float) -> float:
    """Return the availability of a number of nines.

    Examples
    --------
    >>> availability_of(3), availability_of(5)
    (0.999, 0.99999)
    """
    # The shortest decimal, so that five nines read as such in files and messages.
    return float(f"{1.0 - 10.0**-nines:.12g}")


def require_curve_folder(out: Path) -> None:
    """Make sure that a curve may be written to a folder.

    Raises
    ------
    InputError
        It is a file, or the folder of a single solve.
    """
    where, allowed = f"-o {out}", "a folder, new or of an earlier curve"
    if out.exists() and not out.is_dir():
        raise InputError(Problem("this is a file", where, allowed))
    if (out / RESULT_FILE).exists():
        what = "the folder holds the result of a single solve"
        raise InputError(Problem(what, where, allowed, "name another folder"))


def write_curve(out: Path, name: str, rows: Sequence[NinesRow]) -> dict[str, Any]:
    """Write the table, the same as JSON, and the plot; return what the JSON holds.

    Each file is replaced whole, so a run that is stopped leaves the rows that were done.

    Parameters
    ----------
    out
        The folder of the curve.
    name
        Name of the site.
    rows
        What is known so far, in the order of the targets.

    Raises
    ------
    InputError
        The folder cannot be written to.
    """
    told = [row.figures() for row in rows]
    document = {"schema_version": NINES_SCHEMA_VERSION, "site": name, "rows": told}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, content in zip(
            NINES_FILES, (_table(told), text, nines_plot(name, rows)), strict=True
        ):
            part = out / (file + PART)
            part.write_text(content, encoding="utf-8", newline="")
            part.replace(out / file)
    except OSError as error:
        raise InputError(cannot_write(out, error)) from error
    return document


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as CSV, with a column for each size that any row names."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
