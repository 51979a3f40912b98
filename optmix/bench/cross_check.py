"""Hold what runs claim against each other: no bound may lie above another's verified plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from optmix.bench.primal import primal_integral_s

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.bench.row import Row

__all__ = ["best_plans", "cross_checked"]

NO_PLAN: Final = frozenset({"infeasible", "unbounded"})
"""Claims that there is no plan to be had, or no best one."""

TOLERANCE: Final = 2e-6
"""Share of the objective by which a bound may pass a plan: twice the feasibility tolerance of
solvers, once for each of the two."""

RELAXED_TOLERANCE: Final = 1e-4
"""The same for linear programs: first-order and interior-point methods without a vertex meet rows
and prices to about this."""


def cross_checked(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with false claims marked as wrong, and what needs all rows filled in.

    A plan was recounted by code that is not the solver's, so where a bound passes another run's
    plan the bound is false; and so is every claim that an instance with a plan has none. Where
    nobody has a plan and claims contradict each other, none of them counts.

    Examples
    --------
    >>> from optmix.bench.row import Row
    >>> done = {"status": "optimal", "is_verified": True}
    >>> good = Row("a", "model", "one", objective=9.0, bound=9.0, **done)
    >>> liar = Row("a", "model", "two", objective=11.0, bound=10.9, **done)
    >>> [row.status for row in cross_checked([good, liar])]
    ['optimal', 'wrong']
    """
    best = best_plans(rows)
    claims = _claims(rows)
    checked = [
        _checked(row, best.get(row.instance), claims.get(row.instance, frozenset())) for row in rows
    ]
    best = best_plans(checked)
    return [_with_integral(row, best.get(row.instance)) for row in checked]


def best_plans(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the row of the best verified plan of each instance that has one."""
    best: dict[str, Row] = {}
    for row in rows:
        if row.is_verified and row.objective is not None:
            held = best.get(row.instance)
            if held is None or _cost(row, row.objective) < _cost(held, held.objective or 0.0):
                best[row.instance] = row
    return best


def _cost(row: Row, value: float) -> float:
    return -value if row.is_maximised else value


def _claims(rows: Iterable[Row]) -> dict[str, frozenset[str]]:
    """Return what was claimed of each instance instead of a plan."""
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        if row.status in NO_PLAN:
            found[row.instance] = found.get(row.instance, frozenset()) | {row.status}
    return found


def _checked(row: Row, best: Row | None, claims: frozenset[str]) -> Row:
    if best is None or best.objective is None:
        if row.status in NO_PLAN and len(claims) > 1:
            return _wrong(
                row, f"called {row.status}; others call it {', '.join(claims - {row.status})}"
            )
        return row
    if row.status in NO_PLAN:
        return _wrong(row, f"called {row.status}, but {best.contestant} has a plan that holds")
    if row.bound is None:
        return row
    tolerance = RELAXED_TOLERANCE if row.is_relaxed else TOLERANCE
    slack = tolerance * max(1.0, abs(best.objective))
    if _cost(best, row.bound) > _cost(best, best.objective) + slack:
        passes = f"its bound {row.bound:,.6g} passes the plan of {best.contestant}"
        return _wrong(row, f"{passes}, {best.objective:,.6g}, which holds")
    return row


def _wrong(row: Row, reason: str) -> Row:
    return replace(row, status="wrong", reason=reason)


def _with_integral(row: Row, best: Row | None) -> Row:
    if best is None or row.status in {"missing", "refused"}:
        return row
    return replace(row, primal_integral_s=primal_integral_s(row, best.objective))
