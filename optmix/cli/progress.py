"""How a solve is shown while it runs: a live line, JSON lines, or nothing; and what is logged."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from optmix.cli.terminal import Terminal

if TYPE_CHECKING:
    from optmix.solve.progress import Progress, Sink

__all__ = ["ProgressKind", "shown_progress"]

ProgressKind = Literal["auto", "rich", "json", "none"]

LOG_INTERVAL_S = 10.0
"""Least time between two lines of ``run.log`` that bring neither a phase nor a better plan."""


@contextmanager
def shown_progress(terminal: Terminal, kind: ProgressKind) -> Iterator[Sink]:
    """Show progress on stderr as wished, and keep it in the log, for as long as a solve runs.

    ``auto`` shows it unless the terminal is to be quiet: on one line that changes in place, or
    phase by phase where stderr is no terminal.
    """
    from optmix.solve.progress import ConsoleSink, JsonLinesSink, NullSink, Throttle

    log = Throttle(_log(terminal), LOG_INTERVAL_S)
    if kind == "json":
        yield _both(log, Throttle(JsonLinesSink(sys.stderr)))
    elif kind == "rich" or (kind == "auto" and not terminal.quiet):
        with ConsoleSink(terminal.err) as console:
            yield _both(log, console)
    else:
        yield _both(log, NullSink())


def _both(log: Sink, shown: Sink) -> Sink:
    def sink(progress: Progress, /) -> None:
        log(progress)
        shown(progress)

    return sink


def _log(terminal: Terminal) -> Sink:
    def sink(progress: Progress, /) -> None:
        figures = {
            "best_usd": progress.incumbent_usd,
            "bound_usd": progress.bound_usd,
            "gap": progress.gap,
        }
        told = [f"{name} {value:.9g}" for name, value in figures.items() if value is not None]
        terminal.note("INFO", "  ".join(filter(None, [progress.phase, progress.detail, *told])))

    return sink
