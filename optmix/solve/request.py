"""What a solve was asked for: options of the site, overridden by those of the caller."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optmix.errors import NoPlanError
from optmix.solve.interrupt import Interrupt
from optmix.solve.outcome import Limits
from optmix.solve.progress import NullSink, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from optmix.solve.profiles import Profile
    from optmix.solve.progress import Sink
    from optmix.solve.start_plan import StartPlan

__all__ = ["Request"]


@dataclass
class Request:
    """One solve: what is asked, who listens, who may stop it, and how long each phase took.

    Attributes
    ----------
    profile
        Solver and its options.
    gap
        Relative gap to stop at.
    time_limit_s
        Wall time from the start of the request; none for no limit.
    seed, threads
        Passed to the solver.
    workers
        Processes that the decomposition uses; none for one on each core that this process may use.
    make_executor
        Makes what runs the windows of the decomposition; none for processes on this machine.
    start
        A plan to begin from.
    sink
        Hears of progress.
    interrupt
        Ends the search and keeps the best plan.
    seconds
        Wall time by phase, filled as phases end.
    """

    profile: Profile
    gap: float
    time_limit_s: float | None = None
    seed: int = 0
    threads: int | None = None
    workers: int | None = None
    make_executor: Callable[[], Executor] | None = None
    start: StartPlan | None = None
    sink: Sink = field(default_factory=NullSink)
    interrupt: Interrupt = field(default_factory=Interrupt)
    seconds: dict[str, float] = field(default_factory=dict)
    began_s: float = field(default_factory=time.perf_counter)

    @property
    def elapsed_s(self) -> float:
        """Wall time since the request began."""
        return time.perf_counter() - self.began_s

    def limits(self) -> Limits:
        """Return the limits of a solver run that starts now."""
        left = None
        if self.time_limit_s is not None:
            left = max(self.time_limit_s - self.elapsed_s, 0.0)
        return Limits(gap=self.gap, time_limit_s=left, seed=self.seed, threads=self.threads)

    @contextmanager
    def phase(self, name: str, detail: str = "", *, must_run: bool = False) -> Iterator[None]:
        """Tell the sink that a phase begins, and keep how long it took.

        Parameters
        ----------
        name, detail
            What the sink is told.
        must_run
            Whether the phase is run even if the search is to stop, because the answer needs it.

        Raises
        ------
        NoPlanError
            The search is to stop before the phase begins.
        """
        if not must_run:
            self._stop_if_asked()
        began = time.perf_counter()
        self.sink(Progress(phase=name, elapsed_s=self.elapsed_s, detail=detail))
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def _stop_if_asked(self) -> None:
        if self.interrupt.is_set():
            raise NoPlanError("interrupted")
        if self.time_limit_s is not None and self.elapsed_s >= self.time_limit_s:
            raise NoPlanError("time limit reached")
