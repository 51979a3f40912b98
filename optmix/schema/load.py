"""Read a site: from a file, with the catalog behind it, to a checked ``Site``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optmix.errors import InputError, OptmixWarning, Problem, SchemaError
from optmix.resources import SITE_FILE, resolve
from optmix.schema.document import names_in, read_document
from optmix.schema.merge import gathered_absences, merged_with_catalog
from optmix.schema.migrate import migrate
from optmix.schema.origin import Origin
from optmix.schema.overrides import override
from optmix.schema.site import Site
from optmix.schema.validation import validated

__all__ = ["load_site", "make_site"]


def load_site(path: str | Path, overrides: Mapping[str, object] | None = None) -> Site:
    """Read a site file.

    Parameters
    ----------
    path
        A TOML file, a JSON file, a folder with a ``site.toml``, or ``@family/name`` for an
        instance that ships with optmix.
    overrides
        Fields to set, by dotted key: ``{"demand.peak_mw": 20, "unit.g3520k.n_max": 3}``. A file
        named here by its absolute path may lie outside the folder of the site.

    Returns
    -------
    Site
        The site with every default filled in. Its ``origin`` knows the line of every field.

    Raises
    ------
    UnknownNameError
        No instance of that name is shipped.
    InputError
        The file cannot be read.
    MigrationError
        It was written for another version of optmix.
    SchemaError
        What it says is not valid; with everything that is wrong.

    Examples
    --------
    >>> load_site("@tutorial/one-engine").site.timezone
    'America/Chicago'
    """
    file = _site_file(resolve(path))
    document = read_document(file)
    origin = Origin(path=file, folder=file.parent, lines=document.lines)
    return make_site(document.values, origin, overrides)


def make_site(
    values: Mapping[str, Any],
    origin: Origin | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Site:
    """Make a site of the plain values of its file.

    Parameters
    ----------
    values
        What the file says.
    origin
        Where it came from, for messages and for finding its series.
    overrides
        As for ``load_site``.

    Raises
    ------
    MigrationError
        The values are of another version of optmix.
    SchemaError
        They are not valid; with everything that is wrong.
    """
    origin = origin or Origin()
    document, notes = migrate(values, where=origin.where("schema_version"))
    for note in notes:
        warnings.warn(note, OptmixWarning, stacklevel=3)
    changed = override(document, overrides or {})
    origin = Origin(
        path=origin.path,
        folder=origin.folder,
        lines=origin.lines,
        overrides=changed.keys,
        trusted=origin.trusted | changed.trusted,
    )
    filled, unfilled = merged_with_catalog(changed.values)
    site, faults = validated(Site, filled)
    faults = sorted(
        unfilled + gathered_absences(faults, unfilled),
        key=lambda fault: origin.line(*fault.location),
    )
    problems = changed.problems + [fault.problem(origin) for fault in faults]
    if site is None or problems:
        raise SchemaError(problems)
    return site.with_origin(origin)


def _site_file(path: Path) -> Path:
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):  # no path at all: reading it will say why
        is_folder = False
    if not is_folder:
        return path
    names = names_in(path)
    if SITE_FILE in names:
        return path / SITE_FILE
    others = [name for name in names if name.lower().endswith((".toml", ".json"))]
    raise InputError(
        Problem(
            what=f"this folder has no {SITE_FILE}",
            where=str(path),
            allowed=f"a site file, or a folder with a {SITE_FILE}",
            hint=f"it has {', '.join(others[:5])}" if others else "`optmix init DIR` writes one",
        )
    )
