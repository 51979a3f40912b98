"""Both methods on one random case, and what each proved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from decomposition.random_sites import random_case

from optmix.solve.monolithic import solve_monolithic
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import Certificate
    from optmix.solve.outcome import Status
    from optmix.solve.proposal import Proposal
    from optmix.verify.check import Verification

__all__ = ["GAP", "Answer", "decomposed", "monolithic"]

GAP = 1e-3
"""Gap that both methods are asked for."""

WHOLE_LIMIT_S = 60.0
WINDOWS_LIMIT_S = 8.0
"""Windows of a day are far from what the decomposition is made for, and some cases would go on for
minutes; what it has proved and found by then is compared."""

WINDOW_DAYS = 1
"""Every random case is at least three windows long."""


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


@cache
def monolithic(seed: int) -> Answer:
    """Return the answer of one model of all steps."""
    case = random_case(seed)
    request = Request(ready_profile("highs"), GAP, time_limit_s=WHOLE_LIMIT_S, threads=1)
    return _checked(case, solve_monolithic(case, request))


@cache
def decomposed(seed: int, processes: int | None = None) -> Answer:
    """Return the answer of a master and windows of a day.

    Without ``processes`` the windows are solved in a thread of this one, which saves the seconds
    that a process takes to start.
    """
    from optmix.solve.decomposition.control import solve_decomposed

    case = random_case(seed)
    request = Request(
        ready_profile("highs"),
        GAP,
        time_limit_s=WINDOWS_LIMIT_S,
        workers=processes or 1,
        make_executor=None if processes else partial(ThreadPoolExecutor, max_workers=1),
    )
    return _checked(case, solve_decomposed(case, request, window_days=WINDOW_DAYS))


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
