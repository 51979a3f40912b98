"""Nobody reads what is printed, or the disk is full: no traceback, and the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-c", "from optmix.cli.app import main; main()")


def exit_code_unread(stream: str, *command: str, **environment: str) -> int:
    """Run the command line where nobody reads a stream; there is nothing in the other one."""
    read, write = os.pipe()
    os.close(read)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: write}
    told = subprocess.run(
        [*PROGRAM, *command],
        **streams,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    os.close(write)
    assert not told.stdout
    assert not told.stderr
    return told.returncode


unlike_windows = pytest.mark.skipif(
    sys.platform == "win32", reason="pipes end otherwise on Windows"
)


@unlike_windows
@pytest.mark.parametrize(
    "command",
    [
        *(["--help"], ["--version"], ["solve", "--help"]),
        *(["list", "technologies"], ["schema"], ["show", "titan-350"]),
        ["solve", "@tutorial/one-engine", "--dry-run", "-q"],
    ],
)
def test_a_reader_that_leaves_early_is_no_failure(command: list[str]) -> None:
    assert exit_code_unread("stdout", *command) == 0


@unlike_windows
@pytest.mark.parametrize("buffering", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(("command", "code"), [("solve --nonsense", 2), ("show nothing", 3)])
def test_an_error_that_nobody_reads_is_still_told_by_the_exit_code(
    command: str, code: int, buffering: str
) -> None:
    assert exit_code_unread("stderr", *command.split(), PYTHONUNBUFFERED=buffering) == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize(
    "command", [["list", "technologies"], ["schema"], ["--version"], ["--help"], ["list", "--help"]]
)
def test_a_full_disk_is_no_bug(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [*PROGRAM, *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "error: the output cannot be written: No space left on device\n"
    assert (told.returncode, told.stderr) == (1, said)
