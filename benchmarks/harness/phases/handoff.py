"""Hand-off: from the Pyomo model to the arrays that a solver takes."""

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.solve.handoff import Handoff, hand_off


def prepare(subject: Subject) -> None:
    _ = subject.model


def run(subject: Subject) -> Handoff:
    return hand_off(subject.model)


def figures(handoff: Handoff) -> dict[str, float]:
    program = handoff.program
    return {
        "rows": program.n_rows,
        "columns": program.n_columns,
        "integers": int(program.is_integer.sum()),
        "nonzeros": program.n_nonzeros,
    }


register(Phase("handoff", order=4, run=run, prepare=prepare, figures=figures))
