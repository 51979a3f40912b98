"""Ways to run the command line: in this process, which is fast, and as a program of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from optmix.cli.app import app

PROGRAM = (sys.executable, "-c", "from optmix.cli.app import main; main()")

Cli = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cli() -> Cli:
    """Run the command line in this process; stdin is empty, so nothing can ask a question."""
    runner = CliRunner()

    def run(*arguments: str | Path) -> Result:
        result = runner.invoke(app, [*map(str, arguments)], prog_name="optmix")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run


@pytest.fixture(scope="session")
def program() -> Program:
    """Run the command line as users do, without a terminal and without stdin."""

    def run(
        *arguments: str | Path, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, **environment},
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def solved_once(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("solved") / "out"
    result = cli("solve", "@tutorial/one-engine", "-o", out, "-q")
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture
def solved(solved_once: Path, tmp_path: Path) -> Path:
    """A folder with the solved site of one engine, to be spoilt."""
    return Path(shutil.copytree(solved_once, tmp_path / "solved"))
