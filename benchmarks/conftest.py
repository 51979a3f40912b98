"""Which machine and which versions were timed, and the results as a table."""

from __future__ import annotations

import csv
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("highspy", "numpy", "pandas", "pyomo", "scipy")
LOAD_BEFORE = os.getloadavg()[0]
MEMORY = Path("/proc/meminfo")
KIB_PER_GIB = 1024**2


def pytest_benchmark_update_machine_info(config: object, machine_info: dict[str, Any]) -> None:
    """Add what changes a time, and take out the machine's name."""
    del config
    machine_info.pop("node", None)
    machine_info["cores"] = os.cpu_count()
    machine_info["load_before"] = round(LOAD_BEFORE, 2)
    if MEMORY.is_file():
        total = MEMORY.read_text().split("MemTotal:")[1].split()[0]
        machine_info["memory_gib"] = round(int(total) / KIB_PER_GIB, 1)
    machine_info["packages"] = {name: version(name) for name in PACKAGES}


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
_COLUMNS += ("cpu", "cores", "memory_gib", "load_before", "python", *PACKAGES, "commit", "dirty")


def _row(timed: dict[str, Any], output: dict[str, Any]) -> dict[str, Any]:
    machine, commit = output["machine_info"], output["commit_info"]
    extra = timed["extra_info"]
    return {
        **{name: extra.get(name, "") for name in _NOTED},
        "median_s": f"{timed['stats']['median']:.4g}",
        "least_s": f"{timed['stats']['min']:.4g}",
        "rounds": timed["stats"]["rounds"],
        "cpu": machine["cpu"].get("brand_raw", ""),
        "cores": machine["cores"],
        "memory_gib": machine.get("memory_gib", ""),
        "load_before": machine["load_before"],
        "python": machine["python_version"],
        **machine["packages"],
        "commit": commit.get("id", "")[:12],
        "dirty": commit.get("dirty", ""),
    }
