"""A run that is killed at any moment loses nothing that was finished."""

from __future__ import annotations

import random
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from portfolio.kit import PROGRAM, answers, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from portfolio.kit import Solve

N_KILLS = 20


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_twenty_kills_leave_the_results_of_an_undisturbed_run(solve: Solve, tmp_path: Path) -> None:
    table, out = write_table(tmp_path, *(f"s{k},{3 + k / 10}" for k in range(8))), tmp_path / "out"
    chance = random.Random(6)  # noqa: S311 - moments, not secrets
    command = [*PROGRAM, "portfolio", str(table), "-o", str(out), "--workers", "2", "-q"]
    n_kills = n_done = 0
    while n_kills < N_KILLS:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # Each run gets a little further than the start of the program and of its processes.
        wait_until_busy(out, n_done, process)
        time.sleep(chance.uniform(0, 0.4))
        if process.poll() is None:
            process.kill()
            n_kills += 1
        process.communicate()
        n_done = len(list((out / "ledger").glob("*.json")))
        if n_done == 8:
            remove_some(out, chance)
            n_done = len(list((out / "ledger").glob("*.json")))
    final = subprocess.run(command, capture_output=True, check=False)
    assert final.returncode == 0, final.stderr
    solve(table, tmp_path / "undisturbed")
    assert answers(out) == answers(tmp_path / "undisturbed")
    left = [path.name for path in out.rglob(".*")]
    assert left == []


def wait_until_busy(out: Path, n_done: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a site more is done than before, and leave the rest to chance."""
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if len(list((out / "ledger").glob("*.json"))) > n_done:
            return
        time.sleep(0.01)


def remove_some(out: Path, chance: random.Random) -> None:
    """Forget some of the finished sites, so that there is something left to kill."""
    entries = sorted((out / "ledger").glob("*.json"))
    for entry in chance.sample(entries, 5):
        entry.unlink()
