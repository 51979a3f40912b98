"""Fixtures of the tests of the decomposition."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from decomposition.shelf import SHELF

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _frozen() -> Iterator[None]:
    """Spare the collector what is loaded, as a worker does: every window that is built asks it."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Share answers with the tests that other processes run."""
    base = tmp_path_factory.getbasetemp()
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
    SHELF.folder = (base.parent if is_one_of_several else base) / "answers"
    SHELF.folder.mkdir(exist_ok=True)
    yield
    SHELF.folder = None
