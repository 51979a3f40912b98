"""The statistics of the field: one line for each contestant of a race."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optmix.bench.row import FAILURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.bench.row import Row

__all__ = ["SHIFT_S", "Score", "by_contestant", "par2_s", "shifted_geometric_mean", "standings"]

SHIFT_S: Final = 10.0
"""The shift of public benchmarks of solvers: it keeps the easiest instances from deciding."""


@dataclass(frozen=True)
class Score:
    """How one contestant did over all its runs.

    Attributes
    ----------
    contestant
        Solver, profile and method.
    n_runs, n_solved, n_plans, n_failed, n_wrong
        Runs; those proven to the gap; those with a verified plan; those that crashed or had to be
        ended; those whose answer does not hold. Runs of solvers that are not installed are not
        counted.
    sgm_s
        Shifted geometric mean of the time, with the time limit for what was not solved.
    par2_s
        Mean of the time, with twice the time limit for what was not solved.
    sgm_mib
        Geometric mean of peak memory.
    gap_at_limit
        Mean gap of the runs that have a plan but were not solved.
    primal_integral_s
        Mean over the runs that have one.
    """

    contestant: str
    n_runs: int
    n_solved: int
    n_plans: int
    n_failed: int
    n_wrong: int
    sgm_s: float
    par2_s: float
    sgm_mib: float | None
    gap_at_limit: float | None
    primal_integral_s: float | None


def shifted_geometric_mean(values: Iterable[float], shift: float = SHIFT_S) -> float:
    """Return ``exp(mean(log(value + shift))) - shift``.

    Examples
    --------
    >>> round(shifted_geometric_mean([0.0, 90.0]), 2)
    21.62
    >>> round(shifted_geometric_mean([1.0, 100.0], shift=0.0), 6)
    10.0
    """
    logarithms = [math.log(value + shift) for value in values]
    return math.exp(math.fsum(logarithms) / len(logarithms)) - shift


def time_s(row: Row, penalty: float = 1.0) -> float:
    """Return the time of a run; that of one that was not solved is the limit times a penalty."""
    if row.is_solved:
        return row.runtime_s if row.runtime_s is not None else row.wall_s or 0.0
    return penalty * row.time_limit_s


def par2_s(rows: Sequence[Row]) -> float:
    """Return the mean time, with twice the limit for every run that was not solved."""
    return math.fsum(time_s(row, 2.0) for row in rows) / len(rows)


def by_contestant(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the runs that were made, by who made them.

    A program is one model of all hours, so where a solver is raced by several methods, its runs of
    programs are those of the monolithic one.

    Examples
    --------
    >>> from optmix.bench.row import Row
    >>> rows = [Row("a", "model", "highs"), Row("b", "site", "highs", "monolithic")]
    >>> list(by_contestant(rows))
    ['highs monolithic']
    """
    made = [row for row in rows if row.status != "missing"]
    whole = {row.solver for row in made if row.method == "monolithic"}
    found: dict[str, list[Row]] = {}
    for row in made:
        is_whole = not row.method and row.solver in whole
        name = f"{row.solver} monolithic" if is_whole else row.contestant
        found.setdefault(name, []).append(row)
    return found


def standings(rows: Iterable[Row]) -> list[Score]:
    """Return how each contestant did, the best first: most solved, then least time."""
    found = [_score(name, runs) for name, runs in by_contestant(rows).items()]
    return sorted(found, key=lambda one: (one.n_wrong, -one.n_solved / one.n_runs, one.sgm_s))


def _score(contestant: str, rows: Sequence[Row]) -> Score:
    memory = [row.peak_mib for row in rows if row.peak_mib]
    open_gaps = [
        row.gap for row in rows if row.gap is not None and row.is_verified and not row.is_solved
    ]
    integrals = [row.primal_integral_s for row in rows if row.primal_integral_s is not None]
    return Score(
        contestant=contestant,
        n_runs=len(rows),
        n_solved=sum(row.is_solved for row in rows),
        n_plans=sum(row.is_verified for row in rows),
        n_failed=sum(row.status in FAILURES - {"wrong"} for row in rows),
        n_wrong=sum(row.status == "wrong" for row in rows),
        sgm_s=shifted_geometric_mean(time_s(row) for row in rows),
        par2_s=par2_s(rows),
        sgm_mib=shifted_geometric_mean(memory, 0.0) if memory else None,
        gap_at_limit=_mean(open_gaps),
        primal_integral_s=_mean(integrals),
    )


def _mean(values: Sequence[float]) -> float | None:
    finite = [value for value in values if math.isfinite(value)]
    return math.fsum(finite) / len(finite) if finite else None
