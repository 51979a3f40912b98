"""Build: the Pyomo model of all steps."""

from typing import Any

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.model.assemble import build_model


def prepare(subject: Subject) -> None:
    _ = subject.case


def run(subject: Subject) -> Any:
    return build_model(subject.case)


register(Phase("build", order=3, run=run, prepare=prepare))
