"""Ctrl-C keeps the best plan, a second one breaks off, and a kill leaves no part of a folder."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

Cli = Callable[..., Result]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

# A day with five unit types, asked for a proof that takes much longer than a first plan.
LONG = ("@texas/islanded-300mw-fortnight", "--set", "time.hours=24", "--gap", "0")


PROGRAM = "from optmix.cli.app import main; main()"

ENDLESS = f"""
import time
from optmix.solve import api
from optmix.solve.progress import Progress

def solve(site, *, sink, **_):
    sink(Progress("solve", 0.0))
    while True:
        time.sleep(0.01)

api.solve = solve
{PROGRAM}
"""
"""A solver that does not listen."""

BEFORE_ANY_PLAN = f"""
import os, signal
from optmix.solve import api

ready_case = api.ready_case

def build(site):
    os.kill(os.getpid(), signal.SIGTERM)
    return ready_case(site)

api.ready_case = build
{PROGRAM}
"""
"""A signal while the series are read."""

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a solve; its stderr has progress as JSON lines."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str) -> subprocess.Popen[str]:
        arguments = ("solve", *LONG, "-o", str(tmp_path / "out"), "--progress", "json")
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
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


def wait_for(process: subprocess.Popen[str], is_it: Callable[[dict], bool]) -> dict:
    for line in process.stderr:
        message = json.loads(line)
        if is_it(message):
            return message
    pytest.fail("the solve ended before what it was waited for")


def is_solving(message: dict) -> bool:
    return message.get("phase") == "solve"


def test_ctrl_c_writes_the_best_plan(cli: Cli, start: Start, tmp_path: Path) -> None:
    process = start(PROGRAM)
    seen = wait_for(process, lambda message: message.get("incumbent_usd") is not None)
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to every process of the group
    stdout, stderr = process.communicate()
    assert process.returncode == 130, stderr
    assert "interrupted: this is the best plan so far" in stderr
    assert "a plan, not proven to the gap asked for" in stdout
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "feasible"
    assert result["objective_usd"] <= seen["incumbent_usd"] * (1 + 1e-6)
    assert result["bound_usd"] < result["objective_usd"]
    assert cli("verify", tmp_path / "out").exit_code == 0


def test_ctrl_c_before_any_plan_does_not_speak_of_one(start: Start, tmp_path: Path) -> None:
    process = start(BEFORE_ANY_PLAN)
    stdout, stderr = process.communicate()
    assert process.returncode == 130, stderr
    assert "stopping; the best plan so far, if any, is kept" in stderr
    assert "interrupted: no plan was found yet" in stderr
    assert "this is the best plan" not in stderr
    assert "no plan was found" in stdout
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert (result["status"], result["reason"]) == ("no_plan", "interrupted")


def test_ctrl_c_twice_breaks_off(start: Start, tmp_path: Path) -> None:
    process = start(ENDLESS)
    wait_for(process, is_solving)
    process.send_signal(signal.SIGINT)
    wait_for(process, lambda message: "Ctrl-C again" in message.get("message", ""))
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate()
    assert process.returncode == 130, stderr
    # A line of progress may have been on its way.
    *before, last = map(json.loads, stderr.splitlines())
    assert last == {"level": "error", "message": "interrupted"}
    assert all("phase" in line for line in before)
    assert stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_kill_leaves_nothing(start: Start, tmp_path: Path) -> None:
    process = start(PROGRAM)
    wait_for(process, is_solving)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []
