"""Performance profiles: how often a contestant is within a factor of the fastest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.bench.statistics import time_s

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optmix.bench.row import Row

__all__ = ["performance_profiles"]


def performance_profiles(rows: Iterable[Row]) -> dict[str, list[tuple[float, float]]]:
    """Return for each contestant the steps of its profile: factor, and share of tasks within it.

    A task is an instance with its seed, repetition, gap and time limit. What nobody solved counts
    as a task that nobody is within any factor of.

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
    times: dict[tuple[object, ...], dict[str, float]] = {}
    for row in rows:
        if row.status not in {"missing", "refused"}:
            time = max(time_s(row), 1e-3) if row.is_solved else math.inf
            times.setdefault(row.task, {})[row.contestant] = time
    names = list(dict.fromkeys(name for one in times.values() for name in one))
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for one in times.values():
        fastest = min(one.values())
        for name in names:
            time = one.get(name, math.inf)
            ratios[name].append(time / fastest if math.isfinite(time) else math.inf)
    return {name: _steps(found) for name, found in ratios.items()}


def _steps(ratios: list[float]) -> list[tuple[float, float]]:
    factors = sorted({ratio for ratio in ratios if math.isfinite(ratio)})
    return [(factor, sum(r <= factor for r in ratios) / len(ratios)) for factor in factors]
