"""Solve: from arrays to a plan within 0.5 % of the least cost, monolithic, default options.

Only as far as one solver call is meant to go: a year takes a method that takes it apart.
"""

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.solve.extract import extract_plan
from optmix.solve.highs import solve_highs
from optmix.solve.outcome import Limits, Outcome, Status
from optmix.verify.check import verify_plan

LIMITS = Limits(gap=0.005, time_limit_s=600.0)


def prepare(subject: Subject) -> None:
    _ = subject.handoff


def run(subject: Subject) -> tuple[Subject, Outcome]:
    return subject, solve_highs(subject.handoff.program, LIMITS)


def figures(result: tuple[Subject, Outcome]) -> dict[str, float]:
    subject, outcome = result
    if outcome.status is not Status.OPTIMAL or outcome.values is None or outcome.gap is None:
        raise AssertionError(f"not solved: {outcome.reason}")
    plan = extract_plan(subject.case, subject.handoff, outcome.values)
    findings = verify_plan(subject.case, plan).findings
    if findings:
        raise AssertionError(f"the plan is wrong: {findings[0]}")
    return {"gap": outcome.gap, "nodes": outcome.nodes or 0}


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
