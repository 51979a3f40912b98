"""Compare optmix with other tools on one site: `python benchmarks/compare_peers.py --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.methods import table
from peers.plant import write_plant

from optmix.bench.machine import this_machine
from optmix.bench.process import run_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).resolve().parent
TOOLS = ("optmix decomposition", "optmix monolithic", "pypsa", "calliope")
PLANTS = ("proportional", "starts")
COLUMNS = (
    "plant", "hours", "tool", "status", "total_s", "build_s", "wall_s", "peak_mib",
    "objective_usd", "bound_usd", "gap", "gap_target", "time_limit_s", "reason",
)  # fmt: skip
PACKAGES = ("highspy", "numpy", "pandas", "pyomo", "scipy")
GRACE = 2.0
GRACE_S = 120.0
"""Time to build and to stop, beyond the limit of the solver."""

TOLERANCE = 2e-6
"""Share of the cost by which a bound may pass another tool's plan."""


def command(tool: str, calliope_python: str) -> tuple[list[str], str]:
    """Return what runs a tool, and the method if it has several."""
    name, _, method = tool.partition(" ")
    python = calliope_python if name == "calliope" else sys.executable
    return [python, str(HERE / "peers" / f"run_{name}.py")], method


def runs(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield a row for each tool on each plant and horizon, the short ones first."""
    for hours, plant, tool in product(options.hours, options.plants, options.tools):
        if tool == "calliope" and (plant != "proportional" or not options.calliope_python):
            continue  # it knows neither starts nor fuel at no load
        told, method = command(tool, options.calliope_python)
        with tempfile.TemporaryDirectory() as folder:
            site = write_plant(Path(folder), hours, with_starts=plant == "starts")
            asked = {"gap": options.gap, "time_limit_s": options.time_limit}
            ended = run_apart(
                told,
                {"site": str(site), "method": method, **asked},
                give_up_s=GRACE * options.time_limit + GRACE_S,
                memory_limit_mib=options.memory,
                python_path=[str(HERE)],
            )
        row = {
            "plant": plant,
            "hours": hours,
            "tool": tool,
            "gap_target": options.gap,
            "time_limit_s": options.time_limit,
            "status": ended.how,
            "reason": ended.reason,
            "wall_s": ended.wall_s,
            "peak_mib": ended.peak_mib,
            **ended.answer,
        }
        sys.stderr.write(f"{row}\n")
        yield row


def disagreements(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return where a tool's bound lies above another's plan, so that one of them is wrong.

    Only the plant without starts is the same model in all tools.
    """
    same = [row for row in rows if row["plant"] == "proportional"]
    return [
        f"{a['hours']} h: the bound of {a['tool']} lies above the plan of {b['tool']}"
        for a, b in product(same, same)
        if a["hours"] == b["hours"]
        and a.get("bound_usd") is not None
        and b.get("objective_usd") is not None
        and a["bound_usd"] > b["objective_usd"] * (1 + TOLERANCE)
    ]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    add = made.add_argument

    def words(text: str) -> tuple[str, ...]:
        return tuple(text.split(","))

    def counts(text: str) -> tuple[int, ...]:
        return tuple(map(int, words(text)))

    add("--hours", type=counts, default=(24, 168, 672, 8760), help="horizons: 24,168,672,8760")
    add("--plants", type=words, default=PLANTS, help=f"some of {', '.join(PLANTS)}")
    add("--tools", type=words, default=TOOLS, help=f"some of {', '.join(TOOLS)}")
    add("--calliope-python", default="", help="a Python that has Calliope; else it is left out")
    add("--gap", type=float, default=0.001, help="relative gap to stop at")
    add("--time-limit", type=float, default=600.0, metavar="S", help="of each solve")
    add("--memory", type=float, default=16_000.0, metavar="MIB", help="of each tool")
    add("--out", type=Path, default=HERE / "results" / "peers.csv", help="table to write")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser().parse_args(arguments)
    machine = this_machine()
    told = {
        "cpu": machine.cpu,
        "cores": machine.cores,
        "memory_gib": machine.memory_gib,
        "load_before": machine.load_before,
        "python": machine.python,
        **{name: machine.packages.get(name, "") for name in table.MACHINE if name in PACKAGES},
        "commit": machine.commit.removesuffix("+"),
        "dirty": machine.commit.endswith("+"),
    }
    kept: list[dict[str, Any]] = []
    for row in runs(options):
        kept.append(row)
        table.write(options.out, COLUMNS, kept, told)
    for line in disagreements(kept):
        sys.stderr.write(f"wrong: {line}\n")


if __name__ == "__main__":
    main()
