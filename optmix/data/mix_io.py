"""What a plan builds as a table: ``mix.csv``, one row for each thing on offer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from optmix.data.exact_csv import RESTORE, read_exact, write_exact
from optmix.errors import Problem, SeriesError
from optmix.schema.result import MixSummary

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["MIX_FILE", "frame_to_mix", "mix_summary", "mix_to_frame", "read_mix", "write_mix"]

MIX_FILE = "mix.csv"

_TIE = ("grid", "withdrawal")


def mix_summary(plan: Plan, case: Case) -> MixSummary:
    """Return what a plan builds."""
    return _summary(plan.units.tolist(), plan.modules.tolist(), float(plan.withdrawal_mw), case)


def mix_to_frame(mix: MixSummary, case: Case) -> pd.DataFrame:
    """Return the table of ``mix.csv``: each unit type and battery product on offer, and the grid.

    Returns
    -------
    pandas.DataFrame
        Columns ``kind`` (``unit``, ``battery`` or ``grid``), ``name``, ``count``, ``mw`` (net
        rating, module power, or contracted withdrawal) and ``mwh`` (nameplate energy).
    """
    rows: list[tuple[str, str, int, float, float]] = []
    for unit in case.units:
        count = mix.units[unit.name]
        rows.append(("unit", unit.name, count, count * unit.net_rating_mw, 0.0))
    for item in case.batteries:
        count = mix.battery[item.name]
        rows.append(("battery", item.name, count, count * item.module_mw, count * item.module_mwh))
    if case.grid is not None:
        withdrawal_mw = mix.grid_withdrawal_mw
        rows.append((*_TIE, int(withdrawal_mw > 0), withdrawal_mw, 0.0))
    return pd.DataFrame(rows, columns=["kind", "name", "count", "mw", "mwh"])


def frame_to_mix(frame: pd.DataFrame, case: Case) -> MixSummary:
    """Return what the table of ``mix.csv`` says is built.

    Raises
    ------
    SeriesError
        A column or row is missing, unknown or given twice, or a number is not usable.

    Notes
    -----
    Counts are read, and the contracted withdrawal; other sizes follow from the site.
    """
    for name in ("kind", "name", "count", "mw"):
        if name not in frame.columns:
            allowed = "the columns kind, name, count and mw"
            raise SeriesError(Problem(f'no column "{name}"', MIX_FILE, allowed, RESTORE))
    found = list(zip(frame["kind"].astype(str), frame["name"].astype(str), strict=True))
    offered = _offered(case)
    if sorted(found) != sorted(offered):
        odd = {*found} ^ {*offered} or {row for row in found if found.count(row) > 1}
        what = "rows are not what the site offers: " + ", ".join(map(" ".join, sorted(odd)))
        allowed = "one row for each unit type and battery product, and one for a grid tie"
        raise SeriesError(Problem(what, MIX_FILE, allowed, RESTORE))
    counts = dict(zip(found, _numbers(frame, "count", is_whole=True), strict=True))
    sizes_mw = dict(zip(found, _numbers(frame, "mw", is_whole=False), strict=True))
    return _summary(
        [int(counts["unit", unit.name]) for unit in case.units],
        [int(counts["battery", item.name]) for item in case.batteries],
        sizes_mw.get(_TIE, 0.0),
        case,
    )


def write_mix(frame: pd.DataFrame, path: Path) -> None:
    """Write ``mix.csv``."""
    write_exact(frame, path)


def read_mix(path: Path) -> pd.DataFrame:
    """Read ``mix.csv``.

    Raises
    ------
    SeriesError
        The file cannot be read.
    """
    return read_exact(path, text=("kind", "name"))


def _offered(case: Case) -> list[tuple[str, str]]:
    """Return kind and name of each row of the table."""
    offered = [("unit", unit.name) for unit in case.units]
    offered += [("battery", item.name) for item in case.batteries]
    return offered + ([_TIE] if case.grid is not None else [])


def _numbers(frame: pd.DataFrame, column: str, *, is_whole: bool) -> list[float]:
    """Return a column of finite (and whole) numbers.

    Raises
    ------
    SeriesError
        It holds something else.
    """
    values = [float(value) for value in pd.to_numeric(frame[column], errors="coerce")]
    kind = "whole number" if is_whole else "finite number"
    problems = [
        Problem(
            what=f'{column} of "{frame["name"].iloc[row]}" is not a {kind}',
            where=f"{MIX_FILE}:row {row + 2}",
            allowed=f"a {kind} in every row",
            hint=RESTORE,
        )
        for row, value in enumerate(values)
        if not (value.is_integer() if is_whole else math.isfinite(value))
    ]
    if problems:
        raise SeriesError(problems)
    return values


def _summary(units: list[int], modules: list[int], withdrawal_mw: float, case: Case) -> MixSummary:
    return MixSummary(
        units={unit.name: n for unit, n in zip(case.units, units, strict=True)},
        battery={item.name: n for item, n in zip(case.batteries, modules, strict=True)},
        battery_mw=_total(modules, [item.module_mw for item in case.batteries]),
        battery_mwh=_total(modules, [item.module_mwh for item in case.batteries]),
        grid_withdrawal_mw=withdrawal_mw,
        installed_mw=_total(units, [unit.net_rating_mw for unit in case.units]),
    )


def _total(counts: list[int], sizes: list[float]) -> float:
    return math.fsum(n * size for n, size in zip(counts, sizes, strict=True))
