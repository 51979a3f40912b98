"""Bring a site file of an older schema version up to date, in memory.

Each version has one function that turns its documents into those of the next. They are applied one
after the other, so an old file always takes the whole road and each step is tested once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from optmix._version import __version__
from optmix.errors import MigrationError, Problem
from optmix.schema.messages import shown
from optmix.schema.site import SCHEMA_VERSION

__all__ = ["LATEST", "STEPS", "Step", "migrate"]

LATEST = SCHEMA_VERSION
"""The version that this optmix reads and writes."""

Step = Callable[[dict[str, Any]], tuple[dict[str, Any], tuple[str, ...]]]
"""Takes a document of one version; gives that of the next, and what the user should know."""

STEPS: Mapping[int, Step] = {}
"""Step from each older version to the next. Version 1 is the first, so there is none yet."""


def migrate(
    values: Mapping[str, Any],
    *,
    where: str = "schema_version",
    steps: Mapping[int, Step] = STEPS,
    latest: int = LATEST,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a document of the latest version, and what the user should know about the change.

    Parameters
    ----------
    values
        The document. Without a ``schema_version`` it is returned as it is, for the schema to
        report.
    where
        Place of the version, for messages.
    steps, latest
        The chain of versions.

    Raises
    ------
    MigrationError
        The version is no whole number, newer than ``latest``, or older than the first step.

    Examples
    --------
    >>> migrate({"schema_version": 1, "name": "a"})
    ({'schema_version': 1, 'name': 'a'}, ())
    """
    document = dict(values)
    if "schema_version" not in document:
        return document, ()
    version = document["schema_version"]
    _require_known(version, where, steps, latest)
    notes: list[str] = []
    for number in range(version, latest):
        document, said = steps[number](document)
        document["schema_version"] = number + 1
        notes += said
    if version < latest:
        notes.insert(0, f"{where}: read as version {latest}; the file is of version {version}")
    return document, tuple(notes)


def _require_known(version: object, where: str, steps: Mapping[int, Step], latest: int) -> None:
    oldest = min(steps, default=latest)
    allowed = f"schema_version = {latest}"
    if oldest < latest:
        allowed += f", or an older one from {oldest}"
    if type(version) is not int:  # True and 1.0 also equal 1
        raise MigrationError(
            Problem(
                what=f"schema_version is {shown(version)}, not a whole number",
                where=where,
                allowed=allowed,
                hint="write the number alone, without quotes",
            )
        )
    if version > latest:
        raise MigrationError(
            Problem(
                what=f"schema_version {shown(version)} was written by a newer optmix",
                where=where,
                allowed=allowed,
                hint=f"this is optmix {__version__}: pip install --upgrade optmix",
            )
        )
    if version < oldest:
        raise MigrationError(
            Problem(
                what=f"schema_version {shown(version)} is too old for this optmix",
                where=where,
                allowed=allowed,
                hint="no such version was ever released"
                if version < 1
                else "an older optmix can migrate it: `optmix migrate`",
            )
        )
