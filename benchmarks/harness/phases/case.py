"""Case: series read, weather and prices laid out, everything as arrays."""

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.data.build import build_case
from optmix.data.case import Case


def prepare(subject: Subject) -> None:
    _ = subject.site


def run(subject: Subject) -> Case:
    return build_case(subject.site)


register(Phase("case", order=2, run=run, prepare=prepare))
