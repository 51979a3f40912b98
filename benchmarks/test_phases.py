"""Time every phase on every size it is meant for."""

from __future__ import annotations

import gc
import resource
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from harness.registry import SIZES, Phase, phases
from harness.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_benchmark.fixture import BenchmarkFixture

KIB_PER_MIB = 1024


@pytest.fixture(scope="module", params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def subject(size: str) -> Iterator[Subject]:
    """One instance at a time: the model of a year takes a gigabyte."""
    yield Subject(SIZES[size])
    gc.collect()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("phase", phases(), ids=lambda phase: phase.name)
def test_phase(benchmark: BenchmarkFixture, phase: Phase, size: str, subject: Subject) -> None:
    if size not in phase.rounds:
        pytest.skip(f"{phase.name} is not timed on a {size}")
    phase.prepare(subject)
    benchmark.group = size
    rounds = phase.rounds[size]
    cpu_s: list[float] = []

    def run(subject: Subject) -> Any:
        began = time.process_time()
        result = phase.run(subject)
        cpu_s.append(time.process_time() - began)
        return result

    def without_litter() -> tuple[tuple[Subject], dict[str, object]]:
        """Clear what earlier rounds left, or the next one is timed clearing it."""
        gc.collect()
        return (subject,), {}

    result = benchmark.pedantic(
        # What is imported on first use is no part of a phase, hence a round that is not timed.
        run,
        setup=without_litter,
        rounds=rounds,
        warmup_rounds=int(rounds > 1),
    )
    benchmark.extra_info |= {
        "size": size,
        "instance": SIZES[size],
        "phase": phase.name,
        # Of this process alone; says more than the clock where others use the machine.
        "cpu_s": round(median(cpu_s[-rounds:]), 4),
        # Of the process so far, so the first phase that needs more shows it.
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB_PER_MIB,
        **phase.figures(result),
    }
