"""The one place that turns an exception into an exit code and a message, never a traceback."""

from __future__ import annotations

import contextlib
import errno
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from optmix._version import __version__
from optmix.cli.streams import drop_stdout
from optmix.cli.terminal import Terminal
from optmix.errors import InputError, OptmixError

__all__ = ["INTERRUPTED", "cannot_print", "guarded", "show_problems"]

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a system says when it takes no more output."""


def cannot_print(error: OSError) -> str:
    """Give up on stdout, and say why it cannot be written."""
    drop_stdout()
    return f"the output cannot be written: {error.strerror or error}"


@contextmanager
def guarded(terminal: Terminal) -> Iterator[None]:
    """Run a command; leave with the exit code that its exception stands for.

    Raises
    ------
    typer.Exit
        The command failed; what there is to say is on stderr.
    """
    try:
        yield
    except typer.BadParameter as error:
        # What the library that reads values puts before the words of whoever refused one.
        error.message = error.message.removeprefix("Value error, ")
        raise
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise  # typer's own ways to end, usage errors among them
    except KeyboardInterrupt:
        terminal.error("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except InputError as error:
        show_problems(terminal, error)
        raise typer.Exit(error.exit_code) from None
    except OptmixError as error:
        terminal.error(str(error))
        _trace(terminal)
        raise typer.Exit(error.exit_code) from None
    except OSError as error:
        if error.filename is None and error.errno in FULL:
            terminal.error(cannot_print(error))
            raise typer.Exit(1) from None
        if error.filename is None:
            _report_bug(terminal, error)
            raise typer.Exit(1) from None
        terminal.error(f"{error.filename}: {error.strerror}")
        _trace(terminal)
        raise typer.Exit(InputError.exit_code) from None
    except Exception as error:  # noqa: BLE001 - a bug; the user gets a message and a file
        _report_bug(terminal, error)
        raise typer.Exit(1) from None


def show_problems(terminal: Terminal, error: InputError) -> None:
    """Print every problem of an input on stderr, one block each."""
    for problem in error.problems:
        terminal.error(str(problem))
    if len(error.problems) > 1:
        terminal.error(f"{len(error.problems)} problems in the input")


def _report_bug(terminal: Terminal, error: Exception) -> None:
    """Write what a developer needs to a file, and say in one line where it is."""
    file = _bug_file(
        "\n".join(
            [
                f"optmix {__version__}, Python {platform.python_version()}, {platform.platform()}",
                f"command: {' '.join(sys.argv)}",
                *terminal.log_lines,
                "".join(traceback.format_exception(error)),
            ]
        )
    )
    place = (
        f"details are in {file}; please report it to the developers with that file"
        if file
        else "run again with -v to see where, and please report it to the developers"
    )
    said = next(iter(str(error).splitlines()), "")
    terminal.error(f"a bug in optmix ({type(error).__name__}: {said}); {place}")
    _trace(terminal)


def _bug_file(report: str) -> str | None:
    """Write a report where the system keeps temporary files; return where that is."""
    with (
        contextlib.suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", prefix="optmix-", suffix=".log", delete=False, encoding="utf-8"
        ) as file,
    ):
        file.write(report)
        return file.name
    return None


def _trace(terminal: Terminal) -> None:
    """Show where an error arose, with ``-v``."""
    terminal.debug(traceback.format_exc())
