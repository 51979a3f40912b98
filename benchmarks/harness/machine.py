"""Which machine, versions and commit were measured: columns of every table of results."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("highspy", "numpy", "pandas", "pyomo", "scipy")
COLUMNS = ("cpu", "cores", "memory_gib", "load_before", "python", *PACKAGES, "commit", "dirty")
LOAD_BEFORE = os.getloadavg()[0]
MEMORY = Path("/proc/meminfo")
KIB_PER_GIB = 1024**2


def complete(machine: dict[str, Any]) -> None:
    """Add to what pytest-benchmark knows what changes a time, and take out the machine's name."""
    machine.pop("node", None)
    machine["cores"] = os.cpu_count()
    machine["load_before"] = round(LOAD_BEFORE, 2)
    if MEMORY.is_file():
        total = MEMORY.read_text().split("MemTotal:")[1].split()[0]
        machine["memory_gib"] = round(int(total) / KIB_PER_GIB, 1)
    machine["packages"] = {name: version(name) for name in PACKAGES}


def columns(machine: dict[str, Any], commit: dict[str, Any]) -> dict[str, Any]:
    return {
        "cpu": machine["cpu"].get("brand_raw", ""),
        "cores": machine["cores"],
        "memory_gib": machine.get("memory_gib", ""),
        "load_before": machine["load_before"],
        "python": machine["python_version"],
        **machine["packages"],
        "commit": commit.get("id", "")[:12],
        "dirty": commit.get("dirty", ""),
    }


def this_machine() -> dict[str, Any]:
    """Return the columns outside of pytest, found in the same way."""
    from pytest_benchmark.plugin import pytest_benchmark_generate_machine_info
    from pytest_benchmark.utils import get_commit_info

    machine = pytest_benchmark_generate_machine_info()
    complete(machine)
    return columns(machine, get_commit_info())
