"""Fixtures of the tests of the decomposition."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _frozen() -> Iterator[None]:
    """Spare the collector what is loaded, as a worker does: every window that is built asks it."""
    gc.freeze()
    yield
    gc.unfreeze()
