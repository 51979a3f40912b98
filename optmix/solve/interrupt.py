"""Stop a solve from outside: Ctrl-C, a signal of the batch system, or another thread."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["Enough", "Interrupt"]


class Interrupt:
    """A wish to stop, which a solve looks at often and never forgets.

    Examples
    --------
    >>> interrupt = Interrupt()
    >>> interrupt.set()
    >>> interrupt.is_set()
    True
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether someone asked to stop."""
        return self._event.is_set()

    @contextmanager
    def on_signals(self) -> Iterator[Interrupt]:
        """Let Ctrl-C (SIGINT) and SIGTERM ask to stop, instead of breaking off, for a while.

        The second Ctrl-C raises ``KeyboardInterrupt`` as usual. Outside the main thread, where
        Python allows no signal handlers, this changes nothing.
        """
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.set()


class Enough(Interrupt):
    """Stops a part of the work because it is good enough, or because the user wants to stop.

    Parameters
    ----------
    user
        What the user stops everything with; setting this one leaves that alone.
    """

    def __init__(self, user: Interrupt) -> None:
        super().__init__()
        self._user = user

    def is_set(self) -> bool:
        """Whether the user or the work asked to stop."""
        return self._user.is_set() or super().is_set()
