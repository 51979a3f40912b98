"""A solve that is told to stop, or has no time left, stops before its next phase."""

import pytest

from optmix.schema.load import load_site
from optmix.solve.api import solve
from optmix.solve.interrupt import Interrupt
from optmix.solve.progress import Progress

PHASES = ("load", "build", "handoff", "solve", "verify", "reliability")


@pytest.mark.parametrize("during", PHASES[:3])
def test_an_interrupt_stops_at_the_next_phase(during: str) -> None:
    interrupt = Interrupt()
    begun = []

    def sink(progress: Progress, /) -> None:
        begun.append(progress.phase)
        if progress.phase == during:
            interrupt.set()

    result = solve(load_site("@tutorial/one-engine"), sink=sink, interrupt=interrupt)
    assert begun == list(PHASES[: PHASES.index(during) + 1])
    assert (result.status, result.reason, result.mix) == ("no_plan", "interrupted", None)


def test_no_phase_begins_after_the_time_limit() -> None:
    begun = []

    def sink(progress: Progress, /) -> None:
        begun.append(progress.phase)

    result = solve(load_site("@tutorial/one-engine"), sink=sink, time_limit_s=1e-9)
    assert begun == ["load"]
    assert (result.status, result.reason) == ("no_plan", "time limit reached")


def test_a_plan_that_was_found_is_verified_whatever_happens() -> None:
    interrupt = Interrupt()

    def sink(progress: Progress, /) -> None:
        if progress.phase == "verify":
            interrupt.set()

    result = solve(load_site("@tutorial/one-engine"), sink=sink, interrupt=interrupt)
    assert result.status == "optimal"
    assert result.n_checks > 0
