"""Every phase that is timed runs, on an instance small enough for a test."""

import pytest
from harness.registry import SIZES, Phase, phases, register
from harness.subject import Subject


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(SIZES["tutorial"])


@pytest.mark.parametrize("phase", phases(), ids=lambda phase: phase.name)
def test_phase_runs_and_its_result_is_right(phase: Phase, subject: Subject) -> None:
    phase.prepare(subject)
    figures = phase.figures(phase.run(subject))

    assert all(number >= 0 for number in figures.values())


def test_phases_come_in_the_order_of_a_run() -> None:
    names = [phase.name for phase in phases()]

    run = ["load", "case", "build", "handoff", "solve", "verify"]
    assert names == [*run, "storage", "sequential", "report"]


def test_every_size_that_is_timed_is_an_instance() -> None:
    assert {size for phase in phases() for size in phase.rounds} <= SIZES.keys()


def test_a_phase_is_registered_once() -> None:
    with pytest.raises(ValueError, match="load"):
        register(Phase("load", order=1, run=lambda subject: subject))
