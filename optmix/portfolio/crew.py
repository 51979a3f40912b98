"""Who does the work: processes of this machine, a Dask cluster, or any other executor."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from optmix.errors import InputError, OptmixError, Problem, SolverError
from optmix.portfolio.own_process import end_processes, in_own_process
from optmix.portfolio.task import Delivery, deliver
from optmix.solve.decomposition.workers import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from optmix.portfolio.parcel import Parcel
    from optmix.solve.interrupt import Interrupt

__all__ = ["Crew", "Job", "cluster", "given", "local", "work"]

POLL_S: Final = 0.2
"""How often a waiting driver looks whether it should stop."""

CONNECT_S: Final = 20
"""How long a scheduler and its first worker may take to answer."""


@dataclass(frozen=True)
class Job:
    """A piece of work.

    Attributes
    ----------
    name
        What it is called.
    pack
        Makes its parcel, when it is about to be sent: files are not all held in memory at once.
    """

    name: str
    pack: Callable[[], Parcel] = field(repr=False)


@dataclass(frozen=True)
class Crew:
    """Workers.

    Attributes
    ----------
    executor
        Takes the work.
    n_workers
        Tells how many there are now; on a cluster they come and go.
    """

    executor: Executor
    n_workers: Callable[[], int]


@contextmanager
def local(n_workers: int | None = None) -> Iterator[Crew]:
    """Let processes of this machine work; they listen on no port."""
    number = n_workers or usable_cores()
    # A thread for each process does nothing but wait for it.
    executor = ThreadPoolExecutor(number)
    try:
        yield Crew(executor, lambda: number)
    finally:
        end_processes()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def given(executor: Executor, n_workers: int | None = None) -> Iterator[Crew]:
    """Let an executor of the caller work; it is left open."""
    number = n_workers or usable_cores()
    yield Crew(executor, lambda: number)


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """Let the workers of a Dask cluster work; optmix must be installed there.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:port``.

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers there.
    SolverError
        The cluster has no workers.
    """
    try:
        import distributed
    except ImportError:
        hint = "pip install 'optmix[cluster]'"
        what = "the library that talks to clusters is not installed"
        allowed = "no --scheduler, which uses this machine"
        raise InputError(Problem(what, f"--scheduler {address}", allowed, hint)) from None
    dask: Any = distributed  # it has no types
    try:
        client = dask.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        allowed = "the address of a running scheduler, such as tcp://10.0.0.5:8786"
        hint = "start one with `dask scheduler`, and workers with `dask worker ADDRESS`"
        what = f"no scheduler answers: {error}"
        raise InputError(Problem(what, f"--scheduler {address}", allowed, hint)) from None
    try:
        _wait_for_a_worker(client, address)
        # Every call is a new one, though its parcel may equal that of another.
        executor = client.get_executor(pure=False)
        yield Crew(executor, lambda: max(1, sum(client.nthreads().values())))
    finally:
        client.close()


def _wait_for_a_worker(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        hint = f"start some with `dask worker {address}`"
        raise SolverError(f"the cluster at {address} has no workers; {hint}") from None


def work(jobs: Iterable[Job], crew: Crew, interrupt: Interrupt) -> Iterator[tuple[Job, Delivery]]:
    """Yield what comes of each job, as it comes, until all are done or the interrupt is set."""
    waiting = iter(jobs)
    running: dict[Future[Delivery], Job] = {}
    while not interrupt.is_set():
        # One more than there are workers, so that none waits for the driver.
        for job in _next(waiting, crew.n_workers() + 1 - len(running)):
            try:
                parcel = job.pack()
            except InputError as error:  # a file that was there a moment ago
                yield job, Delivery(problems=error.problems, exit_code=error.exit_code)
            else:
                running[crew.executor.submit(in_own_process, deliver, parcel)] = job
        if not running:
            return
        done, _ = wait(running, timeout=POLL_S, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), _delivery(future)
    for future in running:
        future.cancel()


def _next(waiting: Iterator[Job], number: int) -> Iterator[Job]:
    for _ in range(number):
        job = next(waiting, None)
        if job is None:
            return
        yield job


def _delivery(future: Future[Delivery]) -> Delivery:
    """Return what a future holds; a worker that was lost is a failure of its site alone."""
    try:
        return future.result()
    except OptmixError as error:
        return Delivery(failure=str(error), exit_code=error.exit_code)
    except Exception as error:  # noqa: BLE001 - executors tell of lost workers in words of their own
        said = f"the site was lost on its way ({type(error).__name__}: {error})"
        return Delivery(failure=said, exit_code=SolverError.exit_code)
