"""Solved sites to report on: one of each kind that is quick to solve."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from report.browser import CHROMIUM, Page, chromium
from typer.testing import CliRunner

from optmix.cli.app import app

Solved = Callable[..., Path]


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """Solve a site with settings on the command line, once a session; return its folder."""

    @cache
    def solve(site: str, *options: str) -> Path:
        out = tmp_path_factory.mktemp("report") / "out"
        told = CliRunner().invoke(app, ["solve", site, "-o", str(out), "-q", *options])
        assert told.exit_code in (0, 4), told.output
        return out

    return solve


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt install chromium")
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page
