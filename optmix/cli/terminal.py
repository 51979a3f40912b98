"""What a command prints, and where: stdout has the result alone, stderr all the rest."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import os
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from optmix.errors import OptmixWarning

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Terminal", "terminal_of"]

FILE_WIDTH = 120
"""Width of tables that go to a file or another program."""


class Terminal:
    """Both output streams and the log of one command.

    Attributes
    ----------
    quiet
        Whether only errors go to stderr.
    verbose
        Whether details go there too.
    log_lines
        Every line of the log so far, details included, whatever stderr shows.
    json_lines
        Whether stderr is for a program: every line a JSON object.
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.log_lines: list[str] = []
        self.json_lines = False

    @cached_property
    def out(self) -> Console:
        """Console on stdout."""
        return _console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Console on stderr."""
        return _console(stderr=True)

    def result(self, *parts: RenderableType) -> None:
        """Print the result of a command on stdout."""
        from rich.text import Text

        for part in _flat(parts):
            # Programs that read line by line get lines whole.
            is_line = isinstance(part, Text) and not self.out.is_terminal
            self.out.print(part, soft_wrap=is_line)

    def text(self, text: str) -> None:
        """Print text on stdout as it is, without wrapping."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def json(self, value: Any) -> None:
        """Print a value as JSON on stdout."""
        self.text(json.dumps(_plain(value), indent=2, ensure_ascii=False) + "\n")

    def error(self, text: str) -> None:
        """Print an error on stderr, whatever the verbosity."""
        self.note("ERROR", text)
        self._say("error", "bold red", text)

    def warn(self, text: str) -> None:
        """Print a warning on stderr."""
        self.note("WARNING", text)
        if not self.quiet:
            self._say("warning", "yellow", text)

    def info(self, text: str) -> None:
        """Print a line of the log on stderr."""
        self.note("INFO", text)
        if not self.quiet:
            self._say("info", "", text)

    def debug(self, text: str) -> None:
        """Print a detail of the log on stderr."""
        self.note("DEBUG", text)
        if self.verbose and not self.quiet:
            self._say("debug", "", text)

    def note(self, level: str, text: str) -> None:
        """Keep a line for ``run.log`` and print nothing."""
        self.log_lines.append(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {level:<8}{text}")

    def _say(self, level: str, style: str, text: str) -> None:
        from rich.text import Text

        if self.json_lines:
            line = Text(json.dumps({"level": level, "message": text}, ensure_ascii=False))
        elif style:
            line = Text.assemble((f"{level}: ", style), text)
        else:
            line = Text(text)
        self.err.print(line, soft_wrap=True)

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Take in what optmix logs and warns about, as long as the command runs."""
        handler = _LogHandler(self)
        logger = logging.getLogger("optmix")
        before = logger.level, logger.propagate
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.addHandler(handler)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", OptmixWarning)
                warnings.showwarning = self._on_warning
                yield
        finally:
            logger.removeHandler(handler)
            logger.level, logger.propagate = before

    def _on_warning(
        self, message: Warning | str, category: type[Warning], *_: object, **__: object
    ) -> None:
        if issubclass(category, OptmixWarning):
            self.warn(str(message))
        else:  # of a library; of use to whoever mends optmix
            self.debug(f"{category.__name__}: {message}")


class _LogHandler(logging.Handler):
    """Pass what optmix logs to the terminal."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self.terminal = terminal

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        if record.levelno >= logging.ERROR:
            self.terminal.error(text)
        elif record.levelno >= logging.WARNING:
            self.terminal.warn(text)
        elif record.levelno >= logging.INFO:
            self.terminal.info(text)
        else:
            self.terminal.debug(text)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    no_style = bool(os.environ.get("NO_COLOR"))
    console = Console(
        stderr=stderr,
        color_system=None if no_style else "auto",
        emoji=False,
        markup=False,
        highlight=False,
    )
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = FILE_WIDTH
    return console


def _flat(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    from rich.console import Group

    for part in parts:
        if isinstance(part, Group):
            yield from _flat(part.renderables)
        else:
            yield part


def _plain(value: Any) -> Any:
    """Replace what JSON has no word for: dates by text, and what is no number by null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def terminal_of(ctx: typer.Context, *, quiet: bool, verbose: bool) -> Terminal:
    """Return the terminal of a command; ``-q`` and ``-v`` may stand before and after its name."""
    terminal: Terminal = ctx.obj
    terminal.quiet |= quiet
    terminal.verbose |= verbose
    return terminal
