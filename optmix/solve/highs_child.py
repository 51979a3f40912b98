"""HiGHS in a process of its own: the child's side, and how the two sides talk.

The parent writes one job to the child's standard input. The child writes messages to its standard
output: plans and bounds as they come, and at the end its claim or its error. A further byte on the
child's input asks it to stop; the end of the input means that the parent is gone, and the child
goes too, so that none is left behind.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from optmix.solve.highs_model import OptionValue
    from optmix.solve.linear_program import LinearProgram

__all__ = ["CLAIM", "ERROR", "EVENT", "LOG", "PLAN", "Job", "main", "receive", "send"]

EVENT, PLAN, LOG, CLAIM, ERROR = "event", "plan", "log", "claim", "error"
"""Kinds of message from the child."""

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, eq=False)
class Job:
    """What the child shall solve."""

    program: LinearProgram
    options: Mapping[str, OptionValue]
    start: NDArray[np.float64] | None
    wants_log: bool


def send(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message that this same program wrote.

    Raises
    ------
    EOFError
        The other side ended before the message did.
    """
    return pickle.loads(_read(stream, _LENGTH.unpack(_read(stream, _LENGTH.size))[0]))  # noqa: S301 - our own child


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Solve the job on standard input; see the module's text."""
    # Ctrl-C in a terminal reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints must not break into the messages
    inbox = sys.stdin.buffer

    from optmix.errors import OptmixError
    from optmix.solve.highs_run import Listener, run_highs

    job: Job = receive(inbox)
    stop = threading.Event()
    threading.Thread(target=_watch, args=(inbox, stop), daemon=True).start()
    listener = Listener(
        on_event=lambda event: send(outbox, (EVENT, event)),
        on_plan=lambda plan: send(outbox, (PLAN, plan)),
        on_log=(lambda line: send(outbox, (LOG, line))) if job.wants_log else None,
        should_stop=stop.is_set,
    )
    try:
        claim = run_highs(job.program, job.options, start=job.start, listener=listener)
    except OptmixError as error:
        send(outbox, (ERROR, error))
    else:
        send(outbox, (CLAIM, claim))
    # HiGHS's threads and the watcher hold nothing worth waiting for.
    os._exit(0)


def _watch(inbox: IO[bytes], stop: threading.Event) -> None:
    if inbox.read(1):
        stop.set()
        inbox.read(1)
    os._exit(1)
