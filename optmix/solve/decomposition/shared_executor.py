"""An executor that belongs to somebody else, seen as one worker among several."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SharedExecutor"]


class SharedExecutor(Executor):
    """Passes calls on, and leaves it to the owner to end the executor.

    Parameters
    ----------
    executor
        Anything with the interface of :class:`concurrent.futures.Executor`.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        """Let the executor call a function."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: others may use it still."""
