"""A real cluster on this machine: a scheduler and two workers, one of which is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from portfolio.kit import answers, write_table

from optmix.errors import InputError
from optmix.portfolio.api import solve_portfolio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from portfolio.kit import Solve

    from optmix.portfolio.progress import PortfolioProgress

ROWS = [f"site-{number},{3 + number / 10}" for number in range(10)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(module: str, *arguments: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a part of Dask as a process of its own; end it with all that it started."""
    code = f"from distributed.cli.{module} import main; main()"
    with (folder / f"{module}-{arguments[-1]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def worker(
    address: str, name: str, folder: Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name)
    return started("dask_worker", address, *options, folder=folder)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    port = str(free_port())
    with started(
        "dask_scheduler", "--host", "127.0.0.1", "--no-dashboard", "--port", port, folder=folder
    ):
        yield f"tcp://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_outlives_a_worker_of_its_cluster(solve: Solve, tmp_path: Path) -> None:
    table = write_table(tmp_path, *ROWS)
    with (
        scheduler(tmp_path) as address,
        worker(address, "one", tmp_path) as victim,
        worker(address, "two", tmp_path),
    ):

        def kill(progress: PortfolioProgress) -> None:
            if progress.n_done == 2 and victim.poll() is None:
                os.killpg(victim.pid, signal.SIGKILL)

        result = solve_portfolio(table, tmp_path / "far", scheduler=address, on_progress=kill)
        assert victim.wait(timeout=10) == -signal.SIGKILL
    assert [item.status for item in result.sites] == ["optimal"] * len(ROWS)
    solve(table, tmp_path / "near")
    assert answers(tmp_path / "far") == answers(tmp_path / "near")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_dask_in_this_process_opens_no_port(table: Path, solve: Solve, tmp_path: Path) -> None:
    from distributed import Client

    with Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as dask:
        assert dask.scheduler.address.startswith("inproc://")
        executor = dask.get_executor(pure=False)
        result = solve_portfolio(table, tmp_path / "dask", executor=executor, workers=2)
    assert result.totals.n_solved == 3
    solve(table, tmp_path / "threads")
    assert answers(tmp_path / "dask") == answers(tmp_path / "threads")


def test_a_scheduler_that_does_not_answer_is_told(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optmix.portfolio.crew.CONNECT_S", 1)
    with pytest.raises(InputError, match="no scheduler answers"):
        solve_portfolio(table, tmp_path / "out", scheduler=f"tcp://127.0.0.1:{free_port()}")


def test_a_cluster_needs_its_extra(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"optmix\[cluster\]"):
        solve_portfolio(table, tmp_path / "out", scheduler="tcp://127.0.0.1:1")
