"""Progress as typed messages, and the places they can go.

A sink is anything that can be called with a `Progress`. Nothing here prints by itself: a sink
writes to the stream or console that it was given.
"""

from __future__ import annotations

import json
import math
import threading
import time
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

__all__ = ["ConsoleSink", "JsonLinesSink", "NullSink", "Progress", "Sink", "Throttle"]

BEAT_S: Final = 10.0
"""Time between two lines on a console that is no terminal, while a phase goes on."""

INTERVAL_S: Final = 0.5
"""Least time between two messages of one phase that bring no better plan."""


@dataclass(frozen=True)
class Progress:
    """Where a solve stands. What is not yet known is None.

    Attributes
    ----------
    phase
        What is being done: ``load``, ``build``, ``handoff``, ``solve``, ``verify``.
    elapsed_s
        Wall time since the solve was asked for.
    bound_usd
        Annual cost that no plan can go below.
    incumbent_usd
        Annual cost of the best plan so far.
    gap
        Distance of the two, as a share of the plan's cost.
    detail
        Anything else worth reading.
    """

    phase: str
    elapsed_s: float
    bound_usd: float | None = None
    incumbent_usd: float | None = None
    gap: float | None = None
    detail: str = ""


class Sink(Protocol):
    """Anything that can be called with a message."""

    def __call__(self, progress: Progress, /) -> None:
        """Take one message."""


class NullSink:
    """Hears nothing."""

    def __call__(self, progress: Progress, /) -> None:
        """Drop the message."""


class JsonLinesSink:
    """Writes one JSON object a line, for programs that watch a solve.

    Examples
    --------
    >>> import sys
    >>> JsonLinesSink(sys.stdout)(Progress("build", 1.25))
    {"phase": "build", "elapsed_s": 1.25, "bound_usd": null, "incumbent_usd": null, "gap": null}
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __call__(self, progress: Progress, /) -> None:
        """Write the message at once, so that a reader behind a pipe sees it."""
        fields: dict[str, Any] = asdict(progress)
        fields["elapsed_s"] = round(progress.elapsed_s, 3)
        if not progress.detail:
            del fields["detail"]
        for name, value in fields.items():
            if isinstance(value, float) and not math.isfinite(value):
                fields[name] = None  # JSON has no infinity
        self._stream.write(json.dumps(fields) + "\n")
        self._stream.flush()


class ConsoleSink:
    """Shows one line that changes in place on a terminal; use it as a context.

    Parameters
    ----------
    console
        Where to show it. On a console that is no terminal each new phase gets a line of its own,
        and while a phase goes on there is a line once in a while.
    interval_s
        Time between such lines.
    """

    def __init__(self, console: Console, interval_s: float = BEAT_S) -> None:
        self._console = console
        self._interval_s = interval_s
        self._ended = threading.Event()
        self._last: tuple[Progress, float] | None = None
        self._live: RichProgress | None = None
        self._task: TaskID | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        """Start the display."""
        if self._console.is_terminal:
            from rich.progress import Progress as RichProgress
            from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            self._live = RichProgress(*columns, console=self._console, transient=True)
            self._live.start()
            self._task = self._live.add_task("")
        else:
            # A daemon: a program that is broken off must not wait for it.
            threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the display and leave the terminal as it was."""
        self._ended.set()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __call__(self, progress: Progress, /) -> None:
        """Show the message in place of the last one."""
        if self._live is not None and self._task is not None:
            self._live.update(self._task, description=_line(progress))
        elif progress.phase != self._phase:
            self._console.print(_line(progress), highlight=False)
        self._phase = progress.phase
        self._last = progress, time.perf_counter()

    def _beat(self) -> None:
        """Repeat the last message once in a while, with the time that has passed."""
        while not self._ended.wait(self._interval_s):
            if self._last is not None:
                progress, heard = self._last
                elapsed_s = progress.elapsed_s + time.perf_counter() - heard
                line = f"{_line(progress)} · {elapsed_s:.0f} s"
                self._console.print(line, highlight=False, soft_wrap=True)


class Throttle:
    """Passes messages on, but not too many: each new phase, each better plan, and one in a while.

    Parameters
    ----------
    sink
        Who gets what is passed on.
    interval_s
        Least time between two messages that bring neither.
    """

    def __init__(self, sink: Sink, interval_s: float = INTERVAL_S) -> None:
        self._sink = sink
        self._interval_s = interval_s
        self._last: Progress | None = None

    def __call__(self, progress: Progress, /) -> None:
        """Pass the message on, or drop it."""
        last = self._last
        if (
            last is None
            or progress.phase != last.phase
            or progress.incumbent_usd != last.incumbent_usd
            or progress.elapsed_s - last.elapsed_s >= self._interval_s
        ):
            self._last = progress
            self._sink(progress)


def _line(progress: Progress) -> str:
    parts = [progress.phase]
    if progress.incumbent_usd is not None:
        parts.append(f"best plan {_millions(progress.incumbent_usd)}")
    if progress.bound_usd is not None:
        parts.append(f"bound {_millions(progress.bound_usd)}")
    if progress.gap is not None and math.isfinite(progress.gap):
        parts.append(f"gap {progress.gap:.2%}")
    if progress.detail:
        parts.append(progress.detail)
    return " · ".join(parts)


def _millions(usd: float) -> str:
    return f"{usd / 1e6:,.3f} M$/a"
