"""Put a folder of results in its place whole, or not at all.

Everything is written to a hidden sibling first, forced to disk, and renamed. Whenever the program
is killed, the place holds what was there before, or all of the new, never a part of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["place_folder"]


def place_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Create a folder, or replace one, in a single step.

    Parameters
    ----------
    target
        Where the folder shall stand. What stands there now is removed.
    fill
        Writes the content into the folder it is given.

    Raises
    ------
    OSError
        It cannot be written there; what stood there still does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent))
    try:
        fill(new)
        new.chmod(0o777 & ~_umask())  # mkdtemp makes folders that only their owner may read
        _force_to_disk(new)
        _swap_in(new, target)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _swap_in(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        _sync(target.parent)
        return
    old = new.with_suffix(".old")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)  # there is no way to read it without setting it
    os.umask(mask)
    return mask


def _force_to_disk(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows forces folders to disk by itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
