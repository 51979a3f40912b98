"""A job in a process of its own ends by itself, or is ended with all that it started."""

import sys
import time
from pathlib import Path

import pytest

from optmix.bench.memory import family
from optmix.bench.process import run_apart

ANSWERS = "import json, sys; json.dump(json.loads(sys.argv[1]), open(sys.argv[2], 'w'))"
HANGS = """
import json, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(json.loads(sys.argv[1])["file"], "w").write(str(child.pid))
time.sleep(600)
"""


def command(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_a_job_answers() -> None:
    ended = run_apart(command(ANSWERS), {"a": 1}, give_up_s=60.0)
    assert (ended.how, ended.answer, ended.reason) == ("answered", {"a": 1}, "")
    assert ended.wall_s > 0.0


def test_an_error_is_a_crash_with_its_last_line() -> None:
    ended = run_apart(command("raise ValueError('no good')"), {}, give_up_s=60.0)
    assert (ended.how, ended.reason) == ("crash", "exit 1: ValueError: no good")


def test_a_signal_is_a_crash() -> None:
    ended = run_apart(command("import os; os.kill(os.getpid(), 9)"), {}, give_up_s=60.0)
    assert (ended.how, ended.reason) == ("crash", "signal 9")


def test_no_answer_is_a_crash() -> None:
    assert run_apart(command("pass"), {}, give_up_s=60.0).how == "crash"


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="processes are read from /proc")
def test_what_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    ended = run_apart(command(HANGS), {"file": str(file)}, give_up_s=5.0)
    assert ended.how == "timeout"
    child = int(file.read_text())
    end = time.monotonic() + 20.0
    while family(child) and _is_alive(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _is_alive(child)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
