"""Which machine, versions and commit were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from optmix._version import __version__

__all__ = ["Machine", "this_machine"]

PACKAGES = ("highspy", "numpy", "pandas", "pyomo", "scipy", "pyscipopt", "gurobipy", "cbcbox")
KIB_PER_GIB = 1024**2
CHECKOUT = Path(__file__).resolve().parents[2]
GIT_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Machine:
    """What a time depends on, besides the code. It does not name the machine's owner or host.

    Attributes
    ----------
    cpu
        Model of the processor.
    cores
        Processors that this process may use.
    memory_gib
        Memory; none where it is not known.
    load_before
        Load average before the first run; where it is high, others used the machine.
    system, python, optmix
        Operating system, and versions.
    packages
        Versions of the packages that a result depends on.
    commit
        Commit of optmix, with ``+`` if files were changed since; empty outside of a checkout.
    """

    cpu: str
    cores: int
    memory_gib: float | None
    load_before: float | None
    system: str
    python: str
    optmix: str
    packages: dict[str, str]
    commit: str

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as JSON can hold them."""
        return asdict(self)


def this_machine() -> Machine:
    """Return the record of this machine, as it is now.

    Examples
    --------
    >>> this_machine().cores >= 1
    True
    """
    return Machine(
        cpu=_cpu(),
        cores=_cores(),
        memory_gib=_memory_gib(),
        load_before=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        optmix=__version__,
        packages=_packages(),
        commit=_commit(),
    )


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_gib() -> float | None:
    with suppress(OSError, IndexError, ValueError):
        told = Path("/proc/meminfo").read_text(encoding="utf-8").split("MemTotal:")[1]
        return round(int(told.split()[0]) / KIB_PER_GIB, 1)
    return None


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _commit() -> str:
    if not (CHECKOUT / ".git").exists():
        return ""
    told = _git("rev-parse", "--short=12", "HEAD")
    return f"{told}+" if told and _git("status", "--porcelain", "-uno") else told


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(  # noqa: S603 - git of this machine, in the checkout of optmix
            ["git", "-C", str(CHECKOUT), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
