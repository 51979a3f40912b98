"""Performance profiles: how often a contestant is within a factor of the fastest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.bench.statistics import by_contestant, time_s

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optmix.bench.row import Row

__all__ = ["performance_profiles"]


def performance_profiles(rows: Iterable[Row]) -> dict[str, list[tuple[float, float]]]:
    """Return for each contestant the steps of its profile: factor, and share of tasks within it.

    A task is an instance with its seed, repetition, time limit and, where several were raced, gap.
    What nobody solved counts as a task that nobody is within any factor of. The share is that of
    the tasks that a contestant was given: sites by windows, for one, are no linear programs.

    Source
    ------
    E. D. Dolan and J. J. Moré, *Benchmarking optimization software with performance profiles*,
    Math. Program. 91 (2002), 201-213.

    Examples
    --------
    >>> from optmix.bench.row import Row
    >>> done = {"status": "optimal", "is_verified": True}
    >>> rows = [
    ...     Row("a", "model", "one", runtime_s=1.0, **done),
    ...     Row("a", "model", "two", runtime_s=2.0, **done),
    ...     Row("b", "model", "one", status="feasible"),
    ...     Row("b", "model", "two", runtime_s=5.0, **done),
    ... ]
    >>> performance_profiles(rows)
    {'one': [(1.0, 0.5)], 'two': [(1.0, 0.5), (2.0, 1.0)]}
    """
    runs = by_contestant(rows)
    has_gaps = any(_has_several_gaps(made) for made in runs.values())
    times: dict[tuple[object, ...], dict[str, float]] = {}
    for name, made in runs.items():
        for row in made:
            time = max(time_s(row), 1e-3) if row.is_solved else math.inf
            times.setdefault(_task(row, has_gaps=has_gaps), {})[name] = time
    ratios: dict[str, list[float]] = {name: [] for name in runs}
    for one in times.values():
        fastest = min(one.values())
        for name, time in one.items():
            ratios[name].append(time / fastest if math.isfinite(time) else math.inf)
    return {name: _steps(found) for name, found in ratios.items()}


def _task(row: Row, *, has_gaps: bool) -> tuple[object, ...]:
    instance, gap, *rest = row.task
    return (instance, gap if has_gaps else None, *rest)


def _has_several_gaps(made: list[Row]) -> bool:
    """Return whether gaps were raced; else each contestant has that of its own profile."""
    gaps: dict[tuple[object, ...], set[float]] = {}
    for row in made:
        gaps.setdefault(_task(row, has_gaps=False), set()).add(row.gap_target)
    return any(len(one) > 1 for one in gaps.values())


def _steps(ratios: list[float]) -> list[tuple[float, float]]:
    factors = sorted({ratio for ratio in ratios if math.isfinite(ratio)})
    return [(factor, sum(r <= factor for r in ratios) / len(ratios)) for factor in factors]
