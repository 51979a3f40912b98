"""Find the field that was meant by a key nobody knows."""

from __future__ import annotations

from optmix.errors import did_you_mean
from optmix.schema.describe import Node, fields_at, places_of
from optmix.schema.fault import Fault
from optmix.schema.origin import Location, legible
from optmix.schema.unit_suffix import conversion_hint, stem

__all__ = ["unknown_key"]

MOST_NAMED = 20
"""Longer lists of fields hide what matters."""

_SYNONYMS = {
    "batteries": "battery",
    "capacity_mw": "rating_mw",
    "cost_of_capital": "wacc",
    "discount_rate": "wacc",
    "elevation": "altitude_m",
    "elevation_m": "altitude_m",
    "engine": "unit",
    "engines": "unit",
    "gas": "fuel",
    "generator": "unit",
    "generators": "unit",
    "lat": "latitude",
    "load": "demand",
    "location": "site",
    "lon": "longitude",
    "lng": "longitude",
    "power_mw": "rating_mw",
    "storage": "battery",
    "temperature_c": "temp_c",
    "turbine": "unit",
    "turbines": "unit",
    "tz": "timezone",
    "utility": "grid",
}
"""Words of other tools, and the field that holds the same here."""


def unknown_key(root: Node, location: Location) -> Fault:
    """Say that a key is unknown, and which one was probably meant.

    Parameters
    ----------
    root
        Schema of the whole record.
    location
        Place of the key.
    """
    *parents, last = location
    name = str(last)
    known = tuple(fields_at(root, tuple(parents)))
    return Fault(
        location=location,
        what=f'unknown key "{legible(name)}"',
        allowed=_known_fields(known),
        hint=_same_in_another_unit(name, known)
        or _known_elsewhere(root, name, tuple(parents))
        or _synonym(name, known)
        or did_you_mean(name, known)
        or "leave it out, or see whether it belongs to another table",
    )


def _known_fields(known: tuple[str, ...]) -> str:
    if len(known) <= MOST_NAMED:
        return ", ".join(known)
    return f"one of {len(known)} fields; `optmix schema site` lists them with their units"


def _same_in_another_unit(name: str, known: tuple[str, ...]) -> str:
    meant = [field for field in known if stem(field) == stem(name)]
    if not meant:
        return ""
    conversions = {conversion_hint(name, field) for field in meant} - {""}
    names = " or ".join(f'"{field}"' for field in meant[:3])
    return f"did you mean {names}?" + "".join(f" ({text})" for text in sorted(conversions))


def _known_elsewhere(root: Node, name: str, parents: Location) -> str:
    places = places_of(root, name)
    if not places:
        return ""
    shown = [f"in {place}" if place else "at the top of the file" for place in places[:3]]
    hint = f'"{name}" belongs {" or ".join(shown)}'
    if "" in places and parents:
        hint += "; a key belongs to the table whose header stands above it"
    return hint


def _synonym(name: str, known: tuple[str, ...]) -> str:
    meant = _SYNONYMS.get(name.lower())
    return f'did you mean "{meant}"?' if meant in known else ""
