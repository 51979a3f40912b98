"""Processes that work on windows side by side, replaced when they die.

Each lane is an executor with one process, so that a window always goes to the process that has it
warm. What is computed does not depend on how many lanes there are.

Executors of a cluster tell of a worker that died in words of their own, which are known here by the
names of their classes, so that none of these libraries need be installed.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, wait
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from optmix.errors import SolverError
from optmix.solve.decomposition.local_process import LocalProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future
    from types import TracebackType
    from typing import Self

__all__ = ["StoppedError", "Workers", "usable_cores"]

POLL_S: Final = 0.1
"""How often a waiting driver looks whether it should stop."""

MAX_REPLACEMENTS: Final = 5
"""What is lost more often than this in a row is not lost by accident."""

DEATHS: Final = frozenset(
    {
        *("KilledWorker", "CommClosedError"),  # Dask
        *("WorkerLost", "ManagerLost"),  # Parsl
    }
)
"""Classes of errors, and of what they derive from, that mean that a worker died."""


class StoppedError(Exception):
    """The user or the clock ended the work; not shown to anyone."""


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class _Again:
    """A task that is asked for once more.

    Dask knows a call by its function and its arguments, and would answer with the loss it knows.
    """

    task: Callable[..., list[Any]]
    count: int

    def __call__(self, *args: object) -> list[Any]:
        return self.task(*args)


class Workers:
    """A fixed number of single-process executors.

    Parameters
    ----------
    n_lanes
        How many.
    should_stop
        Asked while waiting; a true answer raises :class:`StoppedError`.
    make_executor
        Makes the executor of one lane; by default a process of this machine.
    """

    def __init__(
        self,
        n_lanes: int,
        should_stop: Callable[[], bool],
        make_executor: Callable[[], Executor] | None = None,
    ) -> None:
        self._make = make_executor or LocalProcess
        self._should_stop = should_stop
        self._lanes = [self._make() for _ in range(n_lanes)]
        self._lane_of: dict[int, int] = {}
        self._replacements = [0] * n_lanes
        self._n_lost = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End all processes, also those in the middle of something."""
        for lane in self._lanes:
            _end(lane)

    @property
    def n_lanes(self) -> int:
        """How many windows are worked on at once."""
        return len(self._lanes)

    def stop_if_asked(self) -> None:
        """Raise :class:`StoppedError` if the work is to end."""
        if self._should_stop():
            raise StoppedError

    def run(
        self, task: Callable[..., list[Any]], recipe: object, numbers: Sequence[int], *args: object
    ) -> list[Any]:
        """Return the results of a task for each of the numbered windows, in their order.

        Raises
        ------
        StoppedError
            The work is to end.
        SolverError
            A process keeps dying.
        """
        shares = self._shares(numbers)
        results: dict[int, Any] = {}
        pending = {
            self._submit(lane, task, recipe, share, *args): lane
            for lane, share in enumerate(shares)
            if share
        }
        while pending:
            if self._should_stop():
                for future in pending:
                    future.cancel()
                raise StoppedError
            done, _ = wait(pending, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for future in done:
                lane = pending.pop(future)
                death = _death_of(future)
                if death is None:
                    results.update(zip(shares[lane], future.result(), strict=True))
                    self._replacements[lane] = 0
                else:
                    self._replace(lane, death)
                    again = _Again(task, self._n_lost)
                    pending[self._submit(lane, again, recipe, shares[lane], *args)] = lane
        return [results[number] for number in numbers]

    def _shares(self, numbers: Sequence[int]) -> list[list[int]]:
        """Return the numbers by lane; a window stays where it was first."""
        for number in numbers:
            if number not in self._lane_of:
                self._lane_of[number] = min(range(self.n_lanes), key=partial(self._load, number))
        return [
            [number for number in numbers if self._lane_of[number] == lane]
            for lane in range(self.n_lanes)
        ]

    def _load(self, number: int, lane: int) -> tuple[int, int, int]:
        """Return how much a lane has to do, above all for windows that are asked with this one."""
        own = [other for other, its in self._lane_of.items() if its == lane]
        # Neighbours are seldom asked together, see `optmix.solve.decomposition.year`.
        return sum(other % 2 == number % 2 for other in own), len(own), lane

    def _submit(
        self,
        lane: int,
        task: Callable[..., list[Any]],
        recipe: object,
        share: list[int],
        *args: object,
    ) -> Future[list[Any]]:
        try:
            return self._lanes[lane].submit(task, recipe, share, *args)
        except Exception as error:
            if not _is_death(error):
                raise
            self._replace(lane, error)
            return self._submit(lane, task, recipe, share, *args)

    def _replace(self, lane: int, death: BaseException) -> None:
        self._n_lost += 1
        self._replacements[lane] += 1
        if self._replacements[lane] > MAX_REPLACEMENTS:
            raise SolverError(
                f"a worker process died {self._replacements[lane]} times in a row, perhaps for "
                f"want of memory; try fewer with --workers; the last died of: {death}"
            ) from death
        _end(self._lanes[lane])
        self._lanes[lane] = self._make()


def _death_of(future: Future[list[Any]]) -> BaseException | None:
    """Return of what the worker of a finished task died; None if it lives."""
    if future.cancelled():  # by the executor: what is cancelled here is waited for no more
        return CancelledError("the executor cancelled its task")
    error = future.exception()
    return error if error is not None and _is_death(error) else None


def _is_death(error: BaseException) -> bool:
    """Return whether an error means that a worker died, and not that a task went wrong.

    One that ran out of memory is as good as dead: a new one begins with nothing.
    """
    if isinstance(error, BrokenExecutor | CancelledError | MemoryError):
        return True
    return any(kind.__name__ in DEATHS for kind in type(error).__mro__)


def _end(lane: Executor) -> None:
    """End an executor at once."""
    if "cancel_futures" in signature(lane.shutdown).parameters:
        lane.shutdown(wait=False, cancel_futures=True)
    else:  # Dask's cancels all the same
        lane.shutdown(wait=False)
