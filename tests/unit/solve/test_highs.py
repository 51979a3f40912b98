import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from optmix.errors import SchemaError, SolverError
from optmix.solve import highs
from optmix.solve.highs import solve_highs
from optmix.solve.highs_run import SolverEvent
from optmix.solve.interrupt import Interrupt
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Limits, Status

ENDLESS = Limits(gap=0.0, time_limit_s=200.0, threads=1)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started for HiGHS."""
    started: list[subprocess.Popen[bytes]] = []
    real = highs._Child.__enter__

    def enter(child: highs._Child) -> highs._Child:
        started.append(child.process)
        return real(child)

    monkeypatch.setattr(highs._Child, "__enter__", enter)
    return started


@pytest.mark.parametrize("isolated", [True, False])
def test_a_small_program_is_solved(two_columns: LinearProgram, isolated: bool) -> None:
    outcome = solve_highs(two_columns, Limits(gap=0.0), isolated=isolated)
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.OPTIMAL, 14.0, 14.0)
    assert outcome.values is not None
    assert outcome.values.tolist() == [4.5, 0.0]
    assert (outcome.solver, outcome.interrupted) == ("HiGHS", False)
    assert outcome.version[0].isdigit()


@pytest.mark.parametrize("isolated", [True, False])
def test_an_infeasible_program_is_a_status(infeasible: LinearProgram, isolated: bool) -> None:
    outcome = solve_highs(infeasible, Limits(), isolated=isolated)
    assert (outcome.status, outcome.values) == (Status.INFEASIBLE, None)


@pytest.mark.parametrize("isolated", [True, False])
def test_an_unknown_option_is_refused(two_columns: LinearProgram, isolated: bool) -> None:
    with pytest.raises(SchemaError, match="HiGHS has no option nope"):
        solve_highs(two_columns, Limits(), {"nope": 1}, isolated=isolated)


def test_a_time_limit_keeps_the_plan_and_its_gap(knapsack: LinearProgram) -> None:
    outcome = solve_highs(knapsack, Limits(gap=0.0, time_limit_s=4.0, threads=1))
    assert outcome.status is Status.FEASIBLE
    assert outcome.reason == "time limit reached"
    assert outcome.gap is not None
    assert 0 < outcome.gap < 1
    assert not outcome.interrupted


def test_a_time_limit_of_nothing_gives_no_plan(knapsack: LinearProgram) -> None:
    outcome = solve_highs(knapsack, Limits(time_limit_s=0.0))
    assert outcome.status is Status.NO_PLAN
    assert outcome.reason == "time limit reached"


def test_an_interrupt_keeps_the_plan_and_its_gap(
    knapsack: LinearProgram, children: list[subprocess.Popen[bytes]]
) -> None:
    interrupt = Interrupt()

    def stop_at_a_plan(event: SolverEvent) -> None:
        if event.incumbent is not None and event.bound is not None:
            interrupt.set()

    outcome = solve_highs(knapsack, ENDLESS, on_event=stop_at_a_plan, interrupt=interrupt)
    assert outcome.status is Status.FEASIBLE
    assert outcome.reason == "interrupted"
    assert outcome.interrupted
    assert outcome.gap is not None
    assert outcome.gap > 0
    assert children[0].poll() is not None


def test_a_child_that_does_not_answer_is_ended_and_its_plan_kept(
    knapsack: LinearProgram,
    children: list[subprocess.Popen[bytes]],
) -> None:
    interrupt = Interrupt()

    def freeze(event: SolverEvent) -> None:
        if event.incumbent is not None and event.bound is not None:
            children[0].send_signal(signal.SIGSTOP)
            interrupt.set()

    outcome = solve_highs(knapsack, ENDLESS, on_event=freeze, interrupt=interrupt)
    assert (outcome.status, outcome.reason) == (Status.FEASIBLE, "interrupted")
    assert outcome.gap is not None
    assert children[0].poll() is not None


def test_a_child_that_overruns_its_time_limit_is_ended(
    knapsack: LinearProgram,
    children: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Long before HiGHS itself would stop, so that the parent has to.
    monkeypatch.setattr(highs, "LIMIT_GRACE_S", -190.0)

    def freeze(event: SolverEvent) -> None:
        if event.incumbent is not None and event.bound is not None:
            children[0].send_signal(signal.SIGSTOP)

    outcome = solve_highs(knapsack, ENDLESS, on_event=freeze)
    assert (outcome.status, outcome.reason) == (Status.FEASIBLE, "time limit reached")
    assert not outcome.interrupted


def test_a_crash_keeps_the_plan(
    knapsack: LinearProgram, children: list[subprocess.Popen[bytes]]
) -> None:
    def crash(event: SolverEvent) -> None:
        if event.incumbent is not None:
            children[0].send_signal(signal.SIGSEGV)

    outcome = solve_highs(knapsack, ENDLESS, on_event=crash)
    assert outcome.status is Status.FEASIBLE
    assert "HiGHS crashed (signal 11)" in outcome.reason
    assert outcome.has_plan


def test_a_crash_without_a_plan_is_an_error(
    two_columns: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(child: highs._Child) -> highs._Child:
        child.process.kill()
        return child

    monkeypatch.setattr(highs._Child, "__enter__", enter)
    outcome = solve_highs(two_columns, Limits())
    assert outcome.status is Status.ERROR
    with pytest.raises(SolverError, match=r"HiGHS crashed \(signal 9\)"):
        outcome.require_plan()


def test_a_process_that_cannot_start_is_an_error(
    two_columns: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(SolverError, match="cannot start a process for HiGHS"):
        solve_highs(two_columns, Limits())


def test_the_folder_one_works_in_does_not_matter(
    two_columns: LinearProgram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('not the real one')")
    monkeypatch.chdir(tmp_path)
    assert solve_highs(two_columns, Limits()).status is Status.OPTIMAL


def test_the_log_and_a_start_reach_the_child(knapsack: LinearProgram) -> None:
    lines: list[str] = []
    start = np.zeros(knapsack.n_columns)
    limits = Limits(gap=0.9, time_limit_s=60.0, threads=1)
    outcome = solve_highs(knapsack, limits, start=start, on_log=lines.append)
    assert outcome.has_plan
    text = "".join(lines)
    assert "Solving MIP model" in text
    assert "start solution" in text


def test_presolve_does_not_change_the_optimum(two_columns: LinearProgram) -> None:
    objectives = [
        solve_highs(two_columns, Limits(gap=0.0), {"presolve": presolve}, isolated=False).objective
        for presolve in ("on", "off")
    ]
    assert objectives == [14.0, 14.0]


SCRIPT = """
    import sys
    import numpy as np
    from optmix.solve.highs import solve_highs
    from optmix.solve.interrupt import Interrupt
    from optmix.solve.linear_program import LinearProgram
    from optmix.solve.outcome import Limits

    rng = np.random.default_rng(7)
    weights = rng.integers(5, 100, size=(40, 400)).astype(float)
    program = LinearProgram.from_matrix(
        weights.mean(axis=0) + rng.integers(0, 20, size=400),
        weights,
        row_bounds=(np.full(40, -np.inf), weights.sum(axis=1) / 2),
        col_bounds=(0.0, 1.0),
        is_integer=True,
        maximize=True,
    )

    def say(event):
        if event.incumbent is not None and event.bound is not None:
            print("plan", flush=True)

    with Interrupt().on_signals() as interrupt:
        outcome = solve_highs(
            program, Limits(gap=0.0, time_limit_s=200.0), on_event=say, interrupt=interrupt
        )
    print("end", outcome.status, outcome.interrupted, outcome.gap > 0, flush=True)
"""


@pytest.fixture
def script() -> subprocess.Popen[str]:
    """A script that solves without end, in a process group of its own, once it has a plan."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "plan\n"
    return process


def test_ctrl_c_in_a_terminal_ends_the_search_and_keeps_the_plan(
    script: subprocess.Popen[str],
) -> None:
    os.killpg(script.pid, signal.SIGINT)  # a terminal sends it to the whole group
    said, _ = script.communicate(timeout=60)
    assert said.splitlines()[-1] == "end feasible True True"
    assert script.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks for child processes under /proc")
def test_a_killed_parent_leaves_no_child_behind(script: subprocess.Popen[str]) -> None:
    listing = Path(f"/proc/{script.pid}/task/{script.pid}/children").read_text()
    child = int(listing.split()[0])
    assert is_running(child)
    script.kill()
    script.wait()
    for _ in range(300):
        if not is_running(child):
            return
        time.sleep(0.1)
    pytest.fail(f"process {child} is still there")


def is_running(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
