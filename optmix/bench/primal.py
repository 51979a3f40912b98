"""How soon a run had good plans: its primal integral."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.bench.row import Row

__all__ = ["primal_gap", "primal_integral_s"]


def primal_gap(objective: float | None, best: float) -> float:
    """Return the distance of a plan from the best known: 0 for the best, 1 for none.

    Source
    ------
    T. Berthold, *Measuring the impact of primal heuristics*, Oper. Res. Lett. 41 (2013), 611-614.

    Examples
    --------
    >>> primal_gap(110.0, 99.0), primal_gap(None, 99.0), primal_gap(-1.0, 1.0)
    (0.1, 1.0, 1.0)
    """
    if objective is None or objective * best < 0:
        return 1.0
    largest = max(abs(objective), abs(best))
    return abs(objective - best) / largest if largest else 0.0


def primal_integral_s(row: Row, best: float | None) -> float | None:
    """Return the integral of the primal gap from the start to the time limit.

    A solver that tells nothing on the way has no plan until it ends.

    Units
    -----
    Seconds; the time limit for a run without a plan.

    Parameters
    ----------
    row
        The run.
    best
        Objective of the best plan known of its instance.
    """
    if best is None:
        return None
    points = [(elapsed_s, plan) for elapsed_s, plan, _ in row.trace if plan is not None]
    if row.is_verified and row.runtime_s is not None:
        points = [point for point in points if point[0] < row.runtime_s]
        points.append((row.runtime_s, row.objective or 0.0))
    total_s, since_s, gap = 0.0, 0.0, 1.0
    for elapsed_s, plan in points:
        now_s = min(max(elapsed_s, since_s), row.time_limit_s)
        total_s += gap * (now_s - since_s)
        since_s, gap = now_s, primal_gap(plan, best)
    return total_s + gap * (row.time_limit_s - since_s)
