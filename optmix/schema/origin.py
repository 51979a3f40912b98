"""Where a site came from: its file, its folder, and the line of every field.

Errors found long after parsing (a series with a gap, an impossible bound) use this to point at the
line the user wrote. It is also the one place that decides which files a site may read.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from optmix.errors import Problem, SchemaError

__all__ = ["Location", "Origin", "dotted", "legible"]

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Origin:
    """Provenance of a site.

    Attributes
    ----------
    path
        The site file; none for a site made in Python.
    folder
        Folder that relative paths start from and may not leave.
    lines
        Line of each field of the site file, by its path of keys.
    overrides
        Key of each field that was set on the command line or in Python, by its path of keys.
    trusted
        Absolute paths that the user gave there.

    Provenance is no part of what a site is: all origins compare as equal, so that two sites are
    equal if their fields are.
    """

    path: Path | None = field(default=None, compare=False)
    folder: Path = field(default_factory=Path, compare=False)
    lines: Mapping[Location, int] = field(default_factory=dict, compare=False)
    overrides: Mapping[Location, str] = field(default_factory=dict, compare=False)
    trusted: frozenset[str] = field(default=frozenset(), compare=False)

    def line(self, *location: str | int) -> int:
        """Return the line of a field, or of its nearest known parent; 0 if there is none."""
        for length in range(len(location), 0, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return 0

    def where(self, *location: str | int) -> str:
        """Return ``site.toml:12 (unit[0].n_max)`` for a field, or its nearest known parent."""
        name = self.path.name if self.path else "site"
        for length in range(len(location), 0, -1):
            if location[:length] in self.overrides:
                return f"--set {self.overrides[location[:length]]}"
            line = self.lines.get(location[:length])
            if line is not None:
                return f"{name}:{line} ({dotted(location)})"
        return f"{name} ({dotted(location)})" if location else name

    def file(self, name: str, *location: str | int) -> Path:
        """Return the path of a file named in the site.

        Raises
        ------
        SchemaError
            If it leaves the folder of the site, or is not a regular file.
        """
        path = Path(name) if name in self.trusted else self.folder / name
        if name not in self.trusted and not _is_within(path, self.folder):
            raise SchemaError(
                Problem(
                    what=f'"{name}" leads out of the folder of the site',
                    where=self.where(*location),
                    allowed="a file in the folder of the site file, or below it",
                    hint="copy the file beside the site file, or name it with "
                    f"--set {dotted(location)}=/absolute/path",
                )
            )
        what = _defect(path)
        if what:
            raise SchemaError(
                Problem(
                    what=f'"{name}" {what}',
                    where=self.where(*location),
                    allowed="an existing CSV, Parquet or weather file",
                    hint=f"it is looked for in the folder of {self.where()}",
                )
            )
        return path


def _is_within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links leads nowhere
        return False


def _defect(path: Path) -> str:
    """Return why a path is not a file to read, or nothing."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return "does not exist"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if stat.S_ISREG(status.st_mode):
        return ""
    return "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"


def dotted(location: Location) -> str:
    """Return ``unit[0].n_max`` for ``("unit", 0, "n_max")``."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{legible(part)}" if text else legible(part)
    return text


LONGEST_SHOWN = 60
"""Characters of a text of the user that a message repeats."""


def legible(text: str) -> str:
    r"""Return a text of the user as a message may show it: short, and nothing but characters.

    Examples
    --------
    >>> legible("a\x1b[31m"), len(legible("x" * 5_000_000))
    ('a\\x1b[31m', 61)
    """
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in shown
    )
