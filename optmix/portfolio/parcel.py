"""What travels to a worker: a site with the bytes of its files, and how to solve it.

A parcel names no path of the machine it comes from, so it can be opened on any other. It is known
by a key, a hash over everything that decides its answer.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from optmix._version import __version__
from optmix.data.fingerprint import input_sha256, rename_files
from optmix.solve.answer import PACKAGES

if TYPE_CHECKING:
    from optmix.schema.origin import Location
    from optmix.schema.site import Site

__all__ = ["Options", "Parcel", "key_of", "pack", "unpack", "versions"]


@dataclass(frozen=True)
class Options:
    """How a site is solved, where its own file does not count; as for `optmix.solve`."""

    gap: float | None = None
    time_limit_s: float | None = None
    method: str | None = None
    solver: str | None = None
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class Parcel:
    """A site as data.

    Attributes
    ----------
    site
        The site; its files are named as in ``files``.
    files
        Content of each file that it reads.
    options
        How it is solved.
    input_sha256
        Hash of the site and its files.
    versions
        Versions of what decides the answer.
    wants_files
        Whether the files of the answer are to be sent back too.
    """

    site: Site
    files: dict[str, bytes] = field(repr=False)
    options: Options
    input_sha256: str
    versions: dict[str, str]
    wants_files: bool = True


@cache
def versions() -> dict[str, str]:
    """Return the versions of all that may change an answer."""
    own = {"optmix": __version__, "python": platform.python_version()}
    return own | {package: version(package) for package in PACKAGES}


def key_of(site: Site, options: Options) -> str:
    """Return the hash of a site, its files, its options, and the versions of what solves it.

    Raises
    ------
    SchemaError
        A file is missing or outside the folder of the site.
    """
    content = [input_sha256(site), asdict(options), versions()]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def pack(site: Site, options: Options, *, wants_files: bool = True) -> Parcel:
    """Put a site and its files into a parcel; say whether files are to come back.

    Raises
    ------
    SchemaError
        A file is missing or outside the folder of the site.
    """
    files: dict[str, bytes] = {}

    def pick(name: str, location: Location) -> str:
        inside = _inside(name, len(files))
        if inside not in files:
            files[inside] = site.origin.file(name, *location).read_bytes()
        return inside

    packed = rename_files(site, pick)
    origin = replace(site.origin, folder=Path(), trusted=frozenset())
    sha256 = input_sha256(site)
    return Parcel(packed.with_origin(origin), files, options, sha256, versions(), wants_files)


def unpack(parcel: Parcel, folder: Path) -> Site:
    """Write the files of a parcel into an empty folder; return the site that reads them there."""
    for name, content in parcel.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return parcel.site.with_origin(replace(parcel.site.origin, folder=folder))


def _inside(name: str, number: int) -> str:
    """Return a name that stays in a folder: the same one if it does so already."""
    path = PurePosixPath(name)
    is_plain = not (path.is_absolute() or ".." in path.parts or PureWindowsPath(name).drive)
    return name if is_plain else f"outside/{number}/{Path(name).name}"
