"""Portfolios that are soon solved, and processes that serve all tests of a session."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from portfolio.kit import PROGRAM, write_table

from optmix.portfolio.api import solve_portfolio
from optmix.portfolio.own_process import end_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from portfolio.kit import Solve

    from optmix.portfolio.records import PortfolioResult


@pytest.fixture(scope="session")
def solve() -> Iterator[Solve]:
    with ThreadPoolExecutor(2) as executor:

        def run(path: str | Path, out: Path, **options: Any) -> PortfolioResult:
            return solve_portfolio(path, out, executor=executor, workers=2, **options)

        yield run
    end_processes()


@pytest.fixture(scope="session")
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as users do."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three variations of one engine for a day, as a table."""
    return write_table(tmp_path, "a,4", "b,3.5", "c,3")
