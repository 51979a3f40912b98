"""How fast a portfolio is solved: sites per minute by workers, memory over time, cost of a site.

    python benchmarks/size_portfolio.py --sites 200 --hours 8760 --workers 2 --out campuses
    python benchmarks/size_portfolio.py --sites 12 --hours 168 --workers 1,2 --repeat 3
    python benchmarks/size_portfolio.py --sites 40 --hours 168 --workers 2 --one-by-one 3
    python benchmarks/size_portfolio.py --sites 20 --hours 168 --workers 2 --shared

The campuses are generated from a seed: 20 to 1,000 MW, with gas prices, training jobs and choices
of units to match. ``--shared`` lets them share turbines, engines and modules, 20 % fewer than they
want. Each run adds a row to ``NAME.csv``, and its memory goes to ``NAME.memory.csv``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.machine import this_machine
from harness.methods import table
from harness.portfolio.alone import COLUMNS as ALONE
from harness.portfolio.alone import one_by_one
from harness.portfolio.campuses import share_scarce, write_campuses
from harness.portfolio.watch import Watch

import optmix as om
from optmix.solve.interrupt import Interrupt

if TYPE_CHECKING:
    from optmix.portfolio.progress import PortfolioProgress
    from optmix.portfolio.records import PortfolioResult

RESULTS = Path(__file__).resolve().parent / "results"
COLUMNS = (
    "sites", "hours", "gap_target", "time_limit_s", "workers", "solved", "proven", "failed",
    "resumed", "seconds", "sites_per_min", "worker_s_per_site", "slowest_s", "median_s",
    "driver_mib", "driver_mib_late", "workers_mib", "workers_mib_late", "largest_gap",
    "shared_gap", "shared_solves", "shared_cost_usd",
)  # fmt: skip


def timed(file: Path, out: Path, workers: int, asked: argparse.Namespace) -> PortfolioResult:
    """Solve a portfolio, and keep what it took."""
    watch, interrupt = Watch(out.parent / f"{out.name}.memory.csv"), Interrupt()
    timer = threading.Timer(asked.stop_after, interrupt.set)

    def tell(progress: PortfolioProgress) -> None:
        watch.n_done = progress.n_done
        left = "" if progress.eta_s is None else f", {progress.eta_s:,.0f} s left"
        sys.stderr.write(f"{progress.n_done}/{progress.n_total}{left}, {progress.detail}\n")

    watch.start()
    timer.start()
    result = om.solve_portfolio(
        *(file, out),
        gap=asked.gap,
        time_limit_s=asked.time_limit,
        workers=workers,
        on_progress=tell,
        interrupt=interrupt,
    )
    timer.cancel()
    watch.end()
    keep(asked.name, COLUMNS, [row_of(result, watch, workers, asked)])
    return result


def row_of(
    result: PortfolioResult, watch: Watch, workers: int, asked: argparse.Namespace
) -> dict[str, Any]:
    """Return what a run took; its rate counts only what it did itself."""
    done = [site for site in result.sites if site.status != "not run"]
    n_new = len(done) - result.n_resumed
    seconds = sorted(site.seconds for site in done)
    gaps = [site.gap for site in done if site.gap is not None]
    driver, workers_mib = watch.thirds("driver_mib"), watch.thirds("workers_mib")
    shared = result.shared
    return {
        "sites": len(result.sites),
        "hours": asked.hours,
        "gap_target": asked.gap,
        "time_limit_s": asked.time_limit,
        "workers": workers,
        "solved": sum(site.is_solved for site in done),
        "proven": sum(site.status == "optimal" for site in done),
        "failed": sum(not site.is_solved for site in done),
        "resumed": result.n_resumed,
        "seconds": result.seconds,
        "sites_per_min": 60 * n_new / result.seconds,
        "worker_s_per_site": sum(seconds) / len(seconds) if seconds else None,
        "slowest_s": seconds[-1] if seconds else None,
        "median_s": seconds[len(seconds) // 2] if seconds else None,
        "driver_mib": driver[0],
        "driver_mib_late": driver[1],
        "workers_mib": workers_mib[0],
        "workers_mib_late": workers_mib[1],
        "largest_gap": max(gaps, default=None),
        "shared_gap": None if shared is None else shared.gap,
        "shared_solves": None if shared is None else shared.n_solves,
        "shared_cost_usd": None if shared is None else shared.objective_usd,
    }


def keep(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Add rows to a table, which may hold those of other runs."""
    file = path.with_name(f"{path.name}.csv")
    machine = this_machine()
    told = [{**row, **machine} for row in rows]  # earlier runs may be of another machine
    table.write(file, (*columns, *machine), [*table.read(file), *told])


def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Run what the command line asks for in a folder."""
    given = folder / "in"
    file = given / "portfolio.toml"
    if not file.is_file():
        given.mkdir(parents=True)
        write_campuses(given, asked.sites, asked.hours)
        if asked.shared:
            most = max(asked.workers)
            free = om.solve_portfolio(file, folder / "free", gap=asked.gap, workers=most)
            share_scarce(file, free)
    for repeat in range(asked.repeat):
        for workers in asked.workers:
            name = f"out-{workers}" if asked.repeat == 1 else f"out-{workers}-{repeat}"
            result = timed(file, folder / name, workers, asked)
    if asked.one_by_one:
        options = ["--gap", str(asked.gap)]
        path = asked.name.with_name(f"{asked.name.name}.one-by-one")
        for row in one_by_one(result, asked.one_by_one, options):
            keep(path, ALONE, [row])


def counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--sites", type=int, default=200)
    add("--hours", type=int, default=8760)
    add("--gap", type=float, default=0.005)
    add("--time-limit", type=float, metavar="S", help="of each site; none unless given")
    add("--stop-after", type=float, default=1e6, metavar="S", help="end the run; sites that are "
        "done are kept in --out")  # fmt: skip
    add("--workers", type=counts, default=[1, 2], help="numbers, parted by commas")
    add("--repeat", type=int, default=1, help="run each number of workers so often, in turn")
    add("--shared", action="store_true", help="let the campuses share scarce equipment")
    add("--one-by-one", type=int, default=0, metavar="N", help="solve N of the sites again, each "
        "by `optmix solve`")  # fmt: skip
    add("--out", type=Path, help="folder that is kept: the same command goes on there")
    add("--name", type=Path, default=RESULTS / "portfolio", help="results are NAME.csv and so on")
    asked = parser.parse_args()
    if asked.out is not None:
        measure(asked.out, asked)
        return
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), asked)


if __name__ == "__main__":
    main()
