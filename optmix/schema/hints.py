"""What to do about a value that is not allowed, guessed from the value and from what is allowed."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping

from optmix.errors import did_you_mean
from optmix.schema.base import LARGEST
from optmix.schema.describe import TABLES
from optmix.schema.origin import Location, dotted
from optmix.schema.unit_suffix import unit_of

__all__ = ["absence_hint", "length_hint", "size_hint", "value_hint"]

EXAMPLE = "`optmix init DIR` writes a site to compare with"

_NUMBER_WITH_UNIT = re.compile(r"\s*([-+]?[\d.,_]+(?:[eE][-+]?\d+)?)\s*(\D*?)\s*")

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9 ._+-]+")


def absence_hint(place: Location, allowed: str) -> str:
    """Return how to add what is missing.

    Examples
    --------
    >>> absence_hint(("site", "latitude"), "a number from -90 to 90")
    'add latitude = … (degree)'
    """
    name = str(place[-1])
    if allowed in {"a table", TABLES}:
        header = f"[{dotted(place)}]" if allowed == "a table" else f"[[{dotted(place)}]]"
        return f"add a table {header}; {EXAMPLE}"
    value = allowed if allowed.isdigit() else "…"
    unit = unit_of(name)
    return f"add {name} = {value}" + (f" ({unit})" if unit not in {None, "1"} else "")


def length_hint(value: object) -> str:
    """Return what to do about a text or a list of the wrong length."""
    if isinstance(value, str):
        return "shorten it" if value else "write at least one letter"
    return "see whether a value is missing or stands twice"


def size_hint(name: str, value: float) -> str:
    """Return what to do about a number that is too large, too small or no number.

    Examples
    --------
    >>> size_hint("peak_mw", 1e300)
    'check the unit: peak_mw is in MW'
    """
    if not isinstance(value, int) and not math.isfinite(value):
        return "write a plain number; where there is no limit, leave the key out"
    match unit_of(name):
        case None:
            return "check the sign and the number of digits"
        case "1":
            return f"check the unit: {name} is a fraction"
        case unit:
            return f"check the unit: {name} is in {unit}"


def value_hint(name: str, value: object, allowed: str) -> str:
    """Return what to do about a value of the wrong kind.

    Parameters
    ----------
    name
        The key, without the number of an element.
    value
        What stands there.
    allowed
        What may stand there, as ``describe`` says it.

    Examples
    --------
    >>> value_hint("altitude_m", "872 m", "a number")
    'a number stands alone: 872; its unit stands in the name of the field'
    """
    if allowed == "true or false":
        return "true and false are written in lower case and without quotes"
    if allowed == TABLES:
        return f"a list of tables has double brackets: [[{name}]]"
    if allowed == "a table":
        return f"this table stands once, with single brackets: [{name}]"
    if "number" in allowed:
        return _number_hint(name, value, allowed)
    if "date" in allowed:
        is_date = isinstance(value, dt.date)
        return "check the year" if is_date else "a date has hyphens and no quotes: 2029-01-01"
    return _text_hint(name, value, allowed)


def _number_hint(name: str, value: object, allowed: str) -> str:
    is_count = allowed.startswith("a whole number")
    plain = "a whole number, such as 12" if is_count else "a plain number, such as 12.5"
    match value:
        case str() if match := _NUMBER_WITH_UNIT.fullmatch(value):
            note = "; its unit stands in the name of the field" if match[2] else " without quotes"
            return f"a number stands alone: {match[1].replace(',', '')}{note}"
        case bool() | str() | dt.date() | dt.time():
            return f"write {plain}, without quotes"
        case float() if is_count and abs(value) <= LARGEST:
            return _count_hint(value)
        case int() | float():
            return size_hint(name, value)
    return f"write {plain}, not a {'table' if isinstance(value, Mapping) else 'list'}"


def _count_hint(value: float) -> str:
    if value.is_integer():
        return f"a count has no decimal point: {value:.0f}"
    return f"round it to {math.floor(value)} or {math.ceil(value)}"


def _text_hint(name: str, value: object, allowed: str) -> str:
    if not isinstance(value, str):
        return f'text stands in quotes: {name} = "…"'
    near = did_you_mean(value, re.findall(r'"([^"]+)"', allowed))
    if near:
        return near
    if "letters" in allowed:
        return _plain_name_hint(value)
    return "write it as one of those that are allowed" if '"' in allowed else EXAMPLE


def _plain_name_hint(value: str) -> str:
    """Return a name like the one given that keeps to plain letters."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    tidy = _NOT_IN_NAMES.sub("-", plain[:80]).strip(" ._+-")
    return f'for example "{tidy}"' if tidy else 'plain letters from a to z, for example "site-1"'
