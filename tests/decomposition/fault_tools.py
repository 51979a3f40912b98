"""Things that go wrong on purpose: executors that break, tasks that die, and who is still alive."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from model.cases import N_MINUS_1, make_axis, make_battery, make_case, make_unit

from optmix.solve.decomposition.control import solve_decomposed
from optmix.solve.decomposition.local_process import LocalProcess
from optmix.solve.request import Request
from optmix.solve.run import ready_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.case import Case
    from optmix.solve.progress import Progress
    from optmix.solve.proposal import Proposal

GAP = 0.01
"""So small that the first plan of the small case is not proven, and its second is."""

PATIENCE_S = 60.0
"""How long to wait for what must happen soon, on a machine that is busy with other things."""


def small_case(n_days: int = 9, **parts: Any) -> Case:
    """Return a case of more days than are sampled, with two unit types and a battery."""
    day = np.repeat(np.arange(n_days), 3)
    axis = make_axis((len(day),), step_h=8.0, day=day.tolist())
    demand = 4.0 * (9.0 + np.tile([-3.0, 1.0, 4.0], n_days) + 1.5 * np.sin(day))
    engine = make_unit(axis, n_max=12, min_up_steps=2, start_cost_usd=200.0)
    turbine = make_unit(
        axis,
        name="turbine",
        n_max=12,
        rating_mw=9.0,
        net_rating_mw=9.0,
        pmax_mw=9.0,
        pmin_mw=4.0,
        capital_usd_per_yr=700_000.0,
        segment_alpha_mmbtu_per_h=(12.0,),
    )
    whole = {
        "demand_mw": demand,
        "units": (engine, turbine),
        "batteries": (make_battery(n_max=20),),
        "security": N_MINUS_1,
    }
    return make_case(axis, **whole | parts)


class Inline(Executor):
    """Does every task at once, in the thread that asks."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Broken(Executor):
    """Loses every task."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("signal 9"))
        return future


def decompose(
    case: Case,
    make_executor: Callable[[], Executor] | None = Inline,
    *,
    sink: Watcher | None = None,
    workers: int = 1,
    gap: float = GAP,
) -> Proposal:
    """Solve in windows of a day."""
    request = Request(ready_profile("highs"), gap, workers=workers, make_executor=make_executor)
    if sink is not None:
        sink.request = request
        request.sink = sink
    return solve_decomposed(case, request, window_days=1)


@cache
def undisturbed() -> Proposal:
    """Return the answer for the small case when nothing goes wrong."""
    return decompose(small_case())


@dataclass
class Watcher:
    """A sink that does something once, when a solve is in some phase.

    Attributes
    ----------
    phase
        Detail of the messages that it waits for.
    has_plan
        Whether it waits for a time after the first plan, or before.
    act
        What it does then, with the request.
    """

    phase: str
    has_plan: bool
    act: Callable[[Request], None]
    has_acted: bool = False
    phase_now: str = ""
    request: Request | None = None

    def __call__(self, progress: Progress, /) -> None:
        self.phase_now = progress.detail
        is_time = progress.detail == self.phase
        if is_time and (progress.incumbent_usd is not None) == self.has_plan and not self.has_acted:
            assert self.request is not None
            self.has_acted = True
            self.act(self.request)


@dataclass
class Mortal:
    """Makes processes, one of which dies at its first task in each phase.

    Attributes
    ----------
    watcher
        Knows the phase.
    processes
        All that were made.
    died_in
        Phases in which one died.
    """

    watcher: Watcher
    processes: list[LocalProcess] = field(default_factory=list)
    died_in: list[str] = field(default_factory=list)

    def __call__(self) -> Executor:
        mortal = self

        class Process(LocalProcess):
            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                phase = mortal.watcher.phase_now
                if phase not in mortal.died_in:
                    mortal.died_in.append(phase)
                    fn = partial(do_and_die, fn)
                return super().submit(fn, *args, **kwargs)

        self.processes.append(Process())
        return self.processes[-1]


def do_and_die(fn: Callable[..., Any], *args: Any) -> None:
    """Do the work, and be killed before it is handed over."""
    fn(*args)
    os.kill(os.getpid(), signal.SIGKILL)


def fail(*_: object) -> list[None]:
    """Fail as a defect of a task would."""
    raise ZeroDivisionError("a defect")


def endless(*_: object) -> list[None]:
    """Let HiGHS solve a market split, which takes it far longer than any test."""
    rng = np.random.default_rng(0)
    n, m = 50, 6
    weights = rng.integers(0, 100, (m, n)).astype(float)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    every = np.arange(n, dtype=np.int32)
    highs.addVars(n, np.zeros(n), np.ones(n))
    highs.changeColsIntegrality(n, every, np.ones(n, dtype=np.uint8))
    for row in weights:
        half = float(row.sum() // 2)
        highs.addRow(half, half, n, every, row)
    highs.run()
    return [None]


def descendants(pid: int) -> set[int]:
    """Return all processes that a process started, and those that these started."""
    parent_of = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        parent_of[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found: set[int] = set()
    newest = {pid}
    while newest:
        newest = {child for child, parent in parent_of.items() if parent in newest} - found
        found |= newest
    return found


def is_alive(pid: int) -> bool:
    """Return whether a process still runs; one that waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], bool]) -> bool:
    """Return whether something comes true soon."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
