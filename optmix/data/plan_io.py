"""A plan as a table: ``dispatch.csv``, one row a step.

Numbers keep every bit on the way to a file and back, so that what was verified in memory is what
is verified from the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from optmix.data.exact_csv import RESTORE, read_exact, write_exact
from optmix.data.plan import Plan
from optmix.errors import Problem, SeriesError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.schema.result import MixSummary

    Floats = NDArray[np.float64]

__all__ = [
    "DISPATCH_FILE",
    "dispatch_columns",
    "frame_to_plan",
    "needs_grid",
    "plan_to_frame",
    "read_dispatch",
    "write_dispatch",
]

DISPATCH_FILE = "dispatch.csv"

UNIT_COUNTS = ("online", "starts", "stops", "in_maintenance")
UNIT_FIELDS = (*UNIT_COUNTS, "output_mw", "fuel_mmbtu_per_h")
BATTERY_FIELDS = ("charge_mw", "discharge_mw", "soc_mwh", "cover_mw")
TIER_FIELDS = ("curtailed_mw",)
STOCK_FIELDS = ("withdrawn_mmbtu_per_h", "refill_mmbtu_per_h", "content_mmbtu")
GRID_FIELDS = ("import_mw", "export_mw")
SERVICE_FIELDS = ("unserved_mw",)
LARGEST_COUNT = 1e9  # far beyond any site, and safely within the integers of numpy
PLAN_FIELDS = (
    *UNIT_FIELDS,
    *BATTERY_FIELDS,
    *GRID_FIELDS,
    *TIER_FIELDS,
    *SERVICE_FIELDS,
    *STOCK_FIELDS,
)


def plan_to_frame(plan: Plan, case: Case) -> pd.DataFrame:
    """Return the table of ``dispatch.csv``.

    Parameters
    ----------
    plan
        What is built and how it runs.
    case
        The case the plan is for.

    Returns
    -------
    pandas.DataFrame
        One row a step over all operating years. ``time`` is local time with its offset; the names
        of the other columns carry their unit. Shape (T, ``dispatch_columns(case)``).
    """
    axis = case.axis
    columns: dict[str, object] = {
        "time": pd.DatetimeIndex(axis.start_utc).tz_localize("UTC").tz_convert(axis.timezone),
        "year": [axis.year_name[year] for year in axis.year.tolist()],
        "demand_mw": case.demand_mw,
    }
    for name, field, row in _plan_columns(case):
        columns[name] = np.atleast_2d(getattr(plan, field))[row]
    columns["headroom_mw"] = _headroom_mw(plan, case)
    return pd.DataFrame(columns)


def frame_to_plan(frame: pd.DataFrame, mix: MixSummary, case: Case) -> Plan:
    """Return the plan that a table of operation and a mix describe.

    Parameters
    ----------
    frame
        The columns of ``dispatch.csv``, in any order.
    mix
        What is built.
    case
        The case the plan is for.

    Raises
    ------
    SeriesError
        A column is missing or unknown, the rows are not the steps of the case, a value is no
        finite number, or a number of units is not whole.

    Notes
    -----
    ``demand_mw`` and ``headroom_mw`` follow from the site and the plan and are not read.
    """
    _raise(_column_problems(frame, case))
    _raise([*_step_problems(frame, case), *_value_problems(frame, case)])
    fields = _fields(frame, case)
    counts = {field: fields[field].astype(np.int64) for field in UNIT_COUNTS}
    return Plan(
        units=np.array([mix.units[unit.name] for unit in case.units], dtype=np.int64),
        modules=np.array([mix.battery[item.name] for item in case.batteries], dtype=np.int64),
        withdrawal_mw=mix.grid_withdrawal_mw,
        has_grid=needs_grid(mix.grid_withdrawal_mw, fields["export_mw"]),
        online=counts["online"],
        starts=counts["starts"],
        stops=counts["stops"],
        in_maintenance=counts["in_maintenance"],
        output_mw=fields["output_mw"],
        fuel_mmbtu_per_h=fields["fuel_mmbtu_per_h"],
        charge_mw=fields["charge_mw"],
        discharge_mw=fields["discharge_mw"],
        soc_mwh=fields["soc_mwh"],
        cover_mw=fields["cover_mw"],
        import_mw=fields["import_mw"][0],
        export_mw=fields["export_mw"][0],
        curtailed_mw=fields["curtailed_mw"],
        unserved_mw=fields["unserved_mw"][0],
        withdrawn_mmbtu_per_h=fields["withdrawn_mmbtu_per_h"],
        refill_mmbtu_per_h=fields["refill_mmbtu_per_h"],
        content_mmbtu=fields["content_mmbtu"],
    )


def needs_grid(withdrawal_mw: float, export_mw: Floats) -> bool:
    """Return whether a plan has a grid tie: it contracts withdrawal, or it exports."""
    return withdrawal_mw > 0 or bool((export_mw > 0).any())


def dispatch_columns(case: Case) -> list[str]:
    """Return the names of the columns of ``dispatch.csv``, in their order."""
    return [
        *("time", "year", "demand_mw"),
        *(name for name, _, _ in _plan_columns(case)),
        "headroom_mw",
    ]


def write_dispatch(frame: pd.DataFrame, path: Path) -> None:
    """Write ``dispatch.csv``; stamps are ISO 8601 with the offset of local time."""
    stamps = [stamp.isoformat() for stamp in frame["time"]]
    write_exact(frame.assign(time=stamps), path)


def read_dispatch(path: Path) -> pd.DataFrame:
    """Read ``dispatch.csv``; ``time`` comes back in UTC.

    Raises
    ------
    SeriesError
        The file cannot be read, or a stamp is not ISO 8601.
    """
    frame = read_exact(path, text=("time", "year"))
    if "time" in frame.columns:
        stamps = pd.to_datetime(frame["time"], utc=True, errors="coerce", format="ISO8601")
        bad = np.flatnonzero(stamps.isna().to_numpy())
        if bad.size:
            what = f'"{frame["time"].iloc[bad[0]]}" is no ISO 8601 stamp'
            where = f"{path.name}:row {bad[0] + 2}"
            raise SeriesError(Problem(what, where, "a stamp with the offset from UTC", RESTORE))
        frame["time"] = stamps
    return frame


def _plan_columns(case: Case) -> Iterator[tuple[str, str, int]]:
    """Yield the column, the field of the plan and its row, for every series of a plan."""
    for row, unit in enumerate(case.units):
        yield from ((f"{unit.name}.{field}", field, row) for field in UNIT_FIELDS)
    for row, item in enumerate(case.batteries):
        yield from ((f"{item.name}.{field}", field, row) for field in BATTERY_FIELDS)
    yield from ((field, field, 0) for field in GRID_FIELDS)
    for row, tier in enumerate(case.tiers):
        yield from ((f"{tier.name}.{field}", field, row) for field in TIER_FIELDS)
    yield from ((field, field, 0) for field in SERVICE_FIELDS)
    for row, stock in enumerate(case.stocks):
        yield from ((f"{stock.name}.{field}", field, row) for field in STOCK_FIELDS)


def _fields(frame: pd.DataFrame, case: Case) -> dict[str, Floats]:
    """Return every series of a plan by field. Each has shape (its rows, T)."""
    rows: dict[str, list[Floats]] = {field: [] for field in PLAN_FIELDS}
    for name, field, _ in _plan_columns(case):
        rows[field].append(frame[name].to_numpy(dtype=np.float64))
    n_steps = case.axis.n_steps
    return {field: np.array(values).reshape(-1, n_steps) for field, values in rows.items()}


def _headroom_mw(plan: Plan, case: Case) -> Floats:
    """Return what the units online could add in each step. Shape (T,)."""
    headroom_mw = np.zeros(case.axis.n_steps)
    for row, unit in enumerate(case.units):
        headroom_mw += unit.pmax_mw * plan.online[row] - plan.output_mw[row]
    return headroom_mw


def _column_problems(frame: pd.DataFrame, case: Case) -> list[Problem]:
    expected, found = dispatch_columns(case), [str(name) for name in frame.columns]
    problems = [
        Problem(
            what=f'no column "{name}"',
            where=DISPATCH_FILE,
            allowed="a column for each thing that the site offers",
            hint=did_you_mean(name, [other for other in found if other not in expected]) or RESTORE,
        )
        for name in expected
        if name not in found
    ]
    problems += [
        Problem(
            f'column "{name}" belongs to nothing that the site offers',
            DISPATCH_FILE,
            allowed="no other columns than those that optmix writes",
            hint=did_you_mean(name, [other for other in expected if other not in found]) or RESTORE,
        )
        for name in found
        if name not in expected
    ]
    return problems


def _step_problems(frame: pd.DataFrame, case: Case) -> list[Problem]:
    """Compare the rows with the steps of the case."""
    axis = case.axis
    if len(frame) != axis.n_steps:
        what = f"{len(frame)} rows, but the site has {axis.n_steps} steps"
        return [Problem(what, DISPATCH_FILE, "one row for each step", RESTORE)]
    expected = pd.DatetimeIndex(axis.start_utc).tz_localize("UTC")
    same_time = (pd.DatetimeIndex(frame["time"]) == expected).tolist()
    years = [axis.year_name[year] for year in axis.year.tolist()]
    for row, (same, year, expected_year) in enumerate(
        zip(same_time, frame["year"], years, strict=True)
    ):
        if not same or str(year) != expected_year:
            stamp = expected[row].isoformat()
            what = f'this row is not the step of {stamp} in year "{expected_year}"'
            where = f"{DISPATCH_FILE}:row {row + 2}"
            return [Problem(what, where, "the steps of the site, in their order", RESTORE)]
    return []


def _value_problems(frame: pd.DataFrame, case: Case) -> list[Problem]:
    """Find values that are no finite number, and counts that are not whole."""
    problems = []
    for name, field, _ in _plan_columns(case):
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        is_bad = ~np.isfinite(values)
        if field in UNIT_COUNTS:
            is_bad |= (values != np.round(values)) | (np.abs(values) > LARGEST_COUNT)
        if is_bad.any():
            row = int(np.argmax(is_bad))
            kind = "whole number" if field in UNIT_COUNTS else "finite number"
            what = f'{name} is "{frame[name].iloc[row]}", not a {kind}'
            where = f"{DISPATCH_FILE}:row {row + 2}"
            problems.append(Problem(what, where, f"a {kind} in every row", RESTORE))
    return problems


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise SeriesError(problems)
