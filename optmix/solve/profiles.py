"""Solver profiles: find, read and check the files of the folder ``solvers/``.

Other packages add solvers by the entry-point group ``optmix.solvers``: each entry point leads to a
folder of such files, or to a function that returns one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optmix.errors import Problem, SchemaError, SolverError, UnknownNameError, did_you_mean
from optmix.resources import shipped
from optmix.schema.document import read_document
from optmix.schema.origin import Origin
from optmix.schema.validation import validated
from optmix.solve.solver_file import SolverFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.solve.solver_file import OptionValue

__all__ = [
    "DEFAULT_PROFILE",
    "DEFAULT_SOLVER",
    "ENTRY_POINTS",
    "Profile",
    "load_profile",
    "load_solver",
    "solver_names",
]

ENTRY_POINTS = "optmix.solvers"
"""Group of entry points by which other packages add folders of solver files."""

DEFAULT_SOLVER = "highs"
DEFAULT_PROFILE = "default"


@dataclass(frozen=True)
class Profile:
    """A solver with a named set of options.

    Attributes
    ----------
    solver_name, name
        Names of the solver's file and of the profile.
    solver
        The solver.
    purpose
        What the profile is for.
    gap
        Relative gap to stop at, unless the user asks for another.
    options
        Further options by the solver's own names.
    needs
        Python package that it needs beside the solver's, with its lowest version; or none.
    """

    solver_name: str
    name: str
    solver: SolverFile
    purpose: str
    gap: float
    options: Mapping[str, OptionValue]
    needs: str | None = None

    @property
    def spec(self) -> str:
        """The profile as users write it, such as ``highs:fast``."""
        return f"{self.solver_name}:{self.name}"


def solver_names() -> tuple[str, ...]:
    """Return the names of all known solvers, installed or not, the default one first.

    Examples
    --------
    >>> solver_names()[0]
    'highs'
    """
    return tuple(sorted(_files(), key=lambda name: (name != DEFAULT_SOLVER, name)))


@cache
def load_solver(name: str) -> SolverFile:
    """Return the solver of a name.

    Raises
    ------
    UnknownNameError
        There is no such solver.
    SchemaError
        Its file is not valid.
    """
    files = _files()
    if name not in files:
        raise UnknownNameError(
            Problem(
                what=f'no solver "{name}" is known',
                where="--solver",
                allowed=", ".join(solver_names()),
                hint=did_you_mean(name, files) or "`optmix list solvers` tells what each is for",
            )
        )
    document = read_document(files[name])
    solver, faults = validated(SolverFile, document.values)
    if solver is None or faults:
        origin = Origin(document.path, document.path.parent, document.lines)
        raise SchemaError([fault.problem(origin) for fault in faults])
    return solver


def load_profile(spec: str) -> Profile:
    """Return the profile that a user named.

    Parameters
    ----------
    spec
        Name of a solver, or of a solver and a profile: ``highs`` or ``highs:fast``.

    Raises
    ------
    UnknownNameError
        There is no such solver, or it has no such profile.
    SchemaError
        The solver's file is not valid.

    Examples
    --------
    >>> load_profile("highs:fast").gap
    0.005
    """
    solver_name, _, profile_name = spec.strip().partition(":")
    solver = load_solver(solver_name)
    profile_name = profile_name or DEFAULT_PROFILE
    if profile_name not in solver.profile:
        raise UnknownNameError(
            Problem(
                what=f'{solver.title} has no profile "{profile_name}"',
                where="--solver",
                allowed=", ".join(f"{solver_name}:{known}" for known in solver.profile),
                hint=did_you_mean(profile_name, solver.profile),
            )
        )
    table = solver.profile[profile_name]
    return Profile(
        solver_name=solver_name,
        name=profile_name,
        solver=solver,
        purpose=table.purpose,
        gap=table.gap,
        options=table.options,
        needs=table.needs,
    )


@cache
def _files() -> dict[str, Path]:
    """Find every solver file; a name that two folders use is refused, not guessed."""
    files: dict[str, Path] = {}
    for folder in (shipped("solvers"), *_provided_folders()):
        for path in sorted(folder.glob("*.toml")):
            if path.stem in files:
                raise SolverError(
                    f'two solvers are named "{path.stem}": {files[path.stem]} and {path}; '
                    "rename one, or uninstall the package that it came with"
                )
            files[path.stem] = path
    return files


def _provided_folders() -> list[Path]:
    folders = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            provided: Any = entry.load()
        except (ImportError, AttributeError) as reason:
            raise SolverError(
                f'the package behind the solvers "{entry.name}" cannot be loaded: {reason}'
            ) from reason
        folder = Path(provided() if callable(provided) else provided)
        if not folder.is_dir():
            raise SolverError(
                f'the solvers "{entry.name}" should stand in {folder}: no such folder'
            )
        folders.append(folder)
    return folders
