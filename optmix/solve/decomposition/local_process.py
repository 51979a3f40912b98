"""A process of this machine that does one task after the other, and both sides of it.

The parent writes calls to the standard input of the process, which writes what came of each to its
standard output. The end of its input means that the parent is gone, and the process goes too, also
in the middle of a task, so that none is left behind. It is started as a program of its own, not as
a copy of the parent or of the parent's main script, so that a script needs no guard.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from optmix.errors import SolverError
from optmix.solve.highs_child import receive, send

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LocalProcess", "main"]


class LocalProcess(Executor):
    """An executor with one process, which ends with it or with its parent.

    Raises
    ------
    SolverError
        The process cannot be started.
    """

    def __init__(self) -> None:
        # The process finds optmix where this one does, whatever the working folder holds.
        command = [sys.executable, "-P", "-c", f"from {__name__} import main; main()"]
        path = os.pathsep.join(place for place in sys.path if place)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env={**os.environ, "PYTHONPATH": path},
            )
        except OSError as reason:
            raise SolverError(f"cannot start a worker process: {reason}") from reason
        self._calls: queue.SimpleQueue[tuple[Future[Any], object] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._death = ""
        self._is_over = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        """Let the process call a function that can be pickled.

        Raises
        ------
        BrokenExecutor
            The process is dead.
        RuntimeError
            The executor was shut down.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._is_over:
                raise RuntimeError("the executor was shut down")
            if self._death:
                raise BrokenExecutor(self._death)
            self._calls.put((future, partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the process; without ``wait`` even in the middle of a task."""
        with self._lock:
            is_first, self._is_over = not self._is_over, True
        if cancel_futures:
            self._drop_calls(lambda future: future.cancel())
        if is_first:
            self._calls.put(None)
        if not wait:
            self._process.kill()
        self._thread.join()

    def _serve(self) -> None:
        """Hand over one call after the other, until there are no more or the process dies."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - asked for when it was started
        assert stdout is not None  # noqa: S101 - the same
        current: Future[Any] | None = None
        try:
            while (item := self._calls.get()) is not None:
                current, call = item
                if current.set_running_or_notify_cancel():
                    _settle(current, self._answer(stdin, stdout, call))
                current = None
        except Exception:  # noqa: BLE001 - what is left open would be waited for without end
            self._bury(current)
        for stream in (stdin, stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self._process.wait()
        self._complaints.close()

    @staticmethod
    def _answer(stdin: IO[bytes], stdout: IO[bytes], call: object) -> tuple[bool, Any]:
        """Return whether a call succeeded, and its result or its error."""
        try:
            data = pickle.dumps(call, protocol=pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError) as reason:
            return False, reason
        send(stdin, data)
        is_done, answer = receive(stdout)
        return is_done, answer

    def _bury(self, current: Future[Any] | None) -> None:
        """Tell all whose calls are waiting that the process is dead, and why."""
        self._process.kill()
        code = self._process.wait()
        self._complaints.seek(0)
        last = self._complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        with self._lock:
            self._death = f"{how} {last}".strip()
        if current is not None:
            current.set_exception(BrokenExecutor(self._death))
        self._drop_calls(lambda future: future.set_exception(BrokenExecutor(self._death)))

    def _drop_calls(self, end: Callable[[Future[Any]], object]) -> None:
        """Empty the queue of calls."""
        is_over = False
        with contextlib.suppress(queue.Empty):
            while True:
                item = self._calls.get_nowait()
                if item is None:
                    is_over = True
                else:
                    end(item[0])
        if is_over:
            self._calls.put(None)


def _settle(future: Future[Any], answer: tuple[bool, Any]) -> None:
    is_done, value = answer
    if is_done:
        future.set_result(value)
    else:
        future.set_exception(value)


def main() -> None:
    """Do what standard input asks for; see the module's text."""
    # Ctrl-C in a terminal reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints must not break into the messages
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    from optmix.solve.decomposition import operate  # noqa: F401 - loaded before the first task

    # What is loaded now stays: the collector need not look at it after each window.
    gc.freeze()
    while True:
        send(outbox, _called(calls.get()))


def _listen(inbox: IO[bytes], calls: queue.SimpleQueue[bytes]) -> None:
    """Read ahead, to notice at once when there is nobody left to work for."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            calls.put(receive(inbox))
    os._exit(0)


def _called(data: bytes) -> tuple[bool, Any]:
    """Return whether a call succeeded, and its result or its error."""
    try:
        # Written by the process that started this one.
        return True, pickle.loads(data)()  # noqa: S301
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        error.add_note(traceback.format_exc())
        return False, _portable(error)


def _portable(error: Exception) -> Exception:
    """Return an error that can travel."""
    try:
        copy: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - just made here
    except Exception:  # noqa: BLE001 - whatever hinders it
        return RuntimeError(f"{type(error).__name__}: {error}")
    return copy
