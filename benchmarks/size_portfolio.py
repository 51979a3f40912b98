"""How fast a portfolio is solved: sites per minute by workers, memory over time, cost of a site.

    python benchmarks/size_portfolio.py --sites 200 --hours 8760 --workers 1,2
    python benchmarks/size_portfolio.py --sites 2000 --hours 168 --workers 1,2
    python benchmarks/size_portfolio.py --sites 20 --hours 168 --shared

The campuses are generated from a seed: 20 to 1,000 MW, with gas prices, training seeds and choices
of units to match. ``--shared`` lets them share turbines, engines and modules, 20 % fewer than they
want. Results go to ``results/portfolio.csv``, one row a run.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import optmix as om
from optmix._version import __version__

RESULTS = Path(__file__).parent / "results" / "portfolio.csv"
BASE_MW = 300
BASE_UNITS = {"titan-350": 20, "lm2500-g4": 22, "w18v50sg": 30, "j624": 130, "g3520k": 220}
BASE_MODULES = {"lfp-2h": 120, "lfp-4h": 120}
POLL_S = 0.5


def write_campuses(folder: Path, n_sites: int, hours: int, shared: str = "") -> Path:
    """Write a portfolio of generated campuses; the same number gives the same ones."""
    chance = random.Random(2026)  # noqa: S311 - made-up sites, not secrets
    header = ["name", "demand.peak_mw", "security.swing_mw", "fuel.price_usd_per_mmbtu"]
    header += [f"unit.{name}.n_max" for name in BASE_UNITS]
    header += [f"battery.{name}.n_max" for name in BASE_MODULES]
    with (folder / "campuses.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(header)
        for number in range(n_sites):
            peak_mw = round(math.exp(chance.uniform(math.log(20), math.log(1000))))
            scale = peak_mw / BASE_MW
            most = [math.ceil(n * scale) + 3 for n in (BASE_UNITS | BASE_MODULES).values()]
            price = round(chance.uniform(2.5, 6.0), 2)
            rows.writerow([f"campus-{number:04}", peak_mw, round(0.3 * peak_mw, 1), price, *most])
    (folder / "base").mkdir()
    base = om.load_site("@texas/islanded-300mw").origin
    for path in base.folder.iterdir():
        if path.is_file():
            (folder / "base" / path.name).write_bytes(path.read_bytes())
    start = "\n[time]\nstart = 2025-08-05\n" if hours < 8760 else ""
    with (folder / "base" / "site.toml").open("a", encoding="utf-8") as site:
        site.write(f"{start}hours = {hours}\n" if start else "")
    file = folder / "portfolio.toml"
    text = 'schema_version = 1\nbase = "base"\ntable = "campuses.csv"\n'
    file.write_text(f"{text}{shared}", encoding="utf-8")
    return file


class Memory(threading.Thread):
    """Watches the memory of this process and of those it started, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.samples: list[float] = []

    def run(self) -> None:
        """Look twice a second."""
        while not self.ended.wait(POLL_S):
            self.samples.append(sum(map(resident_mb, family(os.getpid()))))

    def thirds(self) -> tuple[float, float]:
        """Return the peak of the first and of the last third of the run."""
        third = max(1, len(self.samples) // 3)
        return max(self.samples[:third], default=0.0), max(self.samples[-third:], default=0.0)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += map(int, tasks.read_text().split())
        except OSError:
            continue
    return [pid, *(item for child in children for item in family(child))]


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


def timed(folder: Path, workers: int, gap: float, n_sites: int, hours: int) -> dict[str, Any]:
    """Solve the portfolio of a folder, and return what it took."""
    memory = Memory()
    memory.start()
    began = time.perf_counter()
    result = om.solve_portfolio(
        folder / "portfolio.toml", folder / f"out-{workers}", gap=gap, workers=workers
    )
    seconds = time.perf_counter() - began
    memory.ended.set()
    memory.join()
    early, late = memory.thirds()
    shared = result.shared
    return {
        "optmix": __version__,
        "sites": n_sites,
        "hours": hours,
        "gap": gap,
        "workers": workers,
        "solved": result.totals.n_solved,
        "seconds": round(seconds, 1),
        "sites_per_min": round(60 * n_sites / seconds, 2),
        "worker_s_per_site": round(sum(site.seconds for site in result.sites) / n_sites, 2),
        "first_third_mb": round(early),
        "last_third_mb": round(late),
        "shared_gap": None if shared is None else shared.gap,
        "shared_solves": None if shared is None else shared.n_solves,
        "load": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
    }


def shared_of(folder: Path, workers: int, gap: float) -> str:
    """Return limits 20 % below what the campuses take when nothing is shared."""
    free = om.solve_portfolio(folder / "portfolio.toml", folder / "free", gap=gap, workers=workers)
    taken = sorted(free.totals.units.items(), key=lambda item: -item[1])[:2]
    blocks = [
        f'[[shared.equipment]]\nname = "{name}"\ntechnology = ["{name}"]\n'
        f"n_max = {math.floor(0.8 * count)}\n"
        for name, count in taken
    ]
    modules = math.floor(0.8 * sum(free.totals.battery.values()))
    return f"[shared]\nbattery_modules_max = {modules}\n" + "".join(blocks)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--hours", type=int, default=8760)
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--workers", default="1,2", help="numbers, parted by commas")
    parser.add_argument("--shared", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_campuses(folder, asked.sites, asked.hours)
        workers = [int(number) for number in asked.workers.split(",")]
        if asked.shared:
            with (folder / "portfolio.toml").open("a", encoding="utf-8") as file:
                file.write(shared_of(folder, max(workers), asked.gap))
        for number in workers:
            keep(timed(folder, number, asked.gap, asked.sites, asked.hours))


def keep(row: dict[str, Any]) -> None:
    """Add a row to the results, and print it."""
    is_new = not RESULTS.exists()
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, row)
        if is_new:
            rows.writeheader()
        rows.writerow(row)
    print(row)  # noqa: T201 - what the script is for


if __name__ == "__main__":
    main()
