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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from optmix.bench.memory import resident_mib

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ended", "run_apart"]

POLL_S: Final = 0.1
"""Often enough for peaks, which last, and seldom enough not to be felt by what is timed."""

LONGEST_POLL_S: Final = 10.0
"""What lies beyond this between two looks is no time of the job: the machine slept, or this
process was held."""

SHOWN: Final = 300
"""Characters of an error that are kept."""

How = Literal["answered", "timeout", "out_of_memory", "crash"]


@dataclass(frozen=True)
class Ended:
    """How a job in a process of its own ended.

    Attributes
    ----------
    how
        Whether it answered, was ended for time or memory, or crashed.
    answer
        What it answered; empty unless it did.
    reason
        Why it did not answer, in words.
    wall_s
        Wall time, with the start of the process.
    peak_mib
        Most resident memory of the process and all it started; none where it is not known.
    """

    how: How
    answer: dict[str, Any]
    reason: str
    wall_s: float
    peak_mib: float | None


def run_apart(
    command: Sequence[str],
    job: dict[str, Any],
    *,
    give_up_s: float,
    memory_limit_mib: float | None = None,
    python_path: Sequence[str] | None = None,
) -> Ended:
    """Run a job to its end, or to the limit that it passes first.

    Parameters
    ----------
    command
        Program and first arguments. Two more follow: the job as JSON text, and the file that is to
        hold the answer, as JSON too, for solvers write what they like to the standard output.
    job
        What to do.
    give_up_s
        Wall time after which the process is ended.
    memory_limit_mib
        Resident memory of the process and all it started, beyond which it is ended. Watched on
        Linux only.
    python_path
        Where the program finds its modules; by default where this one does.
    """
    places = sys.path if python_path is None else python_path
    with tempfile.TemporaryDirectory(prefix="optmix-bench-") as folder:
        answer, complaints = Path(folder) / "answer.json", Path(folder) / "stderr"
        with complaints.open("wb") as stderr:
            began = time.perf_counter()
            process = subprocess.Popen(  # noqa: S603 - our own program and its job
                [*command, json.dumps(job), str(answer)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))},
                start_new_session=True,
            )
            how, peak_mib = _watch(process, give_up_s, memory_limit_mib)
            wall_s = time.perf_counter() - began
        found: dict[str, Any] = {}
        reason = ""
        if how == "timeout":
            reason = f"did not end by itself and was ended after {wall_s:.0f} s"
        elif how == "out_of_memory":
            reason = f"passed the memory limit of {memory_limit_mib:,.0f} MiB"
        elif process.returncode or not answer.is_file():
            how, reason = "crash", _last_words(process.returncode, complaints)
        else:
            found = json.loads(answer.read_text(encoding="utf-8"))
        return Ended(how, found, reason, wall_s, peak_mib or None)


def _watch(
    process: subprocess.Popen[bytes], give_up_s: float, memory_limit_mib: float | None
) -> tuple[How, float]:
    """Wait for a process; return how it ended so far, and its peak memory in MiB."""
    peak_mib = spent_s = 0.0
    last = time.perf_counter()
    try:
        while spent_s < give_up_s:
            now_mib = resident_mib(process.pid)
            peak_mib = max(peak_mib, now_mib)
            if memory_limit_mib is not None and now_mib > memory_limit_mib:
                return "out_of_memory", peak_mib
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_S)
                return "answered", peak_mib
            now = time.perf_counter()
            spent_s += min(now - last, LONGEST_POLL_S)
            last = now
        return "timeout", peak_mib
    finally:
        # Workers too, also after Ctrl-C here: the session began with this process.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _last_words(code: int, complaints: Path) -> str:
    """Return how a process died; the last line names the error, those above hold paths."""
    told = complaints.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next(filter(None, reversed(told)), "")
    death = f"signal {-code}" if code < 0 else f"exit {code}"
    return f"{death}: {last[:SHOWN]}".rstrip(": ")
