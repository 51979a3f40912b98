"""Ctrl-C during a solve, with a word that it was heard."""

from __future__ import annotations

import contextlib
import json
import os
import sys

from optmix.solve.interrupt import Interrupt

__all__ = ["ToldInterrupt"]

HEARD = "stopping; the best plan so far, if any, is kept; Ctrl-C again breaks off"


class ToldInterrupt(Interrupt):
    """A wish to stop that says on stderr that it was heard; stopping may take a moment.

    Parameters
    ----------
    as_json
        Whether stderr is for a program.
    """

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        line = json.dumps({"level": "info", "message": HEARD}) if as_json else f"\n{HEARD}"
        self._line = f"{line}\n".encode()

    def set(self) -> None:
        """Ask to stop."""
        was_set = self.is_set()
        # Before anything else: a second signal that comes while this one is handled must count.
        super().set()
        if not was_set:
            # Python's buffered streams must not be used in a signal handler: the signal may have
            # come in the middle of a write to them.
            with contextlib.suppress(OSError, ValueError):
                os.write(sys.stderr.fileno(), self._line)
