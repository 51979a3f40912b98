"""What is done already: one small file for each piece of work, known by its key.

A file is written under another name, forced to disk and renamed, after everything that it vouches
for. So what stands in the ledger is true, at whatever moment a run is killed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optmix.errors import InputError, Problem

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LOCK_FILE", "Ledger", "locked_out", "write_atomically"]

LOCK_FILE = "portfolio.lock"
"""Marks a folder as that of a portfolio, and is locked as long as a run writes there."""

HALF_WRITTEN = ".*.????????"
"""Names of files that are being written, as :func:`tempfile.mkstemp` makes them."""


@contextmanager
def locked_out(out: Path) -> Iterator[None]:
    """Make the folder OUT, and keep other runs out of it.

    The system drops the lock when the run ends, however it ends. Where it knows no such locks, as
    on Windows, nothing keeps two runs apart.

    Raises
    ------
    InputError
        Another run writes there, the folder holds something else, or it cannot be written.
    """
    try:
        _require_ours(out)
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / LOCK_FILE).open("a", encoding="utf-8")
    except OSError as error:
        what = f"the results cannot be written: {error.strerror or error}"
        allowed = "a folder that can be written to"
        hint = "name another folder"
        raise InputError(Problem(what, f"-o {out}", allowed, hint)) from None
    with lock:
        _lock(lock.fileno(), out)
        _sweep(out)
        yield


def _require_ours(out: Path) -> None:
    allowed = "a folder, new or empty, or that of an earlier run"
    if out.exists() and not out.is_dir():
        raise InputError(Problem("this is a file", f"-o {out}", allowed, "name a folder"))
    if out.is_dir() and any(out.iterdir()) and not (out / LOCK_FILE).is_file():
        what = "the folder holds something else than a portfolio"
        raise InputError(Problem(what, f"-o {out}", allowed, "name another folder"))


def _lock(descriptor: int, out: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        what = "another run is writing to this folder"
        allowed = "one run in one folder"
        hint = "wait until it has ended, or name another folder"
        raise InputError(Problem(what, f"-o {out}", allowed, hint)) from None
    except OSError:
        return  # some network file systems know no locks


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed left half written; the lock keeps others out."""
    for left in folder.glob(HALF_WRITTEN):
        if left.is_file():
            left.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


class Ledger:
    """Entries in a folder.

    Parameters
    ----------
    folder
        Where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _sweep(folder)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the entry of a key; none where there is none that can be read."""
        try:
            entry = json.loads(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None
        return entry if isinstance(entry, dict) and entry.get("key") == key else None

    def put(self, key: str, entry: Mapping[str, Any]) -> None:
        """Keep an entry."""
        text = json.dumps({"key": key, **entry}, indent=1, allow_nan=False)
        write_atomically(self._path(key), text + "\n")

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
