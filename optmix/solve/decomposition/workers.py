"""Processes that work on windows side by side, replaced when they die.

Each lane is an executor with one process, so that a window always goes to the process that has it
warm. What is computed does not depend on how many lanes there are.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from functools import partial
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


class StoppedError(Exception):
    """The user or the clock ended the work; not shown to anyone."""


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
            lane.shutdown(wait=False, cancel_futures=True)

    @property
    def n_lanes(self) -> int:
        """How many windows are worked on at once."""
        return len(self._lanes)

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
                try:
                    results.update(zip(shares[lane], future.result(), strict=True))
                except BrokenExecutor as death:
                    self._replace(lane, death)
                    again = self._submit(lane, task, recipe, shares[lane], *args)
                    pending[again] = lane
                else:
                    self._replacements[lane] = 0
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
        except BrokenExecutor as death:
            self._replace(lane, death)
            return self._submit(lane, task, recipe, share, *args)

    def _replace(self, lane: int, death: BrokenExecutor) -> None:
        self._replacements[lane] += 1
        if self._replacements[lane] > MAX_REPLACEMENTS:
            raise SolverError(
                f"a worker process died {self._replacements[lane]} times in a row, perhaps for "
                f"want of memory; try fewer with --workers; the last died of: {death}"
            ) from death
        self._lanes[lane].shutdown(wait=False, cancel_futures=True)
        self._lanes[lane] = self._make()
