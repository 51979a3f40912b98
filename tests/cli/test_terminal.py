"""Progress on a real terminal, and what a terminal does to it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def stderr_on_a_terminal(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run the command line with a terminal for stderr; return exit code, stdout and stderr."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "from optmix.cli.app import main; main()", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # what Linux says when the other side is closed
                break
            if not piece:
                break
            told += piece
        stdout = process.stdout.read()
    os.close(ours)
    return process.returncode, stdout, told.decode()


@pytest.mark.parametrize("kind", ["auto", pytest.param("rich", marks=pytest.mark.slow)])
def test_progress_is_one_line_that_changes(tmp_path: Path, kind: str) -> None:
    code, stdout, stderr = stderr_on_a_terminal(
        "solve", "@tutorial/one-engine", "-o", str(tmp_path / "out"), "--progress", kind
    )
    assert code == 0
    assert "one-engine: proven within the gap" in stdout
    assert "\x1b" not in stdout
    assert "\x1b[2K" in stderr  # the line is erased to be drawn again
    assert "solve" in stderr


def test_quiet_leaves_the_terminal_alone(tmp_path: Path) -> None:
    arguments = ("solve", "@tutorial/one-engine", "-o", str(tmp_path / "out"), "-q")
    code, _, stderr = stderr_on_a_terminal(*arguments)
    assert (code, stderr) == (0, "")


def test_no_color_is_no_colour_on_a_terminal_too() -> None:
    assert COLOUR.search(stderr_on_a_terminal("show", "nothing")[2])
    assert not COLOUR.search(stderr_on_a_terminal("show", "nothing", NO_COLOR="1")[2])
