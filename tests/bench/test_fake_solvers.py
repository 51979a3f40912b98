"""A solver that lies, hangs, eats memory or crashes ends as the right row, and alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optmix.bench import child
from optmix.bench.cross_check import cross_checked
from optmix.bench.instance import Instance
from optmix.bench.memory import family
from optmix.bench.row import Row
from optmix.bench.runner import Run, _job, run_one
from optmix.solve import pyomo_adapter

pytestmark = pytest.mark.usefixtures("fake_solvers")


def row_of(solver: str, instance: Instance, **given: float) -> Row:
    row = Row(instance.name, instance.kind, solver, gap_target=1e-3, **{"time_limit_s": 60} | given)
    return run_one(Run(instance, row, workers=None, grace_s=60.0))


@pytest.fixture
def model(tiny: Path) -> Instance:
    return Instance("tiny", "model", str(tiny))


def test_an_honest_answer_is_checked_and_kept(model: Instance) -> None:
    row = row_of("fake:honest", model)
    assert (row.status, row.is_verified) == ("optimal", True), row.reason
    assert row.objective == pytest.approx(9.0)
    assert row.bound == pytest.approx(9.0, rel=2e-3)
    assert row.version == "2.10.12"
    assert (row.n_rows, row.n_columns, row.n_integers) == (1, 2, 1)
    assert 0.0 < row.first_plan_s <= row.runtime_s < row.wall_s


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("lies-about-cost", "tells an objective of 1, and its plan has"),
        ("lies-about-plan", "its plan breaks the model"),
    ],
)
def test_a_lie_about_the_plan_is_wrong(model: Instance, behaviour: str, said: str) -> None:
    row = row_of(f"fake:{behaviour}", model)
    told = row.status, row.is_verified, row.is_solved
    assert told == ("wrong", False, False), row.reason
    assert said in row.reason


def test_a_lie_about_the_proof_is_caught_by_the_plan_of_another(model: Instance) -> None:
    liar = row_of("fake:lies-about-proof", model)
    assert (liar.status, liar.objective) == ("optimal", pytest.approx(50.0))
    caught, honest = cross_checked([liar, row_of("highs:default", model)])
    assert caught.status == "wrong"
    assert "passes the plan of highs:default, 9" in caught.reason
    assert honest.status == "optimal"


def test_a_crash_is_a_row(model: Instance) -> None:
    row = row_of("fake:crashes", model)
    assert row.status == "crash"
    assert "Fake failed" in row.reason


def test_a_hang_is_a_timeout(model: Instance) -> None:
    row = row_of("fake:hangs", model, time_limit_s=1.0)
    assert row.status == "timeout"
    assert not row.is_solved


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is read from /proc")
def test_eating_memory_is_ended(model: Instance) -> None:
    row = row_of("fake:eats", model, memory_limit_mib=600.0)
    assert row.status == "out_of_memory"
    assert "600 MiB" in row.reason
    assert row.peak_mib > 600.0


def test_a_lie_about_a_site_is_wrong() -> None:
    site = Instance("site", "site", "@tutorial/one-engine", changes={"time.hours": 24.0})
    assert row_of("fake:honest", site, time_limit_s=100.0).status == "optimal"
    liar = row_of("fake:lies-about-cost", site, time_limit_s=100.0)
    assert liar.status == "wrong", liar.reason
    assert "tells an objective of 1" in liar.reason


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="processes are read from /proc")
def test_a_run_ends_with_its_race(model: Instance) -> None:
    job = f"""
from optmix.bench.instance import Instance
from optmix.bench.row import Row
from optmix.bench.runner import Run, _job, run_one
from optmix.solve import pyomo_adapter
row = Row("tiny", "model", "fake:hangs", gap_target=1e-3, time_limit_s=600.0)
run_one(Run(Instance("tiny", "model", {model.source!r}), row, None, 60.0))
"""
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-P", "-c", job], env=path) as race:
        runs: list[int] = []
        end = time.monotonic() + 100.0
        while len(runs) < 2 and time.monotonic() < end:
            time.sleep(0.1)
            runs = family(race.pid)[1:]
        race.kill()
    assert runs
    while any(map(_is_alive, runs)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(_is_alive, runs))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes")
def test_a_run_whose_race_ended_before_it_began_ends_too(model: Instance, tmp_path: Path) -> None:
    row = Row("tiny", "model", "fake:hangs", gap_target=1e-3, time_limit_s=600.0)
    job = _job(Run(model, row, None, 60.0)) | {"parent_pid": os.getppid()}  # not this process
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "optmix.bench.child", json.dumps(job)]
    ended = subprocess.run(
        [*command, tmp_path / "answer.json"],
        env=path,
        start_new_session=True,
        check=False,
        timeout=100.0,
    )
    assert ended.returncode == -signal.SIGKILL


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_solver_without_a_licence_could_not_take_the_instance(
    model: Instance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuses(*_: object) -> None:
        raise RuntimeError("Model too large for size-limited license")

    monkeypatch.setattr(pyomo_adapter, "_ask_old", refuses)
    monkeypatch.setattr(child, "_end_with_parent", lambda _: None)
    answer, job = tmp_path / "answer.json", Row("tiny", "model", "fake:honest", time_limit_s=60.0)
    asked = {**_job(Run(model, job, None, 60.0)), "memory_limit_mib": None}
    monkeypatch.setattr(sys, "argv", ["child", json.dumps(asked), str(answer)])
    child.main()
    told = json.loads(answer.read_text(encoding="utf-8"))
    assert told["status"] == "refused"
    assert "Fake failed: Model too large" in told["reason"]
