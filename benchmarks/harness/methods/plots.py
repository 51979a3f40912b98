"""Draw what was measured, as SVG; needs matplotlib, from the extra `bench`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.methods.growth import Growth
    from matplotlib.axes import Axes

Rows = list[dict[str, Any]]
# Text stays text and the same figures give the same file.
mpl.rcParams.update({"svg.hashsalt": "optmix", "svg.fonttype": "none"})


def draw_growth(
    path: Path, rows: Rows, size: str, label: str, growths: Sequence[Growth], *, is_log: bool
) -> None:
    """Draw time and memory against size: a line a method, hollow where a solve did not end."""
    figure = Figure(figsize=(7.5, 7.5), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    for number, growth in enumerate(growths):
        mine = [
            {**row, "solve_s": row.get("solve_s") or row["wall_s"]}
            for row in rows
            if row["method"] == growth.method and row.get(size)
        ]
        color = f"C{number}"
        _line(above, mine, (size, "solve_s"), _label(growth.method, growth.exponent), color)
        _tell_gaps(above, mine, size, color)
        _line(below, mine, (size, "peak_mib"), _label(growth.method, growth.memory_exponent), color)
    above.set(ylabel="s, from the site file to the verified plan", yscale="log")
    below.set(xlabel=label, ylabel="MiB, most at once", yscale="log")
    if is_log:
        below.set_xscale("log")
    sizes = sorted({row[size] for row in rows if row.get(size)})
    below.set_xticks(sizes, [f"{value:,.0f}" for value in sizes], minor=False)
    for axes in (above, below):
        axes.tick_params(which="minor", bottom=False)
        axes.margins(0.1)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, metadata={"Date": None})


def _label(method: str, exponent: float | None) -> str:
    return method if exponent is None else f"{method}: size to the power of {exponent:.2f}"


def _line(axes: Axes, rows: Rows, columns: tuple[str, str], label: str, color: str) -> None:
    size, figure = columns
    told = sorted((row[size], row[figure], row["status"]) for row in rows if row.get(figure))
    done = [point[:2] for point in told if point[2] == "optimal"]
    axes.plot(*zip(*done, strict=True) if done else ([], []), "o-", color=color, label=label)
    for *at, status in told:
        if status != "optimal":
            axes.plot(*at, "o", color=color, fillstyle="none")


def _tell_gaps(axes: Axes, rows: Rows, size: str, color: str) -> None:
    """Write beside what did not end how far it came."""
    style = {"textcoords": "offset points", "ha": "center", "fontsize": "small", "color": color}
    for row in rows:
        if row["status"] != "optimal":
            gap = row.get("gap")
            told = row["status"].replace("_", " ") if gap is None else f"gap {gap:.2%}"
            axes.annotate(told, (row[size], row["solve_s"]), (0, 7), **style)


def draw_relaxations(path: Path, rows: Rows) -> None:
    """Draw a bar for each solve, site by site; hatched where it did not end in time."""
    shown = [row for row in rows if row["what"] != "export" and row["status"] != "error"]
    figure = Figure(figsize=(7.5, 0.9 + 0.4 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    for row in shown:
        is_done = row["status"] == "optimal"
        seconds = row.get("solve_s") or row["wall_s"]
        bar = axes.barh(
            f"{row['site']}, {row['what']}",
            seconds,
            color="C0" if row["what"] == "decomposition" else "C1",
            hatch="" if is_done else "//",
            fill=is_done,
        )
        axes.bar_label(bar, [f"{seconds:,.0f}" if is_done else f"> {seconds:,.0f}"], padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel("s; only the decomposition builds and verifies in it")
    figure.savefig(path, metadata={"Date": None})
