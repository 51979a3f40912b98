"""Standard streams that outlive their readers, as in ``optmix solve --help | head -1``."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["drop_stdout", "set_up_streams"]


class _Outlet(io.FileIO):
    """An open file whose reader may leave; from then on it leads nowhere.

    Whoever reads the output has read enough, and the work still counts.
    """

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            _lead_nowhere(self.fileno())
            return super().write(data)


def set_up_streams() -> None:
    """Make stdout and stderr take everything that is printed, whoever reads it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding lacks must not end the program.
            stream.reconfigure(errors="backslashreplace")
            if not stream.isatty():
                setattr(sys, name, _lasting(stream))


def drop_stdout() -> None:
    """Send further output nowhere, so that Python does not complain when it ends."""
    _lead_nowhere(sys.stdout.fileno())


def _lasting(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return a stream to the same file that does not mind when its reader leaves."""
    return io.TextIOWrapper(
        io.BufferedWriter(_Outlet(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _lead_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
