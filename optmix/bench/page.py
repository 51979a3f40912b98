"""A race as one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from optmix.bench.summary import (
    COMPARISON_TITLES,
    STANDING_TITLES,
    comparison_cells,
    standing_cells,
    troubles,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.bench.finish import Finished
    from optmix.bench.row import Row

__all__ = ["page"]

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 } svg { max-width: 100%; height: auto }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
"""

NOTE = (
    "<p>SGM: geometric mean of times shifted by 10 s, with the limit for what was not solved. "
    "PAR2: mean time, with twice the limit. A run counts as solved only if its plan holds and its "
    "gap is proven.</p>"
)

RUN_TITLES = (
    "instance", "contestant", "seed", "repeat", "limit, s", "gap asked", "status", "time, s", "gap",
    "objective", "bound",
)  # fmt: skip


def page(finished: Finished, picture: str) -> str:
    """Return the page.

    Parameters
    ----------
    finished
        The race.
    picture
        The performance profile as an SVG element, or empty.
    """
    machine = finished.machine
    memory = f"{machine.memory_gib:g} GiB, " if machine.memory_gib else ""
    versions = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
    told = (
        f"{machine.cpu}, {machine.cores} cores, {memory}{machine.system}; load before "
        f"{machine.load_before}; optmix {machine.optmix} {machine.commit}, Python "
        f"{machine.python}, {versions}; {finished.stamp}"
    )
    title = escape(finished.race.title)
    parts = [
        f"<h1>{title}</h1><p>{escape(finished.race.purpose)}</p>",
        f"<p>{escape(told)}</p>",
        "<h2>Standings</h2>",
        _table(STANDING_TITLES, standing_cells(finished.standings)),
        NOTE,
    ]
    if finished.comparisons:
        rows = comparison_cells(finished.comparisons)
        parts += ["<h2>Against the baseline</h2>", _table(COMPARISON_TITLES, rows)]
    if picture:
        parts += ["<h2>Performance profile</h2>", picture]
    lines = troubles(finished.rows)
    if lines:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        parts += ["<h2>Failures</h2>", f"<ul>{items}</ul>"]
    parts += ["<h2>Runs</h2>", _table(RUN_TITLES, map(_run, finished.rows))]
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def _run(row: Row) -> tuple[str, ...]:
    """Return the cells of a run, in the order of ``RUN_TITLES``."""
    return (
        row.instance,
        row.contestant,
        str(row.solver_seed),
        str(row.repeat),
        f"{row.time_limit_s:g}",
        f"{row.gap_target:.3%}",
        row.status,
        _of(row.runtime_s),
        _of(row.gap, "{:.3%}"),
        _of(row.objective, "{:,.10g}"),
        _of(row.bound, "{:,.10g}"),
    )


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _of(value: float | None, form: str = "{:.2f}") -> str:
    return "" if value is None else form.format(value)
