"""Run one job of a comparison in a process of its own, and say how it ended."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from optmix.bench.process import run_apart

CHILD = Path(__file__).with_name("child.py")
GRACE = 0.5
"""How far past its time limit a job may run, as a share of it and in addition to `GRACE_S`."""
GRACE_S = 60.0
"""Time to build, to verify, and to stop."""


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
    ended = run_apart((sys.executable, str(CHILD)), job, give_up_s=give_up_s)
    measured = {"wall_s": ended.wall_s, "peak_mib": ended.peak_mib}
    if ended.how == "answered":
        return {**ended.answer, **measured}
    status = "killed" if ended.how == "timeout" else "error"
    return {"status": status, "reason": ended.reason, **measured}
