"""Run one job in a process of its own: on time, its memory watched, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.methods.memory import resident_mib

CHILD = Path(__file__).with_name("child.py")
POLL_S = 0.25
"""Often enough for peaks, which last, and seldom enough not to be felt by what is timed."""
GRACE = 0.5
"""How far past its time limit a job may run, as a share of it and in addition to `GRACE_S`."""
GRACE_S = 60.0
"""Time to build, to verify, and to stop."""
SHOWN = 300
"""Characters of an error that are kept."""


def measure(job: dict[str, Any], *, give_up_s: float | None = None) -> dict[str, Any]:
    """Return what a job answers, with the time and peak memory of its process and all below it.

    A job that fails or is stopped is an answer too: its `status` is `error` or `killed`.

    Parameters
    ----------
    job
        What to do; `work` names it.
    give_up_s
        Wall time after which the process is ended; by default well after `time_limit_s` of the job.
    """
    if give_up_s is None:
        give_up_s = job["time_limit_s"] * (1 + GRACE) + GRACE_S
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        complaints = Path(folder) / "stderr"
        with complaints.open("wb") as stderr:
            command = [sys.executable, str(CHILD), json.dumps(job), str(answer)]
            began = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True
            )
            peak_mib, is_overdue = _watch(process, began + give_up_s)
            wall_s = time.perf_counter() - began
        measured = {"wall_s": wall_s, "peak_mib": peak_mib or None}
        if is_overdue:
            return {"status": "killed", "reason": f"ended after {wall_s:.0f} s", **measured}
        if process.returncode or not answer.is_file():
            # The last line names the error; those above hold paths of this machine.
            told = complaints.read_text(encoding="utf-8", errors="replace").split("\n")
            last = next(filter(None, reversed(told)), "")
            reason = f"exit {process.returncode}: {last[:SHOWN]}"
            return {"status": "error", "reason": reason, **measured}
        return {**json.loads(answer.read_text(encoding="utf-8")), **measured}


def _watch(process: subprocess.Popen[bytes], end: float) -> tuple[float, bool]:
    """Wait for a process; return its peak memory, and whether its time was up."""
    peak_mib = 0.0
    try:
        while time.perf_counter() < end:
            peak_mib = max(peak_mib, resident_mib(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_S)
                return peak_mib, False
        return peak_mib, True
    finally:
        # Workers too, also after Ctrl-C here: the session began with this process.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
