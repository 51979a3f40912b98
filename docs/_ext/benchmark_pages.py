"""Draw tables of committed results into their pages: `<!-- peers -->` and `<!-- growth -->`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
PAGES = ("benchmarks/peers", "benchmarks/growth")
MIB_PER_GIB = 1024


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of results."""
    with (RESULTS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def peers() -> str:
    """Return one table for each plant: time to the gap, gap at the limit, memory."""
    rows = rows_of("peers.csv")
    parts = [_machine(rows[0])]
    for plant in dict.fromkeys(row["plant"] for row in rows):
        lines = [
            f"**Plant: {plant}**\n",
            "| hours | tool | time, s | of it to build | gap | memory, GiB | cost, M$/a |",
            "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        lines += [_peer(row) for row in rows if row["plant"] == plant]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _peer(row: dict[str, str]) -> str:
    is_done = row["status"] == "optimal"
    time = f"{float(row['total_s']):.1f}" if is_done else f"limit ({row['time_limit_s']})"
    gap = f"{float(row['gap']):.2%}" if row["gap"] else "no plan"
    build = f"{float(row['build_s']):.1f}" if row["build_s"] else ""
    memory = f"{float(row['peak_mib']) / MIB_PER_GIB:.2f}" if row["peak_mib"] else ""
    cost = f"{float(row['objective_usd']) / 1e6:.3f}" if row["objective_usd"] else ""
    return f"| {row['hours']} | {row['tool']} | {time} | {build} | {gap} | {memory} | {cost} |"


def growth() -> str:
    """Return the slopes that were measured."""
    lines = ["| against | contestant | points | exponent | between the two largest |"]
    lines.append("| --- | --- | ---: | ---: | ---: |")
    for path in sorted(RESULTS.glob("methods.*-growth.csv")):
        what = path.name.removeprefix("methods.").removesuffix("-growth.csv")
        lines += [
            f"| {what} | {row['method']} | {row['points']} | {row['exponent']} "
            f"| {row['last_exponent']} |"
            for row in rows_of(path.name)
        ]
    return "\n".join(lines)


def _machine(row: dict[str, str]) -> str:
    dirty = " with changes" if row["dirty"] == "True" else ""
    return (
        f"{row['cpu']}, {row['cores']} cores, {row['memory_gib']} GiB; load of the machine before "
        f"the first run {row['load_before']}; HiGHS {row['highspy']}, Python {row['python']}; "
        f"commit {row['commit']}{dirty}."
    )


def fill(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the tables in the place of their marks."""
    if docname in PAGES:
        name = docname.rpartition("/")[2]
        source[0] = source[0].replace(
            f"<!-- {name} -->", {"peers": peers, "growth": growth}[name]()
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
