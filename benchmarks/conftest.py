"""Which machine and which versions were timed, and the results as a table."""

from __future__ import annotations

import csv
from typing import Any

from harness import machine


def pytest_benchmark_update_machine_info(config: object, machine_info: dict[str, Any]) -> None:
    del config
    machine.complete(machine_info)


def pytest_benchmark_update_json(
    config: Any, benchmarks: object, output_json: dict[str, Any]
) -> None:
    """Write a table beside the JSON file; the times of single rounds are in the latter alone."""
    del benchmarks
    target = config.getoption("benchmark_json")
    if target is None:
        return
    with target.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(timed, output_json) for timed in output_json["benchmarks"])


# Figures that phases note, and what was timed on what.
_FIGURES = (
    "rows",
    "columns",
    "integers",
    "nonzeros",
    "objective_usd",
    "bound_usd",
    "gap",
    "checks",
)
_FIGURES += ("peak_memory_mib",)
_NOTED = ("size", "instance", "phase", "cpu_s", *_FIGURES)
_COLUMNS = ("size", "instance", "phase", "median_s", "least_s", "cpu_s", "rounds", *_FIGURES)
_COLUMNS += machine.COLUMNS


def _row(timed: dict[str, Any], output: dict[str, Any]) -> dict[str, Any]:
    extra = timed["extra_info"]
    return {
        **{name: extra.get(name, "") for name in _NOTED},
        "median_s": f"{timed['stats']['median']:.4g}",
        "least_s": f"{timed['stats']['min']:.4g}",
        "rounds": timed["stats"]["rounds"],
        **machine.columns(output["machine_info"], output["commit_info"]),
    }
