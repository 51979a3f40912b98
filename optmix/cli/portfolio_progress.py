"""How a portfolio is shown while it runs: counts, time left, and what came last."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from optmix.cli.progress import ProgressKind
from optmix.cli.terminal import Terminal

if TYPE_CHECKING:
    from optmix.portfolio.progress import PortfolioProgress

    Tell = Callable[[PortfolioProgress], None]

__all__ = ["shown_count"]


@contextmanager
def shown_count(terminal: Terminal, kind: ProgressKind) -> Iterator[Tell]:
    """Show progress on stderr as wished: a line that changes in place, lines, JSON, or nothing."""
    if kind == "json":
        yield _json_line
    elif kind == "none" or terminal.quiet:
        yield lambda progress: terminal.note("INFO", _line(progress))
    elif terminal.err.is_terminal:
        from rich.status import Status

        with Status("", console=terminal.err) as status:
            yield lambda progress: status.update(_line(progress))
    else:
        yield lambda progress: terminal.info(_line(progress))


def _json_line(progress: PortfolioProgress) -> None:
    sys.stderr.write(json.dumps(asdict(progress)) + "\n")
    sys.stderr.flush()


def _line(progress: PortfolioProgress) -> str:
    parts = [f"{progress.n_done}/{progress.n_total} done"]
    if progress.n_failed:
        parts.append(f"{progress.n_failed} failed")
    if progress.n_resumed:
        parts.append(f"{progress.n_resumed} from before")
    parts.append(_time(progress.elapsed_s))
    if progress.eta_s is not None and progress.n_done < progress.n_total:
        parts.append(f"about {_time(progress.eta_s)} left")
    return ", ".join(filter(None, [*parts, progress.detail]))


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
