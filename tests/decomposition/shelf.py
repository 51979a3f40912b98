"""Answers that tests share, also those that run side by side, so that none is computed twice."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["SHELF", "Shelf"]


class Shelf:
    """A folder of answers by name.

    Attributes
    ----------
    folder
        Where they are; without one every answer is computed where it is asked for.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """Return an answer, computed and kept if nobody else did so before."""
        if self.folder is None:
            return make()
        file = self.folder / name
        if not file.exists():
            answer = pickle.dumps(make())
            # Nobody may read half an answer.
            draft = self.folder / f"{name}.{os.getpid()}"
            draft.write_bytes(answer)
            draft.replace(file)
        return pickle.loads(file.read_bytes())  # noqa: S301 - written by the tests of this run


SHELF = Shelf()
"""The one of this run of the tests."""
