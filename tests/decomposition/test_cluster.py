"""Executors of a cluster: what they say of workers that died, and how they are ended."""

from __future__ import annotations

import pickle
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from decomposition.fault_tools import decompose, small_case, undisturbed

from optmix.errors import SolverError
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
