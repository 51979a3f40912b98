"""Set single fields of a site from the command line or from Python: ``demand.peak_mw = 20``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optmix.errors import Problem, did_you_mean
from optmix.schema.origin import Location, dotted

__all__ = ["Overridden", "override"]

_PART = re.compile(r"""\.?(?:"([^"]+)"|'([^']+)'|([^.\[\]"']+))|\[(\d+)\]""")

_HINT = "the parts are the tables and keys of the site file, parted by points"
_FORM = 'keys such as demand.peak_mw, unit[0].n_max, unit.g3520k.n_max or rules."air.site-tpy".lane'


@dataclass
class Overridden:
    """A site with fields set, where they are, and which paths of files came with them."""

    values: dict[str, Any]
    keys: dict[Location, str] = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def override(values: Mapping[str, Any], changes: Mapping[str, object]) -> Overridden:
    """Return the plain values of a site with some fields set.

    Parameters
    ----------
    values
        The site. It is not changed.
    changes
        New values by dotted key. An element of a list is named by its number, or by its ``name``
        (that of a unit or battery is its ``technology`` unless it has one). A table that is not
        there is made.

    Examples
    --------
    >>> override({"unit": [{"technology": "j620", "n_max": 5}]}, {"unit.j620.n_max": 3}).values
    {'unit': [{'technology': 'j620', 'n_max': 3}]}
    """
    result = Overridden(values=deepcopy(dict(values)))
    for key, value in changes.items():
        try:
            location = _set(result.values, _parts(key), value)
        except _CannotSetError as error:
            result.problems.append(Problem(str(error), f"--set {key}", _FORM, error.hint))
        else:
            result.keys[location] = key
            result.trusted.update(_absolute_paths(value))
    return result


class _CannotSetError(Exception):
    def __init__(self, what: str, hint: str = _HINT) -> None:
        super().__init__(what)
        self.hint = hint


def _parts(key: str) -> list[str | int]:
    parts: list[str | int] = []
    at = 0
    while at < len(key):
        match = _PART.match(key, at)
        if match is None or (at == 0 and key[0] in ".["):
            raise _CannotSetError(f'"{key}" is no path of keys')
        at = match.end()
        parts.append(int(match[4]) if match[4] else match[1] or match[2] or match[3])
    if not parts:
        raise _CannotSetError("a key is missing")
    return parts


def _set(table: dict[str, Any], parts: list[str | int], value: object) -> Location:
    here: Any = table
    location: Location = ()
    for number, part in enumerate(parts):
        step = _step(here, part, location)
        location += (step,)
        if number == len(parts) - 1:
            here[step] = value
        elif isinstance(here, dict):
            here = here.setdefault(step, {})
        else:
            here = here[step]
    return location


def _step(here: object, part: str | int, location: Location) -> str | int:
    """Return the key or number that a part of the path means here."""
    if isinstance(here, dict) and isinstance(part, str):
        return part
    if not isinstance(here, list):
        kind = "table" if isinstance(part, str) else "list"
        raise _CannotSetError(f"{dotted(location)} is no {kind}")
    if isinstance(part, int):
        if part >= len(here):
            raise _CannotSetError(f"{dotted(location)} has {len(here)} elements, counted from 0")
        return part
    names = [_name(item) for item in here]
    if names.count(part) != 1:
        count = "no" if part not in names else "more than one"
        hint = did_you_mean(part, names) or f"it has {', '.join(filter(None, names)) or 'none'}"
        raise _CannotSetError(f'{dotted(location)} has {count} element named "{part}"', hint)
    return names.index(part)


def _name(item: object) -> str:
    if not isinstance(item, dict):
        return ""
    return str(item.get("name", item.get("technology", "")))


def _absolute_paths(value: object) -> Iterator[str]:
    if isinstance(value, str) and Path(value).is_absolute():
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _absolute_paths(inner)
