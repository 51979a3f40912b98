"""Rows of a race as files: CSV, Parquet, JSON lines, and the columns of a public benchmark."""

from __future__ import annotations

import csv
import json
from dataclasses import fields
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from optmix.bench.row import Row
from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from optmix.bench.machine import Machine

__all__ = [
    "as_line",
    "can_write_parquet",
    "read_rows",
    "write_csv",
    "write_jsonl",
    "write_parquet",
    "write_public",
]

MACHINE_COLUMNS: Final = ("cpu", "cores", "memory_gib", "load_before", "python", "optmix", "commit")
MIB_TO_MB: Final = 1.048576

PUBLIC_STATUS: Final = {
    "optimal": ("ok", "optimal"),
    "infeasible": ("warning", "infeasible"),
    "unbounded": ("warning", "unbounded"),
    "feasible": ("warning", "suboptimal"),
    "no_plan": ("TO", "Timeout"),
    "timeout": ("TO", "Timeout"),
    "out_of_memory": ("OOM", "Out of Memory"),
}
"""Words of that benchmark for ours; everything else is an error there."""


def write_csv(path: Path, rows: Iterable[Row], machine: Machine) -> None:
    """Write one line a run, with the machine in each, and without traces."""
    columns = [field.name for field in fields(Row) if field.name != "trace"]
    told = _machine_columns(machine)
    _write(path, [*columns, *told], ({**row.as_dict(), **told} for row in rows))


def write_parquet(path: Path, rows: Sequence[Row], machine: Machine) -> None:
    """Write the same columns as a Parquet file, with pyarrow, which is the extra ``parquet``."""
    import pandas as pd

    told = _machine_columns(machine)
    frame = pd.DataFrame([{**row.as_dict(), **told} for row in rows]).drop(columns="trace")
    frame.to_parquet(path, index=False)


def _machine_columns(machine: Machine) -> dict[str, Any]:
    packages = " ".join(f"{name}={found}" for name, found in machine.packages.items())
    return {name: getattr(machine, name) for name in MACHINE_COLUMNS} | {"packages": packages}


def can_write_parquet() -> bool:
    """Return whether a Parquet file can be written here."""
    return find_spec("pyarrow") is not None


def write_jsonl(path: Path, rows: Iterable[Row]) -> None:
    """Write one JSON object a run, traces included."""
    path.write_text("".join(map(as_line, rows)), encoding="utf-8")


def as_line(row: Row) -> str:
    """Return a run as its line among JSON lines."""
    return json.dumps(row.as_dict()) + "\n"


def write_public(path: Path, rows: Iterable[Row], machine: Machine, stamp: str) -> None:
    """Write the columns of the Open Energy Benchmark, so that its tools read a race.

    The host is named by its processor, and the run by its time.

    Source
    ------
    https://github.com/open-energy-transition/solver-benchmark, ``results/benchmark_results.csv``.
    """
    told = [_public(row, machine, stamp) for row in rows if row.status != "missing"]
    _write(path, list(_public(Row("", "", ""), machine, stamp)), told)


def _public(row: Row, machine: Machine, stamp: str) -> dict[str, Any]:
    ended = row.status
    if ended == "feasible" and (row.runtime_s or 0.0) >= row.time_limit_s > 0:
        ended = "timeout"
    status, condition = PUBLIC_STATUS.get(ended, ("ER", "Error"))
    time_s = row.runtime_s if row.runtime_s is not None else row.wall_s
    return {
        "Benchmark": row.instance,
        "Size": f"{row.hours:g}h" if row.hours else "",
        "Solver": row.contestant,
        "Solver Version": row.version,
        "Solver Release Year": None,
        "Status": status,
        "Termination Condition": condition,
        "Runtime (s)": time_s,
        "Memory Usage (MB)": row.peak_mib * MIB_TO_MB if row.peak_mib else None,
        "Objective Value": row.objective,
        "Max Integrality Violation": row.integrality,
        "Duality Gap": row.gap,
        "Reported Runtime (s)": row.runtime_s,
        "Timeout": row.time_limit_s,
        "Hostname": machine.cpu,
        "Run ID": stamp,
        "Timestamp": stamp,
        "VM Instance Type": f"{machine.cores} cores",
        "VM Zone": "",
        "Solver benchmark version": f"optmix {machine.optmix} {machine.commit}".strip(),
    }


def read_rows(path: Path) -> list[Row]:
    """Read the rows of an earlier race: its ``runs.csv``, or the folder that holds it.

    Raises
    ------
    InputError
        There is no such file, or it is not one of these.
    """
    file = path / "runs.csv" if path.is_dir() else path
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            told = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        allowed = "the runs.csv of an earlier race, or its folder"
        raise InputError(Problem(f"cannot be read: {why}", str(file), allowed)) from error
    needed = {"instance", "solver", "status", "runtime_s", "time_limit_s"}
    if not told or not needed <= told[0].keys():
        what = "this is no table of runs"
        raise InputError(Problem(what, str(file), "the runs.csv that `optmix bench -o` writes"))
    try:
        return [
            Row.of_dict({name: _value(name, text) for name, text in row.items()}) for row in told
        ]
    except (TypeError, ValueError) as error:
        raise InputError(Problem(f"a value cannot be read: {error}", str(file))) from error


TEXTS: Final = frozenset({"instance", "kind", "solver", "method", "version", "status", "reason"})
WHOLE: Final = frozenset({"solver_seed", "repeat", "threads", "n_rows", "n_columns", "n_integers"})
FLAGS: Final = frozenset({"is_verified", "is_maximised", "is_relaxed"})
KNOWN: Final = frozenset(field.name for field in fields(Row))


def _value(name: str, text: str) -> Any:
    if name in TEXTS or name not in KNOWN:
        return text
    if name in FLAGS:
        return text == "True"
    if not text:
        return None
    return int(text) if name in WHOLE else float(text)


def _write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
