"""Which files a site reads, and one hash over everything that decides its plan.

The hash covers the site with every default and the bytes of each file it names, but not the names
of those files: a site and its copy elsewhere have the same hash.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from optmix.schema.base import Record
from optmix.schema.series import SeriesRef
from optmix.schema.surroundings import Weather

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optmix.schema.origin import Location
    from optmix.schema.site import Site

    Rename = Callable[[str, Location], str]

__all__ = ["input_sha256", "rename_files", "site_files"]


def input_sha256(site: Site) -> str:
    """Return the hash of a resolved site and of the bytes of every file it names.

    Parameters
    ----------
    site
        A site as loaded; its origin says where its files are.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    SchemaError
        A file is missing or outside the folder of the site.
    """
    digests: dict[Path, str] = {}

    def digest(name: str, location: Location) -> str:
        path = site.origin.file(name, *location)
        if path not in digests:
            with path.open("rb") as file:
                digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return digests[path]

    content = rename_files(site, digest).model_dump(mode="json")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def site_files(site: Site) -> dict[str, Path]:
    """Return the files a site reads, by the name the site gives them, in the order of the site.

    Raises
    ------
    SchemaError
        A file is missing or outside the folder of the site.
    """
    files: dict[str, Path] = {}

    def note(name: str, location: Location) -> str:
        files[name] = site.origin.file(name, *location)
        return name

    rename_files(site, note)
    return files


def rename_files(site: Site, rename: Rename) -> Site:
    """Return the same site with every file name replaced by ``rename(name, location)``.

    Examples
    --------
    >>> from optmix.schema.demand import Demand
    >>> from optmix.schema.series import SeriesRef
    >>> demand = Demand(series=SeriesRef(file="demand.csv", column="demand_mw"))
    >>> _renamed(demand, ("demand",), lambda name, location: f"inputs/{name}").series.file
    'inputs/demand.csv'
    """
    renamed: Site = _renamed(site, (), rename)
    return renamed


def _renamed(value: Any, location: Location, rename: Rename) -> Any:
    """Walk a record, renaming the files in it; what names no file stays the same object."""
    if isinstance(value, tuple):
        return tuple(_renamed(item, (*location, i), rename) for i, item in enumerate(value))
    if not isinstance(value, Record):
        return value
    names = (
        ("file",)
        if isinstance(value, SeriesRef)
        else ("epw", "tmy3")
        if isinstance(value, Weather)
        else ()
    )
    update = {
        key: rename(item, (*location, key))
        if key in names and item is not None
        else _renamed(item, (*location, key), rename)
        for key in type(value).model_fields
        if (item := getattr(value, key)) is not None
    }
    return value.model_copy(update=update)
