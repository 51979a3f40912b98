"""Sizes first, operation second, and the whole only if that is not enough.

A program in which few integers (sizes) tie many others (commitment) is hard in one piece and easy
in two: with operation relaxed the sizes are soon found, and with the sizes fixed operation is soon
found. The first step is a relaxation, so its bound holds for the whole; the second gives a plan.
Their distance is often within the gap asked for. Where it is not, the whole program is solved with
that plan to start from.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.solve.highs import solve_highs
from optmix.solve.highs_run import SolverEvent
from optmix.solve.interrupt import Enough, Interrupt
from optmix.solve.outcome import Claim, Limits, Outcome, Status, judge, relative_gap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from optmix.solve.highs_model import OptionValue
    from optmix.solve.linear_program import LinearProgram

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

__all__ = ["solve_staged"]

STEP_GAP: Final = 0.25
"""Share of the gap that each of the first two steps may use up; the rest is for what relaxing
operation costs."""

FIRST_STEP_TIME: Final = 0.5
"""Share of the time that the first step may take, so that some is left to find a plan."""


def solve_staged(
    program: LinearProgram,
    is_first_stage: Booleans,
    limits: Limits,
    options: Mapping[str, OptionValue] | None = None,
    *,
    start: Floats | None = None,
    on_event: Callable[[SolverEvent], None] | None = None,
    on_log: Callable[[str], None] | None = None,
    interrupt: Interrupt | None = None,
) -> Outcome:
    """Solve a program whose first-stage integers, once fixed, leave an easy rest.

    Parameters
    ----------
    program
        What to solve.
    is_first_stage
        Which columns are decided first; only the integers among them matter.
    limits
        When to stop.
    options
        Further options of HiGHS by its own names.
    start
        Values to start from, one a column; NaN where none is known.
    on_event
        Called with bound, incumbent and gap of the whole as they change.
    on_log
        Called with each line of HiGHS's log.
    interrupt
        Ends the search at once and keeps the best plan so far.

    Returns
    -------
    Outcome
        As that of `optmix.solve.highs.solve_highs`.

    Raises
    ------
    SchemaError
        HiGHS does not know an option or refuses its value.
    SolverError
        HiGHS refuses the model, or cannot be started.
    """
    search = _Search(
        program, limits, dict(options or {}), interrupt or Interrupt(), on_event, on_log, start
    )
    return search.run(program.is_integer & is_first_stage)


@dataclass
class _Search:
    """The three steps, and the best bound and plan of the whole so far."""

    program: LinearProgram
    limits: Limits
    options: dict[str, OptionValue]
    interrupt: Interrupt
    on_event: Callable[[SolverEvent], None] | None
    on_log: Callable[[str], None] | None
    start: Floats | None
    bound: float | None = None
    objective: float | None = None
    plan: Floats | None = None
    nodes: int = 0
    began: float = field(default_factory=time.perf_counter)

    def run(self, is_size: Booleans) -> Outcome:
        last = self.sizes(is_size)
        if last.status in (Status.INFEASIBLE, Status.ERROR):
            return self.outcome(last)
        if last.values is not None and not self.must_stop():
            last = self.operation(is_size, last.values)
        if not self.must_stop():
            last = self.whole()
        return self.outcome(last)

    def sizes(self, is_size: Booleans) -> Outcome:
        """Solve with operation relaxed: the bound holds for the whole, the plan does not."""
        program = replace(self.program, is_integer=is_size)
        outcome = self.solve(program, STEP_GAP, FIRST_STEP_TIME, has_plans=False)
        self.raise_bound(outcome.bound)
        return outcome

    def operation(self, is_size: Booleans, sizes: Floats) -> Outcome:
        """Solve with the sizes fixed: the plan holds for the whole, the bound does not."""
        lower = np.where(is_size, sizes, self.program.col_lower)
        upper = np.where(is_size, sizes, self.program.col_upper)
        program = replace(self.program, col_lower=lower, col_upper=upper)
        outcome = self.solve(program, STEP_GAP, 1.0, has_bounds=False)
        self.keep_plan(outcome)
        return outcome

    def whole(self) -> Outcome:
        """Solve everything at once, from the best plan so far."""
        outcome = self.solve(self.program, 1.0, 1.0)
        self.raise_bound(outcome.bound)
        self.keep_plan(outcome)
        return outcome

    def solve(
        self,
        program: LinearProgram,
        share_of_gap: float,
        share_of_time: float,
        *,
        has_bounds: bool = True,
        has_plans: bool = True,
    ) -> Outcome:
        time_limit = self.limits.time_limit_s
        if time_limit is not None:
            time_limit = share_of_time * self.seconds_left()
        enough = Enough(self.interrupt)

        def on_event(event: SolverEvent) -> None:
            if has_bounds:
                self.raise_bound(event.bound)
            objective = self.better(event.incumbent if has_plans else None)
            gap = self.gap(objective)
            if gap is not None and gap <= self.limits.gap:
                enough.set()
            if self.on_event is not None:
                nodes = self.nodes + (event.nodes or 0)
                now = time.perf_counter() - self.began
                self.on_event(SolverEvent(now, self.bound, objective, gap, nodes))

        outcome = solve_highs(
            program,
            replace(self.limits, gap=share_of_gap * self.limits.gap, time_limit_s=time_limit),
            self.options,
            start=self.start if self.plan is None else self.plan,
            on_event=on_event,
            on_log=self.on_log,
            interrupt=enough,
        )
        self.nodes += outcome.nodes or 0
        return outcome

    def raise_bound(self, bound: float | None) -> None:
        if bound is not None and (self.bound is None or self.is_below(self.bound, bound)):
            self.bound = bound

    def keep_plan(self, outcome: Outcome) -> None:
        if outcome.has_plan and outcome.objective == self.better(outcome.objective):
            self.plan, self.objective = outcome.values, outcome.objective

    def better(self, objective: float | None) -> float | None:
        """Return the better of an objective and that of the best plan so far."""
        if objective is None or self.objective is None:
            return self.objective if objective is None else objective
        return objective if self.is_below(objective, self.objective) else self.objective

    def is_below(self, this: float, that: float) -> bool:
        """Whether one objective is better than another, or a bound further from the plans."""
        return this > that if self.program.maximize else this < that

    def gap(self, objective: float | None) -> float | None:
        if objective is None or self.bound is None:
            return None
        return relative_gap(objective, self.bound)

    def seconds_left(self) -> float:
        if self.limits.time_limit_s is None:
            return float("inf")
        return max(0.0, self.limits.time_limit_s - (time.perf_counter() - self.began))

    def must_stop(self) -> bool:
        gap = self.gap(self.objective)
        is_within = gap is not None and gap <= self.limits.gap
        return is_within or self.interrupt.is_set() or self.seconds_left() == 0.0

    def outcome(self, last: Outcome) -> Outcome:
        status, reason = last.status, last.reason
        if self.plan is not None:
            gap = self.gap(self.objective)
            status = Status.FEASIBLE
            if gap is not None and gap <= self.limits.gap:
                status, reason = Status.OPTIMAL, "proven within the gap"
        elif last.has_plan:  # a plan of the relaxation
            status = Status.NO_PLAN
        return judge(
            self.program,
            Claim(status, reason, self.plan, self.bound, self.nodes),
            self.limits,
            solver=last.solver,
            version=last.version,
            seconds=time.perf_counter() - self.began,
            interrupted=self.interrupt.is_set(),
        )
