"""Memory of a process and of everything it started."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["family", "resident_mib"]

PROC = Path("/proc")
BYTES_PER_MIB = 2**20


def family(pid: int) -> list[int]:
    """Return a process and its descendants; empty where the system has no ``/proc``.

    Examples
    --------
    >>> family(-1)
    []
    """
    found: list[int] = []
    waiting = [pid]
    while waiting:
        member = waiting.pop()
        try:
            threads = list((PROC / str(member) / "task").iterdir())
            children = [(thread / "children").read_text().split() for thread in threads]
        except OSError:  # it has ended, or this is not Linux
            continue
        found.append(member)
        waiting.extend(int(child) for one in children for child in one)
    return found


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process and its descendants, 0 where it cannot be known.

    A page that several of them share counts in each, so this is never too little.
    """
    pages = 0
    for member in family(pid):
        try:
            pages += int((PROC / str(member) / "statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / BYTES_PER_MIB
