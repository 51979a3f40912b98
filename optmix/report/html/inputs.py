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

MAIN_FIGURES = (
    *("rating_mw", "module_mw", "module_mwh", "heat_rate_mmbtu_per_mwh", "rte_frac"),
    *("capex_usd_per_kw", "capex_usd_per_kwh", "fom_usd_per_kw_yr", "vom_usd_per_mwh"),
    *("nox_lb_per_mwh", "forced_outage_frac", "mttr_h", "planned_outage_h"),
)
"""Figures of a unit or a module that are told first, with a source or without."""

NO_FIGURES = frozenset({"source", "name", "model", "vendor", "technology", "kind"})

OF_THE_SITE = frozenset({"n_min", "n_max", "scarcity_usd_per_yr", "emission_controls"})
"""What a site says of an offer; no source of the catalog covers that."""

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
    figures = list(_offer_figures(offer))
    return {
        "name": offer.name,
        "model": offer.model,
        "vendor": offer.vendor,
        "n_max": offer.n_max,
        "is_unit": isinstance(offer, UnitChoice),
        "capex_usd_per_kw": offer.capex_usd_per_kw,
        "figures": figures,
        "unverified": sum(figure["confidence"] == "unverified" for figure in figures),
    }


def _offer_figures(offer: UnitChoice | BatteryChoice) -> Iterator[Row]:
    """Yield each figure of an offer with its unit and source, the main ones first.

    A figure without a source of its own has that of ``default``. A resolved site
    holds every default, so it cannot be told which of the others it gave.
    """
    main = [name for name in MAIN_FIGURES if name in type(offer).model_fields]
    for name in dict.fromkeys((*main, *type(offer).model_fields)):
        value = getattr(offer, name, None)
        if name in NO_FIGURES or value is None or value == ():
            continue
        default = None if name in OF_THE_SITE else offer.source.get("default")
        source = offer.source.get(name) or default
        yield {
            **_row(name, name, value),
            "ref": source.ref if source else "the site, or a default",
            "confidence": source.confidence if source else "",
        }
