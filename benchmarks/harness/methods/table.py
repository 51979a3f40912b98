"""Results as CSV, written anew after every row so that what was measured is never lost."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from harness.machine import COLUMNS as MACHINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

DECIMALS = {
    "gap": 6, "largest_gap": 6, "shared_gap": 6, "speedup": 2, "exponent": 3, "last_exponent": 3,
    "memory_exponent": 3,
}  # fmt: skip
"""Of other figures three: seconds, MiB, USD."""

SOLVES = (
    "site", "hours", "unit_types", "nines", "sites", "method", "solver", "gap_target",
    "time_limit_s", "status", "solve_s", "wall_s", "first_plan_s", "peak_mib", "objective_usd",
    "bound_usd", "gap", "relaxed_bound_usd", "rounds", "windows", "cuts", "fleets", "workers",
    "phases", "reason",
)  # fmt: skip
RELAXATIONS = (
    "site", "what", "status", "solve_s", "wall_s", "read_s", "peak_mib", "objective_usd",
    "bound_usd", "gap", "rows", "columns", "nonzeros", "speedup", "is_at_least", "gap_target",
    "time_limit_s", "reason",
)  # fmt: skip
GROWTHS = ("method", "points", "exponent", "last_exponent", "memory_exponent")


def write(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[dict[str, Any]],
    machine: dict[str, Any] | None = None,
) -> None:
    """Write rows; the machine is the same in all of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = (*columns, *(MACHINE if machine else ()))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            full = {**row, **(machine or {})}
            writer.writerow({name: _text(name, full.get(name)) for name in names})


def read_solves(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table of solves; what is a number there is one again."""
    return [{name: _number(text) for name, text in row.items()} for row in read(path)]


def _number(text: str) -> float | str | None:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table as text; none if there is no such file yet."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _text(name: str, value: object) -> object:
    if value is None:
        return ""
    return round(value, DECIMALS.get(name, 3)) if isinstance(value, float) else value
