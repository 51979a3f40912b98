"""Which solvers are installed, in which version, and whether that version may be used."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from optmix.errors import SolverError
from optmix.solve.profiles import load_solver, solver_names

if TYPE_CHECKING:
    from optmix.solve.profiles import Profile
    from optmix.solve.solver_file import SolverFile

__all__ = [
    "Availability",
    "availability",
    "available",
    "find_executable",
    "require",
    "require_profile",
]

UNKNOWN_VERSION = "unknown version"

VERSION_TIMEOUT_S = 20.0
"""A program that has not told its version by then is not going to."""


@dataclass(frozen=True)
class Availability:
    """Whether a solver can be used here.

    Attributes
    ----------
    name
        Name of the solver's file.
    usable
        Whether it can be used.
    version
        The version installed; empty if there is none.
    why_not
        What keeps it from being used, and what to do; empty if nothing does.
    """

    name: str
    usable: bool
    version: str
    why_not: str


def available() -> tuple[Availability, ...]:
    """Return for every known solver whether it can be used here."""
    return tuple(availability(name) for name in solver_names())


def availability(name: str) -> Availability:
    """Return whether a solver is installed in a version that may be used.

    Raises
    ------
    UnknownNameError
        There is no such solver.

    Examples
    --------
    >>> availability("highs").usable
    True
    """
    solver = load_solver(name)
    found = _installed_version(solver)
    why_not = _why_not(solver, found)
    return Availability(name=name, usable=not why_not, version=found, why_not=why_not)


def require(name: str) -> str:
    """Return the version of a solver that is about to be used.

    Raises
    ------
    SolverError
        It is not installed, or in a version that must not be used.
    UnknownNameError
        There is no such solver.
    """
    found = availability(name)
    if not found.usable:
        raise SolverError(found.why_not)
    return found.version


def require_profile(profile: Profile) -> str:
    """Return the version of a solver that is about to be used with a profile.

    Raises
    ------
    SolverError
        The solver, or a package that the profile needs, is not installed or too old.
    """
    found = require(profile.solver_name)
    package, _, lowest = (profile.needs or "").partition(">=")
    if package and _numbers(_package_version(package)) < _numbers(lowest):
        raise SolverError(
            f"the profile {profile.spec} needs {package} {lowest} or newer; "
            f"python -m pip install '{profile.needs}'"
        )
    return found


def find_executable(name: str) -> str | None:
    """Find a program on the search path, or beside the Python that runs."""
    beside = Path(sys.executable).parent
    return shutil.which(name) or shutil.which(name, path=str(beside))


def _why_not(solver: SolverFile, found: str) -> str:
    if not found:
        return f"{solver.title} is not installed; {solver.install}"
    for bad in solver.bad_version:
        if found == bad.version:
            return (
                f"{solver.title} {found} must not be used: {bad.reason} ({bad.link}); "
                f"install another version: {solver.install}"
            )
    _, _, lowest = (solver.needs or "").partition(">=")
    if lowest and _numbers(found) < _numbers(lowest):
        return f"{solver.title} {found} is too old, {lowest} is needed; {solver.install}"
    return ""


def _installed_version(solver: SolverFile) -> str:
    if solver.needs is not None:
        return _package_version(solver.needs.partition(">=")[0])
    program = find_executable(solver.executable or solver.backend)
    if program is None:
        return ""
    return _program_version(program, solver.version_arguments, solver.version_pattern)


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def _program_version(program: str, arguments: tuple[str, ...], pattern: str | None) -> str:
    if pattern is None:
        return UNKNOWN_VERSION
    try:
        said = subprocess.run(  # noqa: S603 - the solver that the user chose
            [program, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return UNKNOWN_VERSION
    match = re.search(pattern, said)
    groups = [group for group in match.groups() if group] if match else []
    return groups[0] if groups else UNKNOWN_VERSION


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))
