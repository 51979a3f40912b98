"""Portfolios that are soon solved, and processes that serve all tests of a session."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from optmix.portfolio.api import solve_portfolio
from optmix.portfolio.own_process import end_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from optmix.portfolio.records import PortfolioResult


PROGRAM = (sys.executable, "-c", "from optmix.cli.app import main; main()")


class Solve(Protocol):
    """Solves a portfolio with the processes of the session."""

    def __call__(self, path: Path, out: Path, **options: Any) -> PortfolioResult: ...


@pytest.fixture(scope="session")
def solve() -> Iterator[Solve]:
    with ThreadPoolExecutor(2) as executor:

        def run(path: Path, out: Path, **options: Any) -> PortfolioResult:
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


def write_table(folder: Path, *rows: str) -> Path:
    path = folder / "campuses.csv"
    lines = [f"{row},@tutorial/one-engine" for row in rows]
    header = "name,fuel.price_usd_per_mmbtu,site"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def answers(out: Path) -> dict[str, Any]:
    """Return what a run found, without how long it took."""
    found = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))
    for item in (found, *found["sites"]):
        item.pop("seconds")
    found.pop("n_resumed")
    for path in sorted((out / "sites").glob("*/*.*")):
        text = path.read_text(encoding="utf-8")
        if path.name == "result.json":
            result = json.loads(text)
            for name in ("seconds", "certificate"):
                result.pop(name)
            result["reliability"].pop("seconds")
            text = json.dumps(result)
        found[path.relative_to(out).as_posix()] = text
    return found
