"""Solves sites of a portfolio one by one with `optmix solve`, to hold the portfolio against it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.portfolio.campuses import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.portfolio.records import PortfolioResult, SiteOutcome

PROGRAM = (sys.executable, "-P", "-c", "from optmix.cli.app import main; main()")
COLUMNS = (
    "name", "hours", "peak_mw", "gap_target", "cost_usd", "bound_usd", "alone_cost_usd",
    "alone_bound_usd", "agree", "worker_s", "alone_s",
)  # fmt: skip
TOLERANCE = 2e-6
"""Share of the cost by which a bound may pass a plan: the tolerance of solvers, twice."""


def one_by_one(
    result: PortfolioResult, count: int, options: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield a comparison for some solved sites, spread over the whole portfolio."""
    solved = [site for site in result.sites if site.is_solved]
    step = max(1, len(solved) // count)
    for site in solved[::step][:count]:
        yield compared(site, *alone(site, options))


def alone(site: SiteOutcome, options: Sequence[str]) -> tuple[dict[str, Any], float]:
    """Return what `optmix solve` finds for a site, and how long the whole command takes."""
    fields = [part for key, text in site.changes.items() for part in ("--set", f"{key}={text}")]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        command = [*PROGRAM, "solve", BASE, "-o", str(out), "--quiet", *options, *fields]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        return json.loads((out / "result.json").read_bytes()), seconds


def compared(site: SiteOutcome, found: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return both answers side by side; they agree if no bound passes the plan of the other."""
    costs = (site.objective_usd, found["objective_usd"])
    bounds = (site.bound_usd, found["bound_usd"])
    is_known = None not in (*costs, *bounds)
    return {
        "name": site.name,
        "hours": site.changes.get("time.hours", "8760"),
        "peak_mw": site.changes["demand.peak_mw"],
        "gap_target": found["gap_target"],
        "cost_usd": costs[0],
        "bound_usd": bounds[0],
        "alone_cost_usd": costs[1],
        "alone_bound_usd": bounds[1],
        "agree": is_known and max(bounds) <= min(costs) * (1 + TOLERANCE),
        "worker_s": site.seconds,
        "alone_s": seconds,
    }
