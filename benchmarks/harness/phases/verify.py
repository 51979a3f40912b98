"""Verify: every equation and cost of a plan, recomputed with numpy."""

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.verify.check import Verification, verify_plan


def prepare(subject: Subject) -> None:
    _ = subject.idle_plan


def run(subject: Subject) -> Verification:
    return verify_plan(subject.case, subject.idle_plan)


def figures(verification: Verification) -> dict[str, float]:
    return {"checks": verification.n_checks}


register(Phase("verify", order=6, run=run, prepare=prepare, figures=figures))
