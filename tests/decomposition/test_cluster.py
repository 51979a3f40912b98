"""Executors of a cluster: what they say of workers that died, and how they are ended."""

from __future__ import annotations

import pickle
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from decomposition.fault_tools import decompose, small_case, undisturbed

import optmix as om
from optmix.errors import InputError, SolverError
from optmix.solve.decomposition.local_process import LocalProcess
from optmix.solve.decomposition.workers import MAX_REPLACEMENTS, Workers
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from collections.abc import Callable


class KilledWorker(Exception):  # noqa: N818 - Dask's name
    """What Dask says after a task has outlived several workers."""


class CommClosedError(OSError):
    """What Dask says when there is nobody at the other end."""


class LateDeath(KilledWorker):
    """A kind of it."""


class KilledWorkersError(Exception):
    """An error of a task with a similar name."""


def numbers_of(_: object, numbers: list[int]) -> list[int]:
    return numbers


@dataclass
class Cluster:
    """Makes lanes on one cluster, the first of which lose a task in the way given.

    Attributes
    ----------
    lose
        What to do with the future of a task that is lost; it may raise.
    n_losses
        So many tasks are lost.
    n_made, n_ended
        Lanes made, and ended.
    """

    lose: Callable[[Future[Any]], object]
    n_losses: int = 1
    n_made: int = 0
    n_ended: int = 0
    n_asked: int = 0

    def __call__(self) -> Executor:
        self.n_made += 1
        return Lane(self)


class Lane(Executor):
    """An executor that shuts down as Dask's does: it is not asked whether to cancel."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.cluster.n_asked += 1
        if self.cluster.n_asked <= self.cluster.n_losses:
            self.cluster.lose(future)
        else:
            future.set_result(fn(*args, **kwargs))
        return future

    def shutdown(self, wait: bool = True) -> None:  # type: ignore[override]
        assert not wait
        self.cluster.n_ended += 1


def fail_with(error: BaseException) -> Callable[[Future[Any]], object]:
    return lambda future: future.set_exception(error)


def refuse(_: Future[Any]) -> None:
    raise CommClosedError("the scheduler is gone")


def cancel(future: Future[Any]) -> None:
    future.cancel()
    future.set_running_or_notify_cancel()


LOSSES = {
    "killed": fail_with(KilledWorker("task", "tcp://node:1")),
    "a kind of it": fail_with(LateDeath("task")),
    "connection lost": fail_with(CommClosedError("closed")),
    "refused": refuse,
    "cancelled": cancel,
    "cancelled far away": fail_with(CancelledError("lost")),
}


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_a_lost_lane_is_replaced_and_asked_again(lose: Callable[[Future[Any]], object]) -> None:
    cluster = Cluster(lose)
    with Workers(2, lambda: False, cluster) as workers:
        assert workers.run(numbers_of, None, [0, 1, 2]) == [0, 1, 2]
    assert (cluster.n_made, cluster.n_ended) == (3, 3)


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_lanes_that_are_always_lost_are_an_error(lose: Callable[[Future[Any]], object]) -> None:
    cluster = Cluster(lose, n_losses=100)
    with (
        pytest.raises(SolverError, match=r"died 6 times in a row.*--workers"),
        Workers(1, lambda: False, cluster) as workers,
    ):
        workers.run(numbers_of, None, [0])
    assert cluster.n_asked == 1 + MAX_REPLACEMENTS


def test_a_task_is_not_asked_again_in_the_same_words() -> None:
    """Dask would answer from memory that its worker died."""
    asked = []

    class Remembering(Lane):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            asked.append(pickle.dumps((fn, args)))
            return super().submit(fn, *args, **kwargs)

    cluster = Cluster(LOSSES["killed"], n_losses=3)
    with Workers(1, lambda: False, lambda: Remembering(cluster)) as workers:
        assert workers.run(numbers_of, None, [0]) == [0]
    assert len(set(asked)) == len(asked) == 4


@pytest.mark.parametrize("error", [KilledWorkersError("x"), OSError("disk"), ValueError("x")])
def test_an_error_of_a_task_is_no_death(error: Exception) -> None:
    cluster = Cluster(fail_with(error))
    with pytest.raises(type(error)), Workers(1, lambda: False, cluster) as workers:
        workers.run(numbers_of, None, [0])
    assert cluster.n_made == 1


def test_a_solve_outlives_killed_workers() -> None:
    cluster = Cluster(LOSSES["killed"], n_losses=3)
    found = decompose(small_case(), cluster)
    assert cluster.n_made == 4
    assert found.plan is not None
    assert found.plan.units.tolist() == undisturbed().plan.units.tolist()
    assert verify_plan(small_case(), found.plan).findings == ()


def test_an_executor_that_was_given_serves_all_workers_and_is_left_open() -> None:
    with ThreadPoolExecutor(2) as own:
        found = om.solve(
            om.load_site("@tutorial/engine-battery"), method="decomposition", executor=own
        )
        assert found.status == "optimal"
        assert own.submit(int, "7").result() == 7


@pytest.mark.parametrize("executor", [7, "threads"])
def test_what_runs_nothing_is_no_executor(executor: object) -> None:
    with pytest.raises(InputError, match="runs nothing"):
        om.solve(om.load_site("@tutorial/one-engine"), executor=executor)


@pytest.mark.parametrize("workers", [0, 1.5, True, "2"])
def test_workers_are_a_whole_number(workers: object) -> None:
    with pytest.raises(InputError, match="cannot work"):
        om.solve(om.load_site("@tutorial/one-engine"), workers=workers)


def test_a_worker_without_memory_is_replaced() -> None:
    made = []

    class Hungry(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN202
            if len(made) == 1:
                future: Future[object] = Future()
                future.set_exception(MemoryError("std::bad_alloc"))
                return future
            return super().submit(fn, *args, **kwargs)

    def make() -> Hungry:
        made.append(None)
        return Hungry(1)

    site = om.load_site("@tutorial/engine-battery")
    found = om.solve(site, method="decomposition", workers=1, executor=make)
    assert found.status == "optimal"
    assert len(made) == 2


def test_an_answer_that_cannot_be_read_ends_the_process() -> None:
    process = LocalProcess()
    future = process.submit(Unreadable)
    with pytest.raises(BrokenExecutor):
        future.result(timeout=60)
    process.shutdown(wait=True)


class Unreadable:
    """What can be sent, and not be read."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        """Return what raises an error where it is read."""
        return _fails, ()


def _fails() -> None:
    raise MemoryError("no memory for the answer")
