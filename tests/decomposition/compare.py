"""Both methods on one random case, and what each proved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from decomposition.random_sites import random_case
from decomposition.shelf import SHELF

from optmix.solve.monolithic import solve_monolithic
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.units import HOURS_PER_WEEK
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import Certificate
    from optmix.solve.outcome import Status
    from optmix.solve.proposal import Proposal
    from optmix.verify.check import Verification

__all__ = ["GAP", "Answer", "decomposed", "monolithic", "window_days"]

GAP = 1e-3
"""Gap that both methods are asked for."""

WHOLE_LIMIT_S = 10.0
WINDOWS_LIMIT_S = 4.0
"""Some cases would go on for minutes either way; what is proved and found by then is compared."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method says, and what the verifier says of its plan.

    ``objective_usd`` is what the method says that its plan costs.
    """

    status: Status
    reason: str
    bound_usd: float | None
    objective_usd: float | None
    plan: Plan | None
    verification: Verification | None
    certificate: Certificate | None

    @property
    def has_plan(self) -> bool:
        return self.plan is not None

    @property
    def cost_usd(self) -> float:
        """Return what the plan costs, as the verifier counts it."""
        assert self.verification is not None
        return self.verification.objective_usd

    @property
    def gap(self) -> float:
        """Return the proven gap."""
        assert self.bound_usd is not None
        return (self.cost_usd - self.bound_usd) / abs(self.cost_usd)


def window_days(case: Case) -> int:
    """Return a length of windows of which a year of the case has three at least."""
    axis = case.axis
    is_weeks = axis.step_h * axis.year_steps.min() >= 3 * HOURS_PER_WEEK
    return 7 if is_weeks else 1


@cache
def monolithic(seed: int) -> Answer:
    """Return the answer of one model of all steps."""

    def solve() -> Answer:
        case = random_case(seed)
        request = Request(ready_profile("highs"), GAP, time_limit_s=WHOLE_LIMIT_S, threads=1)
        return _checked(case, solve_monolithic(case, request))

    return SHELF.get(f"monolithic-{seed}", solve)


@cache
def decomposed(seed: int, processes: int | None = None, limit_s: float = WINDOWS_LIMIT_S) -> Answer:
    """Return the answer of a master and short windows.

    Without ``processes`` the windows are solved in a thread of this one, which saves the seconds
    that a process takes to start.
    """
    from optmix.solve.decomposition.control import solve_decomposed

    def solve() -> Answer:
        case = random_case(seed)
        request = Request(
            ready_profile("highs"),
            GAP,
            time_limit_s=limit_s,
            workers=processes or 1,
            make_executor=None if processes else partial(ThreadPoolExecutor, max_workers=1),
        )
        return _checked(case, solve_decomposed(case, request, window_days=window_days(case)))

    return SHELF.get(f"decomposed-{seed}-{processes}-{limit_s}", solve)


def _checked(case: Case, proposal: Proposal) -> Answer:
    plan = proposal.plan
    return Answer(
        status=proposal.status,
        reason=proposal.reason,
        bound_usd=proposal.bound_usd,
        objective_usd=proposal.objective_usd,
        plan=plan,
        verification=None if plan is None else verify_plan(case, plan),
        certificate=proposal.certificate,
    )
