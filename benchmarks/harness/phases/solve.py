"""Solve: from the arrays of a case to a plan within 0.5 % of the least cost, profile `highs:fast`.

Build and hand-off are in it, for a method may build what it likes. A year is not solved here: one
solver call is not the way to do that.
"""

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.data.case import Case
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.outcome import Status
from optmix.solve.proposal import Proposal
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.verify.check import verify_plan

PROFILE = "highs:fast"
TIME_LIMIT_S = 900.0


def prepare(subject: Subject) -> None:
    _ = subject.case


def run(subject: Subject) -> tuple[Case, Proposal]:
    profile = ready_profile(PROFILE)
    request = Request(profile=profile, gap=profile.gap, time_limit_s=TIME_LIMIT_S)
    return subject.case, solve_monolithic(subject.case, request)


def figures(result: tuple[Case, Proposal]) -> dict[str, float]:
    """Refuse plans that are not proven or not right."""
    case, proposal = result
    if proposal.status is not Status.OPTIMAL or proposal.plan is None:
        raise AssertionError(f"not solved: {proposal.reason}")
    findings = verify_plan(case, proposal.plan).findings
    if findings:
        raise AssertionError(f"the plan is wrong: {findings[0]}")
    objective, bound = proposal.objective_usd, proposal.bound_usd
    if objective is None or bound is None:
        raise AssertionError("the plan has no cost or no bound")
    return {"objective_usd": objective, "bound_usd": bound, "gap": 1.0 - bound / objective}


register(
    Phase(
        "solve",
        order=5,
        run=run,
        prepare=prepare,
        figures=figures,
        rounds={"tutorial": 3, "fortnight": 1},
    )
)
