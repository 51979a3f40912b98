"""Gather input errors from many readings, so that the user sees all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from optmix.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.errors import Problem

__all__ = ["Collector"]

T = TypeVar("T")


class Collector:
    """Runs readings one after the other and keeps the problems of those that fail.

    A reading that fails is replaced by a harmless stand-in, so that the readings after it can
    still be checked; nothing built on a stand-in leaves :meth:`raise_if_any`.
    """

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    def attempt(self, reading: Callable[[], T], stand_in: T) -> T:
        """Return what ``reading`` returns, or ``stand_in`` if it finds input problems."""
        try:
            return reading()
        except InputError as error:
            self._errors.append(error)
            return stand_in

    def raise_if_any(self) -> None:
        """Raise one error with every problem found so far.

        Raises
        ------
        InputError
            If any reading failed; of their common class where they share one.
        """
        if not self._errors:
            return
        kinds = {type(error) for error in self._errors}
        kind = kinds.pop() if len(kinds) == 1 else InputError
        problems: dict[Problem, None] = {}
        for error in self._errors:
            problems.update(dict.fromkeys(error.problems))
        raise kind(tuple(problems))
