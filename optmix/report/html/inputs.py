"""Inputs and their provenance, as rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from optmix.schema.series import SeriesRef
from optmix.schema.site import UnitChoice
from optmix.schema.unit_suffix import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.schema.site import BatteryChoice, Site

__all__ = ["input_rows", "source_rows"]

Row = dict[str, Any]

LISTED_APART = frozenset({"unit", "battery", "solve", "name", "description", "schema_version"})
"""Parts of a site that the table of inputs leaves to others."""


def input_rows(site: Site) -> list[Row]:
    """Return the fields of a site that were given, as name, value and unit."""
    return list(_fields(site, ""))


def _fields(record: BaseModel, path: str) -> Iterator[Row]:
    for name, value in record:
        where = f"{path}{name}"
        if where in LISTED_APART or value is None or value == ():
            continue
        if isinstance(value, SeriesRef):
            yield _row(where, name, f"{value.file}, column {value.column}")
        elif isinstance(value, BaseModel):
            yield from _fields(value, f"{where}.")
        elif isinstance(value, tuple) and isinstance(value[0], BaseModel):
            for number, item in enumerate(value):
                yield from _fields(item, f"{where}[{number}].")
        elif isinstance(value, dict):
            yield from (_row(f"{where}.{key}", str(key), item) for key, item in value.items())
        else:
            yield _row(where, name, value)


def _row(where: str, name: str, value: object) -> Row:
    return {
        "name": where,
        "value": _shown(value),
        "unit": "share" if unit_of(name) == "1" else unit_of(name) or "",
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return str(value)


def source_rows(site: Site) -> list[Row]:
    """Return each thing on offer with its main figures and where they come from."""
    return [*map(_offer, site.unit), *map(_offer, site.battery)]


def _offer(offer: UnitChoice | BatteryChoice) -> Row:
    sources = offer.source
    return {
        "name": offer.name,
        "model": offer.model,
        "vendor": offer.vendor,
        "n_max": offer.n_max,
        "is_unit": isinstance(offer, UnitChoice),
        "capex_usd_per_kw": offer.capex_usd_per_kw,
        "fom_usd_per_kw_yr": offer.fom_usd_per_kw_yr,
        "sources": [
            {"field": name, "ref": source.ref, "confidence": source.confidence}
            for name, source in sources.items()
        ],
        "unverified": sum(each.confidence == "unverified" for each in sources.values()),
    }
