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
    """Draw time against size: a line for each method, hollow where a solve did not end in time."""
    figure = Figure(figsize=(7.5, 4.8), layout="constrained")
    axes = figure.add_subplot()
    for number, growth in enumerate(growths):
        mine = [row for row in rows if row["method"] == growth.method and row.get(size)]
        _line(axes, mine, size, growth, f"C{number}")
    axes.set(xlabel=label, ylabel="s, from the site file to the verified plan", yscale="log")
    if is_log:
        axes.set_xscale("log")
    sizes = sorted({row[size] for row in rows if row.get(size)})
    axes.set_xticks(sizes, [f"{value:,.0f}" for value in sizes], minor=False)
    axes.minorticks_off()
    axes.margins(0.1)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


def _line(axes: Axes, rows: Rows, size: str, growth: Growth, color: str) -> None:
    label = growth.method
    if growth.exponent is not None:
        label += f": size to the power of {growth.exponent:.2f}"
    done = sorted((row[size], row["solve_s"]) for row in rows if row["status"] == "optimal")
    axes.plot(*zip(*done, strict=True) if done else ([], []), "o-", color=color, label=label)
    for row in rows:
        if row["status"] == "optimal":
            continue
        at = (row[size], row.get("solve_s") or row["wall_s"])
        gap = row.get("gap")
        axes.plot(*at, "o", color=color, fillstyle="none")
        told = row["status"].replace("_", " ") if gap is None else f"gap {gap:.2%}"
        style = {"textcoords": "offset points", "ha": "center", "fontsize": "small"}
        axes.annotate(told, at, (0, 7), color=color, **style)


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
