"""Draw tables of committed results into their pages: each has a mark such as `<!-- peers -->`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.bench.cross_check import cross_checked
from optmix.bench.statistics import standings
from optmix.bench.summary import STANDING_TITLES, standing_cells
from optmix.bench.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx

    from optmix.bench.row import Row

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
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
    """Return the slopes that were measured, and the plots."""
    titles = ("against", "contestant", "points", "time", "between the two largest", "memory")
    lines, plots = [], []
    for path in sorted(RESULTS.glob("methods.*-growth.csv")):
        what = path.name.removeprefix("methods.").removesuffix("-growth.csv")
        columns = ("method", "points", "exponent", "last_exponent", "memory_exponent")
        lines += [(what, *(row[name] for name in columns)) for row in rows_of(path.name)]
        plots.append(
            f"![Time and memory against {what}](../../benchmarks/results/methods.{what}.svg)"
        )
    return "\n\n".join([_table(titles, lines, "--- --- ---: ---: ---: ---:"), *plots])


def races() -> str:
    """Return standings, and who took how long, of each race that was kept."""
    return "\n\n".join(
        f"## {title}\n\n{_race(name)}"
        for title, name in {
            "Small sites": "sites-small",
            "Linear relaxations": "relaxations",
        }.items()
    )


def _race(name: str) -> str:
    rows = cross_checked(read_rows(RESULTS / f"{name}.csv"))
    wrong = [row for row in rows if row.status == "wrong"]
    if wrong:
        raise ValueError(f"{name}.csv has false claims: {wrong}")
    contestants = list(dict.fromkeys(row.contestant for row in rows))
    titles = ("instance", *contestants, "costs differ by")
    lines = []
    for instance in dict.fromkeys(row.instance for row in rows):
        runs = {row.contestant: row for row in rows if row.instance == instance}
        times = [_time(runs[one]) if one in runs else "" for one in contestants]
        lines.append((instance, *times, _spread(runs.values())))
    columns = " ".join(["---:"] * (len(titles) - 1))
    score = _table(STANDING_TITLES, standing_cells(standings(rows)), f"--- {'---: ' * 10}")
    return "\n\n".join(
        [
            _machine_of_race(rows_of(f"{name}.csv")[0]),
            score,
            _table(titles, lines, f"--- {columns}"),
        ]
    )


def _time(row: Row) -> str:
    told = "" if row.runtime_s is None else f"{row.runtime_s:.2f}"
    return told if row.status == "optimal" else row.status.replace("_", " ")


def _spread(runs: Iterable[Row]) -> str:
    """Return how far the costs of proven plans lie apart, as a share of the least."""
    costs = [row.objective for row in runs if row.status == "optimal" and row.objective is not None]
    return f"{(max(costs) - min(costs)) / max(1.0, abs(min(costs))):.3%}" if costs else ""


def portfolio() -> str:
    """Return runs of whole portfolios, and sites held against the same solved alone."""
    rows = rows_of("portfolio.csv")
    titles = ("sites", "hours", "workers", "done", "proven", "failed", "sites per min",
              "s of a worker per site", "memory of driver, MiB", "of workers, MiB",
              "shared gap")  # fmt: skip
    lines = [
        (
            *(row[name] for name in ("sites", "hours", "workers", "solved", "proven", "failed")),
            *(f"{float(row[name]):.1f}" for name in ("sites_per_min", "worker_s_per_site")),
            *(f"{row[name]} → {row[name + '_late']}" for name in ("driver_mib", "workers_mib")),
            f"{float(row['shared_gap']):.2%}" if row["shared_gap"] else "",
        )
        for row in rows
    ]
    alone = [
        (row["name"], row["hours"], row["peak_mw"], row["cost_usd"], row["alone_cost_usd"],
         "yes" if row["agree"] == "True" else "no", row["worker_s"], row["alone_s"])
        for row in rows_of("portfolio.one-by-one.csv")
    ]  # fmt: skip
    beside = (
        "site",
        "hours",
        "MW",
        "cost, USD/a",
        "alone, USD/a",
        "agree",
        "worker, s",
        "alone, s",
    )
    return "\n\n".join(
        [
            _machine(rows[-1]),
            _table(titles, lines, "---: " * 11),
            "## Against single solves",
            _table(beside, alone, "--- ---: ---: ---: ---: --- ---: ---:"),
        ]
    )


def _table(titles: Sequence[str], lines: Iterable[Sequence[str]], columns: str) -> str:
    rows = [titles, columns.split(), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _machine_of_race(row: dict[str, str]) -> str:
    return (
        f"{row['cpu']}, {row['cores']} cores, {row['memory_gib']} GiB; load of the machine before "
        f"the first run {row['load_before']}; Python {row['python']}, commit {row['commit'][:12]}."
    )


def _machine(row: dict[str, str]) -> str:
    dirty = " with changes" if row["dirty"] == "True" else ""
    return (
        f"{row['cpu']}, {row['cores']} cores, {row['memory_gib']} GiB; load of the machine before "
        f"the first run {row['load_before']}; HiGHS {row['highspy']}, Python {row['python']}; "
        f"commit {row['commit']}{dirty}."
    )


TABLES = {"peers": peers, "growth": growth, "races": races, "portfolio": portfolio}


def fill(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the tables in the place of their marks."""
    folder, _, name = docname.rpartition("/")
    if folder == "benchmarks":
        source[0] = source[0].replace(f"<!-- {name} -->", TABLES[name]())


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
