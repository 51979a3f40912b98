"""What a solver proved: the plan, its cost, the lower bound, and how far to believe them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self

import numpy as np

from optmix.errors import InfeasibleError, NoPlanError, OptmixError, SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.solve.linear_program import LinearProgram, Residuals

__all__ = ["Claim", "Limits", "Outcome", "Status", "judge", "relative_gap"]

GAP_SLACK = 1e-9
"""Rounding allowed when a proven gap is compared with the gap asked for."""

OBJECTIVE_SLACK = 1e-4
"""Share of the objective by which a solver may count its plan otherwise: whole numbers are rounded
here, and a solver writes only so many digits."""

BOUND_SLACK = 1e-6
"""Share of the objective by which a solver's bound may pass its plan and still count as equal:
the feasibility tolerance of HiGHS's MIP solver."""


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """A plan, proven to lie within the gap asked for."""
    FEASIBLE = "feasible"
    """A plan, but not proven to that gap."""
    INFEASIBLE = "infeasible"
    """Proven: there is no plan."""
    UNBOUNDED = "unbounded"
    """Proven: the objective has no limit."""
    NO_PLAN = "no_plan"
    """Stopped by a limit or by the user before any plan was found."""
    ERROR = "error"
    """The solver failed, or its answer does not hold up."""


@dataclass(frozen=True)
class Limits:
    """When a solve may stop, and what else its user may set.

    Attributes
    ----------
    gap
        Stop once the plan is proven to cost at most this share more than the best one.
    absolute_gap
        Stop as well once the plan is within this much of the bound, in the objective's unit.
    time_limit_s
        Stop after this time with the best plan so far; None for no limit.
    seed
        Seed of the solver's random choices.
    threads
        Threads the solver may use; None leaves it to the solver.
    """

    gap: float = 1e-3
    absolute_gap: float = 1e-6
    time_limit_s: float | None = None
    seed: int = 0
    threads: int | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a solve. Status, bound, gap and time can always be read.

    Attributes
    ----------
    status
        How the solve ended.
    objective
        Objective of the plan, computed here from the plan; None without a plan.
    bound
        No plan is better than this, says the solver; None if it proved nothing or does not tell.
    gap
        Distance of objective and bound as a share of the objective; None if either is missing.
    values
        The plan, one value for each column; integer columns hold integers.
    residuals
        By how much the plan misses the program.
    seconds
        Wall time.
    nodes
        Branch-and-bound nodes; None if the solver does not tell.
    reason
        Why the solve ended so, in words.
    interrupted
        Whether the user stopped it.
    solver, version
        Who solved it.
    """

    status: Status
    solver: str
    version: str
    reason: str
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    values: NDArray[np.float64] | None = field(default=None, repr=False)
    residuals: Residuals | None = None
    seconds: float = 0.0
    nodes: int | None = None
    interrupted: bool = False

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan to use."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)

    @property
    def is_refuted(self) -> bool:
        """Whether the solver gave an answer that does not hold up, rather than none."""
        return self.status is Status.ERROR and self.values is not None

    def require_plan(self) -> Self:
        """Return self if there is a plan, and raise what is the matter otherwise.

        Raises
        ------
        InfeasibleError
            Proven that there is no plan.
        NoPlanError
            A limit or the user ended the search before a plan was found.
        SolverError
            The solver failed.
        OptmixError
            The objective has no limit, which no valid site allows.
        """
        said = f"{self.solver} {self.version}: {self.reason}"
        match self.status:
            case Status.OPTIMAL | Status.FEASIBLE:
                return self
            case Status.INFEASIBLE:
                raise InfeasibleError(said)
            case Status.NO_PLAN:
                raise NoPlanError(said)
            case Status.ERROR:
                raise SolverError(said)
            case Status.UNBOUNDED:
                raise OptmixError(said)


@dataclass(frozen=True, eq=False)
class Claim:
    """What a solver says, before anything of it is checked.

    Attributes
    ----------
    status
        The solver's own verdict.
    reason
        Its verdict in words.
    values
        Its plan, if it has one.
    bound
        Its bound on the objective, if it tells one.
    nodes
        Branch-and-bound nodes, if it tells them.
    objective
        What it says that its plan costs, if it tells.
    """

    status: Status
    reason: str
    values: NDArray[np.float64] | None = None
    bound: float | None = None
    nodes: int | None = None
    objective: float | None = None


def relative_gap(objective: float, bound: float) -> float:
    """Return the distance of objective and bound as a share of the objective.

    Examples
    --------
    >>> relative_gap(100.0, 99.5)
    0.005
    """
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else float("inf")


def judge(
    program: LinearProgram,
    claim: Claim,
    limits: Limits,
    *,
    solver: str,
    version: str,
    seconds: float,
    interrupted: bool = False,
) -> Outcome:
    """Turn a solver's claim into an outcome, believing only what can be recomputed.

    The objective is recomputed from the plan, the plan is checked against the program, and
    "optimal" stands only if plan and bound lie within the gap asked for.

    Parameters
    ----------
    program
        What was to be solved.
    claim
        What the solver says.
    limits
        What it was asked for.
    solver, version, seconds, interrupted
        Kept in the outcome.
    """
    bound = claim.bound if claim.bound is not None and np.isfinite(claim.bound) else None
    outcome = Outcome(
        status=claim.status,
        solver=solver,
        version=version,
        reason=claim.reason,
        bound=bound,
        seconds=seconds,
        nodes=claim.nodes,
        interrupted=interrupted,
    )
    if claim.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return outcome
    if claim.values is None:
        return replace(outcome, status=Status.NO_PLAN)

    values, residuals = _checked(program, claim.values)
    objective = program.objective(values)
    outcome = replace(outcome, objective=objective, values=values, residuals=residuals)
    if not residuals.acceptable:
        return _doubted(outcome, Status.ERROR, f"its plan breaks the model: {residuals}")
    told = claim.objective
    if told is not None and abs(told - objective) > OBJECTIVE_SLACK * max(1.0, abs(objective)):
        tells = f"it tells an objective of {told:.10g}, and its plan has {objective:.10g}"
        return _doubted(outcome, Status.ERROR, tells)
    if bound is None:
        return _doubted(outcome, Status.FEASIBLE, "there is no bound to prove it")
    return _with_gap(outcome, objective, bound, claim, limits, maximize=program.maximize)


def _with_gap(
    outcome: Outcome,
    objective: float,
    bound: float,
    claim: Claim,
    limits: Limits,
    *,
    maximize: bool,
) -> Outcome:
    ahead = objective - bound if maximize else bound - objective
    if ahead > BOUND_SLACK * max(1.0, abs(objective)):
        passes = f"its bound {bound:.10g} passes its own plan {objective:.10g}"
        return _doubted(outcome, Status.ERROR, passes)
    if ahead > 0:
        bound = objective
    gap = relative_gap(objective, bound)
    within = gap <= limits.gap + GAP_SLACK or abs(objective - bound) <= limits.absolute_gap
    status = Status.OPTIMAL if within else Status.FEASIBLE
    outcome = replace(outcome, status=status, bound=bound, gap=gap)
    if claim.status is Status.OPTIMAL and not within:
        return _doubted(outcome, status, f"the gap is {gap:.3%}, wider than asked for")
    return outcome


def _doubted(outcome: Outcome, status: Status, doubt: str) -> Outcome:
    return replace(outcome, status=status, reason=f"{outcome.reason}, but {doubt}")


def _checked(
    program: LinearProgram, values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Residuals]:
    """Round the integer columns if the plan stands it, and measure what it misses."""
    rounded = np.where(program.is_integer, np.round(values), values)
    residuals = program.residuals(rounded)
    if residuals.acceptable:
        return rounded, residuals
    return values, program.residuals(values)
