"""What the command line does when a decomposition is stopped, killed, or loses its workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from decomposition.fault_tools import (
    PATIENCE_S,
    Broken,
    Inline,
    descendants,
    is_alive,
    wait_until,
)
from typer.testing import CliRunner

from optmix.cli.app import app
from optmix.solve.decomposition import control, workers
from optmix.solve.decomposition.standing import Standing
from optmix.solve.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = ("@tutorial/engine-battery", "--method", "decomposition")

# Two days with five unit types in windows of a day, asked for a proof that it does not reach soon.
LONG = (
    "@texas/islanded-300mw-fortnight",
    *("--set", "time.hours=48", "--method", "decomposition", "--workers", "2", "--gap", "0"),
)

PROGRAM = """
from optmix.solve.decomposition import control
control.solve_decomposed.__kwdefaults__["window_days"] = 1
from optmix.cli.app import main
main()
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a solve with progress as JSON lines on stderr."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        arguments = ("solve", *LONG, "-o", str(tmp_path / "out"), "--progress", "json")
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(process: subprocess.Popen[str], is_it: Callable[[dict], bool]) -> set[int]:
    """Wait for a message, and return the workers that there are then or soon after."""
    for line in process.stderr:
        if is_it(json.loads(line)):
            assert wait_until(lambda: len(descendants(process.pid)) == 2)
            return descendants(process.pid)
    pytest.fail("the solve ended before what it was waited for")


def is_solving(message: dict) -> bool:
    return message.get("phase") == "solve"


def has_bound(message: dict) -> bool:
    return message.get("bound_usd") is not None


def has_plan(message: dict) -> bool:
    return message.get("incumbent_usd") is not None


def assert_all_ended(pids: set[int]) -> None:
    assert wait_until(lambda: not any(map(is_alive, pids)))


@linux_only
@pytest.mark.timeout(4 * PATIENCE_S)
@pytest.mark.parametrize(
    ("is_time", "status", "told"),
    [
        (is_solving, "no_plan", "no plan was found yet"),
        (has_plan, "feasible", "this is the best plan so far"),
    ],
)
def test_ctrl_c(
    start: Start, tmp_path: Path, is_time: Callable[[dict], bool], status: str, told: str
) -> None:
    process = start()
    pids = wait_for(process, is_time)
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to every process of the group
    _, stderr = process.communicate()
    assert process.returncode == 130, stderr
    messages = [json.loads(line) for line in stderr.splitlines()]
    assert any(told in message.get("message", "") for message in messages)
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == status
    assert (result["objective_usd"] is None) == (status == "no_plan")
    assert_all_ended(pids)


@linux_only
@pytest.mark.timeout(4 * PATIENCE_S)
def test_workers_end_when_the_program_is_killed(start: Start) -> None:
    process = start()
    pids = wait_for(process, has_bound)
    process.kill()
    assert_all_ended(pids)
    assert process.stderr.read().count("Traceback") == 0


def solve(out: Path, *options: str) -> tuple[int, str]:
    """Solve a short site in this process; return the exit code and what was printed."""
    arguments = ["solve", *SITE, "-o", str(out), "--workers", "1", *options]
    result = CliRunner().invoke(app, arguments, prog_name="optmix")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the seconds that processes take to start."""
    monkeypatch.setattr(workers, "LocalProcess", Inline)


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(control.solve_decomposed.__kwdefaults__, "window_days", 1)


@pytest.fixture
def out_of_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Let the clock reach any limit as soon as a solve has, or has not, a plan."""

    def arm(when_there_is_a_plan: bool) -> None:
        tell = Standing.tell

        def tell_and_jump(standing: Standing, detail: str = "") -> None:
            tell(standing, detail)
            if (standing.plan is not None) == when_there_is_a_plan:
                monkeypatch.setattr(Request, "elapsed_s", property(lambda _: 1e6))

        monkeypatch.setattr(Standing, "tell", tell_and_jump)

    return arm


@pytest.mark.usefixtures("inline", "short_windows")
@pytest.mark.parametrize(
    ("has_plan", "options", "code", "told"),
    [
        (False, (), 5, "time limit reached"),
        (True, (), 0, "stopped before the gap was proven: time limit reached"),
        (True, ("--require-optimal",), 5, "time limit reached"),
    ],
)
def test_a_time_limit(
    tmp_path: Path,
    out_of_time: Callable[[bool], None],
    has_plan: bool,
    options: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    out_of_time(has_plan)
    found, output = solve(tmp_path / "out", "--gap", "0", "--time-limit", "1000", *options)
    assert found == code, output
    assert told in output
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == ("feasible" if has_plan else "no_plan")


@pytest.mark.usefixtures("inline")
def test_a_time_limit_while_loading(tmp_path: Path) -> None:
    code, output = solve(tmp_path / "out", "--time-limit", "0.000001")
    assert code == 5, output
    assert "time limit reached" in output


def test_workers_that_keep_dying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LocalProcess", Broken)
    code, output = solve(tmp_path / "out")
    assert code == 6, output
    assert "--workers" in output
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("inline")
@pytest.mark.parametrize("site", ["infeasible-capacity", "infeasible-nox-cap"])
def test_a_site_without_a_plan(tmp_path: Path, site: str) -> None:
    arguments = ["solve", f"@edge/{site}", "--method", "decomposition", "--workers", "1"]
    result = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "out")])
    assert result.exit_code == 4, result.output
