"""Solve each site in a process of its own, whatever executor asks for it.

Threads of one process would share Pyomo, which builds one model at a time, and memory that a
killed task leaves in a bad state. A process is used for several sites, since its start takes a
second or two, and then replaced, so that memory stays flat.
"""

from __future__ import annotations

import threading
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any, Final

from optmix.errors import SolverError
from optmix.solve.decomposition.local_process import LocalProcess

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["end_processes", "in_own_process"]

MOST_TASKS: Final = 50
"""So many tasks a process does before it is replaced."""

MOST_DEATHS: Final = 3
"""A task that ended so many processes is not tried again."""


class _Pool:
    """Processes of this process: those at work, and those that wait with the tasks they did."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[LocalProcess] = set()
        self._idle: list[tuple[LocalProcess, int]] = []
        self._n_ends = 0

    @property
    def n_ends(self) -> int:
        """How often all processes were ended."""
        return self._n_ends

    def take(self) -> tuple[LocalProcess, int]:
        """Return a process and the number of tasks it did."""
        with self._lock:
            process, n_done = self._idle.pop() if self._idle else (LocalProcess(), 0)
            self._busy.add(process)
            return process, n_done

    def give_back(self, process: LocalProcess, n_done: int) -> None:
        """Keep a process for the next task, or end it."""
        with self._lock:
            self._busy.discard(process)
            if n_done < MOST_TASKS:
                self._idle.append((process, n_done))
                return
        process.shutdown(wait=False)

    def drop(self, process: LocalProcess) -> None:
        """Forget a process that is dead."""
        with self._lock:
            self._busy.discard(process)
        process.shutdown(wait=False)

    def end(self) -> None:
        """End all processes, also those in the middle of something."""
        with self._lock:
            processes = [*self._busy, *(process for process, _ in self._idle)]
            self._idle.clear()
            self._n_ends += 1
        for process in processes:
            process.shutdown(wait=False)


_pool = _Pool()


def in_own_process(fn: Callable[..., Any], /, *args: object) -> Any:
    """Call a function in another process of this machine, again if that process dies.

    Raises
    ------
    SolverError
        Several processes died of it.
    BrokenExecutor
        :func:`end_processes` was called meanwhile.
    """
    n_ends = _pool.n_ends
    last = ""
    for _ in range(MOST_DEATHS):
        process, n_done = _pool.take()
        try:
            answer = process.submit(fn, *args).result()
        except BrokenExecutor as death:
            _pool.drop(process)
            if _pool.n_ends > n_ends:
                raise
            last = str(death)
        except BaseException:
            _pool.drop(process)
            raise
        else:
            _pool.give_back(process, n_done + 1)
            return answer
    raise SolverError(
        f"its worker process died {MOST_DEATHS} times, perhaps for want of memory; try fewer "
        f"workers; the last died of: {last}"
    )


def end_processes() -> None:
    """End all processes of this one, also those in the middle of something."""
    _pool.end()
