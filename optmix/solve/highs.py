"""Solve a `LinearProgram` with HiGHS: within limits, stoppable at any moment, checked.

HiGHS runs in a process of its own. Inside a MIP it does not answer for as long as one LP takes,
which is minutes for a year of hours, and a crash in it would take the whole program down. The
child sends every better plan at once, so that Ctrl-C, a time limit or a crash costs nothing that
was found.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from optmix.errors import OptmixError, SolverError
from optmix.solve import highs_child as talk
from optmix.solve.highs_model import new_highs
from optmix.solve.highs_run import Listener, SolverEvent, run_highs
from optmix.solve.interrupt import Interrupt
from optmix.solve.outcome import Claim, Limits, Outcome, Status, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from optmix.solve.highs_model import OptionValue
    from optmix.solve.linear_program import LinearProgram

    Floats = NDArray[np.float64]

__all__ = ["solve_highs"]

POLL_S: Final = 0.05
"""How often the parent looks at the clock and at the interrupt."""

STOP_GRACE_S: Final = 1.0
"""How long the child may take to stop by itself before it is ended."""

LIMIT_GRACE_S: Final = 5.0
"""How far past its time limit HiGHS may run before it is told to stop. It looks at the clock
between pieces of work, and its clock starts only when its process is up."""


def solve_highs(
    program: LinearProgram,
    limits: Limits,
    options: Mapping[str, OptionValue] | None = None,
    *,
    start: Floats | None = None,
    on_event: Callable[[SolverEvent], None] | None = None,
    on_log: Callable[[str], None] | None = None,
    interrupt: Interrupt | None = None,
    isolated: bool = True,
) -> Outcome:
    """Solve a program with HiGHS and check what it says.

    Parameters
    ----------
    program
        What to solve.
    limits
        When to stop, and the seed.
    options
        Further options of HiGHS by its own names, as a profile has them.
    start
        A plan to start from, one value for each column; NaN where it is not known.
    on_event
        Called with bound, incumbent and gap as they change.
    on_log
        Called with each line of HiGHS's log.
    interrupt
        Ends the search at once and keeps the best plan so far.
    isolated
        Run HiGHS in a process of its own. Without it a run starts a third of a second earlier, but
        can be stopped only when HiGHS asks, and a crash of HiGHS ends this process.

    Returns
    -------
    Outcome
        Always, whatever became of the run.

    Raises
    ------
    SchemaError
        HiGHS does not know an option or refuses its value.
    SolverError
        HiGHS refuses the model, or cannot be started.
    """
    began = time.perf_counter()
    interrupt = interrupt or Interrupt()
    chosen = dict(options or {}) | _options(limits)
    if isolated:
        job = talk.Job(program, chosen, start, wants_log=on_log is not None)
        claim = _Parent(job, limits, interrupt, on_event, on_log).run()
    else:
        listener = Listener(on_event=on_event, on_log=on_log, should_stop=interrupt.is_set)
        claim = run_highs(program, chosen, start=start, listener=listener)
    return judge(
        program,
        claim,
        limits,
        solver="HiGHS",
        version=new_highs().version(),
        seconds=time.perf_counter() - began,
        interrupted=interrupt.is_set(),
    )


def _options(limits: Limits) -> dict[str, OptionValue]:
    options: dict[str, OptionValue] = {
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": limits.absolute_gap,
        "random_seed": limits.seed,
    }
    if limits.time_limit_s is not None:
        options["time_limit"] = limits.time_limit_s
    if limits.threads is not None:
        options["threads"] = limits.threads
    return options


@dataclass
class _Parent:
    """Runs the child, hears its messages, and stops it in time."""

    job: talk.Job
    limits: Limits
    interrupt: Interrupt
    on_event: Callable[[SolverEvent], None] | None
    on_log: Callable[[str], None] | None
    plan: Floats | None = None
    event: SolverEvent = field(default_factory=lambda: SolverEvent(elapsed_s=0.0))
    cause: str = ""

    def run(self) -> Claim:
        messages: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()
        with tempfile.TemporaryFile() as complaints, _Child(complaints) as child:
            threading.Thread(target=_hear, args=(child, self.job, messages), daemon=True).start()
            claim = self._attend(child, messages)
            if claim is not None:
                return claim
            if self.cause:
                child.process.kill()
            code = child.process.wait()
            complaints.seek(0)
            last = complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
        return self._salvaged(code, last)

    def _attend(
        self, child: _Child, messages: queue.SimpleQueue[tuple[str, Any] | None]
    ) -> Claim | None:
        """Return the child's claim, or None if it ended, or had to be ended, without one."""
        limit = self.limits.time_limit_s
        told = float("inf")
        deadline = float("inf") if limit is None else time.monotonic() + limit + LIMIT_GRACE_S
        while True:
            try:
                message = messages.get(timeout=POLL_S)
            except queue.Empty:
                pass
            else:
                if message is None:
                    return None
                claim = self._take(*message)
                if claim is not None:
                    return claim
            now = time.monotonic()
            if told == float("inf") and (self.interrupt.is_set() or now > deadline):
                self.cause = "interrupted" if self.interrupt.is_set() else "time limit reached"
                told = now
                child.ask_to_stop()
            if now - told > STOP_GRACE_S:
                return None

    def _take(self, kind: str, content: Any) -> Claim | None:
        if kind == talk.CLAIM:
            claim: Claim = content
            return claim
        if kind == talk.ERROR:
            error: OptmixError = content
            raise error
        if kind == talk.PLAN:
            self.plan = content
        elif kind == talk.EVENT:
            self.event = content
            if self.on_event is not None:
                self.on_event(content)
        elif kind == talk.LOG and self.on_log is not None:
            self.on_log(content)
        return None

    def _salvaged(self, code: int, complaint: str) -> Claim:
        """Make a claim of what the child sent before it was ended, or crashed."""
        reason = self.cause or f"HiGHS crashed ({_death(code)}) {complaint}".strip()
        found = self.cause or self.plan is not None
        return Claim(
            status=Status.FEASIBLE if found else Status.ERROR,
            reason=reason,
            values=self.plan,
            bound=self.event.bound,
            nodes=self.event.nodes,
        )


class _Child:
    """The child process, ended whenever its block is left."""

    def __init__(self, complaints: IO[bytes]) -> None:
        # The child finds optmix where this process does, whatever the working folder holds.
        command = [sys.executable, "-P", "-c", f"from {talk.__name__} import main; main()"]
        path = os.pathsep.join(place for place in sys.path if place)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, "PYTHONPATH": path},
            )
        except OSError as reason:
            raise SolverError(f"cannot start a process for HiGHS: {reason}") from reason

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                _close(stream)

    def ask_to_stop(self) -> None:
        """Send the byte that asks the child to stop, unless it is gone already."""
        stdin = self.process.stdin
        if stdin is not None:
            try:
                stdin.write(b"s")
                stdin.flush()
            except OSError:
                return


def _hear(
    child: _Child, job: talk.Job, messages: queue.SimpleQueue[tuple[str, Any] | None]
) -> None:
    """Hand the job to the child and queue what it says; None is the last word."""
    stdin, stdout = child.process.stdin, child.process.stdout
    if stdin is not None and stdout is not None:
        try:
            talk.send(stdin, job)
            while True:
                messages.put(talk.receive(stdout))
        except (EOFError, OSError, ValueError):
            # The child ended, or its block was left and the pipes were closed.
            pass
    messages.put(None)


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return


def _death(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
