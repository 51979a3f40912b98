"""Find the data that ships with optmix: instances, the technology catalog, and solver profiles.

The folders ``instances/`` and ``solvers/`` stand at the top of a checkout and inside the package,
under ``_data``, in an installed copy. Everything else asks here and never builds such a path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from optmix.errors import OptmixError, Problem, UnknownNameError, did_you_mean

__all__ = ["SITE_FILE", "instance_names", "resolve", "shipped"]

SITE_FILE = "site.toml"
"""Name of the file that describes a site, in every shipped instance."""

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: Literal["instances", "solvers"]) -> Path:
    """Return the folder of one kind of shipped data.

    Parameters
    ----------
    kind
        Which data: instances (with the catalog), or solver profiles.

    Raises
    ------
    OptmixError
        The installation is incomplete.

    Examples
    --------
    >>> shipped("solvers").name
    'solvers'
    """
    for folder in (_PACKAGE / "_data" / kind, _PACKAGE.parent / kind):
        if folder.is_dir():
            return folder
    raise OptmixError(f"this installation of optmix lacks its {kind} folder; install optmix again")


def instance_names() -> tuple[str, ...]:
    """Return the names of the shipped instances, such as ``texas/midland-300mw``, sorted."""
    root = shipped("instances")
    return tuple(
        sorted(path.parent.relative_to(root).as_posix() for path in root.glob(f"*/*/{SITE_FILE}"))
    )


def resolve(reference: str | Path) -> Path:
    """Turn what a user wrote for a site into a path: ``@family/name`` is a shipped instance.

    Parameters
    ----------
    reference
        A path, returned as it is, or ``@`` and the name of a shipped instance.

    Returns
    -------
    Path
        The site file. Its folder holds the series and the README of a shipped instance.

    Raises
    ------
    UnknownNameError
        No shipped instance has that name.

    Examples
    --------
    >>> resolve("sites/mine.toml").as_posix()
    'sites/mine.toml'
    """
    text = str(reference)
    if not text.startswith("@"):
        return Path(reference)
    names = instance_names()
    name = text.removeprefix("@").rstrip("/")
    if name in names:
        return shipped("instances") / name / SITE_FILE
    raise UnknownNameError(
        Problem(
            what="no instance of that name ships with optmix",
            where=text,
            allowed="@ and a name from `optmix list instances`",
            hint=did_you_mean(text, [f"@{known}" for known in names])
            or "a file of your own is named without @",
        )
    )
