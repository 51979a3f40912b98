"""Put a folder of results in its place whole, or not at all.

Everything is written to a hidden sibling first, forced to disk, and renamed. A new folder appears
in one step. One that is replaced takes two: the old one is renamed away, then the new one in. A
program killed between the two leaves the place empty and the old folder beside it, whole, under a
hidden name; the next run that writes there puts it back, and clears what a killed run left behind.
The place never holds a part of a folder.

Runs that write beside each other keep apart by locks of the system on folders. Where there are
none, as on Windows, remains of killed runs are not cleared, since they may be those of a live one,
and two runs that end at the same instant may both think the place theirs.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["place_folder", "recover"]

_log = logging.getLogger(__name__)


def place_folder(
    target: Path, fill: Callable[[Path], None], check: Callable[[], None] | None = None
) -> None:
    """Create a folder, or replace one.

    Parameters
    ----------
    target
        Where the folder shall stand. What stands there now is removed.
    fill
        Writes the content into the folder it is given.
    check
        Looks at the place right before the folder is put there, and raises if it must not be;
        meanwhile no other run can put one there.

    Raises
    ------
    OSError
        It cannot be written there; what stood there still does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(target.parent):
            _tidy(target)
            new = _sibling(target, target.parent)
            held.enter_context(_locked(new))
        try:
            fill(new)
            new.chmod(0o777 & ~_umask())  # mkdtemp makes folders that only their owner may read
            _force_to_disk(new)
            with _locked(target.parent):
                if check is not None:
                    check()
                _swap_in(new, target)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise


def recover(target: Path) -> None:
    """Put back a folder whose replacement was broken off in the middle.

    Raises
    ------
    OSError
        It cannot be put back.
    """
    if target.parent.is_dir():
        with _locked(target.parent):
            _put_back(target)


def _sibling(target: Path, parent: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=parent))


def _remains(target: Path, suffix: str) -> list[Path]:
    """Return hidden siblings that earlier runs left, the latest last."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}\.{suffix}")
    found = [path for path in target.parent.iterdir() if pattern.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _put_back(target: Path) -> None:
    old = [] if target.exists() else _remains(target, "old")
    if old:
        old[-1].rename(target)
        _log.warning("%s: put back; a run that was to replace it was broken off", target)


def _tidy(target: Path) -> None:
    """Put back what a killed run renamed away, and clear what it no longer needs."""
    _put_back(target)
    for path in _remains(target, "old"):
        shutil.rmtree(path, ignore_errors=True)
    for path in _remains(target, "new"):
        if _is_abandoned(path):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other runs away from a folder, where the system can lock one."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems lock no folders
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_abandoned(folder: Path) -> bool:
    """Whether no live run holds the lock of a folder."""
    if sys.platform == "win32":
        return False
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


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
