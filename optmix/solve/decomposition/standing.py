"""Where a solve stands: the best bound, the best plan, and what it took; told as it changes."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from optmix.solve.outcome import relative_gap
from optmix.solve.progress import Progress
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.plan import Plan
    from optmix.solve.request import Request

__all__ = ["Standing"]


@dataclass
class Standing:
    """Bound and plan of a solve in progress, thousand USD.

    Attributes
    ----------
    bound, relaxed_bound
        No plan costs less; the same before it was lifted by integer windows.
    cost, plan
        The best verified plan.
    rounds, fleets
        How often windows were evaluated, and for how many fleets integer operation was sought.
    seconds
        Wall time by phase of the method.
    """

    request: Request
    bound: float = -np.inf
    relaxed_bound: float = -np.inf
    cost: float = np.inf
    plan: Plan | None = None
    rounds: int = 0
    fleets: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    phase_now: str = ""

    def __post_init__(self) -> None:
        """Begin with the plan that the request brings, if it holds."""
        start = self.request.start
        if start is not None and start.cost_usd is not None:
            self.plan, self.cost = start.plan, start.cost_usd / USD_PER_KUSD

    @property
    def gap(self) -> float:
        """Distance of plan and bound, infinite while one is missing."""
        if not (np.isfinite(self.cost) and np.isfinite(self.bound)):
            return np.inf
        return relative_gap(self.cost, min(self.bound, self.cost))

    @property
    def is_proven(self) -> bool:
        """Whether the plan is within the gap asked for."""
        return self.gap <= self.request.gap

    def seconds_left(self) -> float:
        """Return the time that is left of what was given."""
        limit = self.request.time_limit_s
        return np.inf if limit is None else max(0.0, limit - self.request.elapsed_s)

    def raise_bound(self, bound: float, *, relaxed: bool = True) -> None:
        """Take a bound if it is better than those before."""
        self.bound = max(self.bound, bound)
        if relaxed:
            self.relaxed_bound = max(self.relaxed_bound, bound)
        self.tell()

    def take_plan(self, plan: Plan, cost: float) -> bool:
        """Take a verified plan if it is better than those before, and say whether it was."""
        if cost >= self.cost:
            return False
        self.plan, self.cost = plan, cost
        self.tell()
        return True

    def tell(self, detail: str = "") -> None:
        """Tell whoever listens where the solve stands."""
        has_plan, has_bound = self.plan is not None, bool(np.isfinite(self.bound))
        self.request.sink(
            Progress(
                phase="solve",
                elapsed_s=self.request.elapsed_s,
                bound_usd=self.bound * USD_PER_KUSD if has_bound else None,
                incumbent_usd=self.cost * USD_PER_KUSD if has_plan else None,
                gap=self.gap if has_plan and has_bound else None,
                detail=detail or self.phase_now,
            )
        )

    @contextmanager
    def phase(self, name: str, detail: str) -> Iterator[None]:
        """Count the time of a phase, and tell that it begins."""
        began, before = time.perf_counter(), self.phase_now
        self.phase_now = detail
        self.tell()
        try:
            yield
        finally:
            self.phase_now = before
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began
