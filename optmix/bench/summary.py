"""A race as tables: who did how well, what failed, and what changed since a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.bench.row import FAILURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.bench.baseline import Comparison
    from optmix.bench.row import Row
    from optmix.bench.statistics import Score

__all__ = [
    "COMPARISON_TITLES",
    "STANDING_TITLES",
    "comparison_cells",
    "run_line",
    "standing_cells",
    "troubles",
]

STANDING_TITLES = (
    "contestant", "runs", "solved", "plans", "failed", "wrong", "SGM, s", "PAR2, s", "memory, MiB",
    "gap at limit", "primal integral, s",
)  # fmt: skip
COMPARISON_TITLES = ("contestant", "pairs", "time now / before", "p", "verdict", "lost")


def standing_cells(standings: Iterable[Score]) -> list[tuple[str, ...]]:
    """Return one line of text for each contestant, in the order of ``STANDING_TITLES``."""
    return [
        (
            one.contestant,
            str(one.n_runs),
            str(one.n_solved),
            str(one.n_plans),
            str(one.n_failed),
            str(one.n_wrong),
            f"{one.sgm_s:.2f}",
            f"{one.par2_s:.2f}",
            _number(one.sgm_mib, "{:,.0f}"),
            _number(one.gap_at_limit, "{:.3%}"),
            _number(one.primal_integral_s, "{:.2f}"),
        )
        for one in standings
    ]


def comparison_cells(comparisons: Iterable[Comparison]) -> list[tuple[str, ...]]:
    """Return one line of text for each contestant, in the order of ``COMPARISON_TITLES``."""
    return [
        (
            one.contestant,
            str(one.n_pairs),
            _number(one.ratio, "{:.2f}"),
            _number(one.p_value, "{:.3f}"),
            one.verdict,
            ", ".join(one.lost),
        )
        for one in comparisons
    ]


def troubles(rows: Sequence[Row]) -> list[str]:
    """Return one line for each run that failed, was refused, or whose solver is missing."""
    told = FAILURES | {"refused"}
    lines = [run_line(row) for row in rows if row.status in told]
    missing = {row.solver: row.reason for row in rows if row.status == "missing"}
    return lines + [f"{solver}: missing: {reason}" for solver, reason in missing.items()]


def run_line(row: Row) -> str:
    """Return a run as one line of text.

    Examples
    --------
    >>> from optmix.bench.row import Row
    >>> run_line(Row("a.mps", "model", "scip:fast", status="crash", reason="signal 6"))
    'a.mps, scip:fast: crash: signal 6'
    """
    figures = [
        _number(row.runtime_s, "{:.2f} s"),
        _number(row.gap, "gap {:.3%}"),
        _number(row.peak_mib, "{:,.0f} MiB"),
    ]
    told = ", ".join(figure for figure in figures if figure)
    if row.status in FAILURES | {"missing", "refused"}:
        told = row.reason
    return f"{row.instance}, {row.contestant}: {row.status}: {told}".removesuffix(": ")


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)
