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

__all__ = ["all_rows", "input_rows", "source_rows"]

Row = dict[str, Any]

MAIN_FIGURES = (
    *("rating_mw", "module_mw", "module_mwh", "heat_rate_mmbtu_per_mwh", "rte_frac"),
    *("capex_usd_per_kw", "capex_usd_per_kwh", "fom_usd_per_kw_yr", "vom_usd_per_mwh"),
    *("nox_lb_per_mwh", "forced_outage_frac", "mttr_h", "planned_outage_h"),
)
"""Figures of a unit or a module that are told first, with a source or without."""

RATES = frozenset({"nox_lb_per_mwh", "co_lb_per_mwh", "voc_lb_per_mwh", "co2_lb_per_mmbtu"})
"""Figures that an offer may lack without emitting nothing."""

NO_FIGURES = frozenset({"source", "name", "model", "vendor", "technology", "kind"})

OF_THE_SITE = frozenset({"n_min", "n_max", "scarcity_usd_per_yr", "emission_controls"})
"""What a site says of an offer; no source of the catalog covers that."""

LISTED_APART = frozenset({"unit", "battery", "solve", "name", "description", "schema_version"})
"""Parts of a site that the table of inputs leaves to others."""

COUNTS = frozenset({"n_min", "n_max", "n_plus", "max_units_in_maintenance"})

WITHOUT_UNIT = "plain number"
"""Stands where a unit would: seeds and versions have none."""


def input_rows(site: Site) -> list[Row]:
    """Return the fields of a site that were given, as name, value and unit."""
    return [row for row in all_rows(site) if row["name"].partition(".")[0] not in LISTED_APART]


def all_rows(site: Site) -> list[Row]:
    """Return every field of a site, those of each unit and battery by its name."""
    return [*_fields(site, "")]


def _fields(record: BaseModel, path: str) -> Iterator[Row]:
    for name, value in record:
        where = f"{path}{name}"
        if name == "source" or value is None or value == ():
            continue
        if isinstance(value, SeriesRef):
            yield _row(where, name, f"{value.file}, column {value.column}")
        elif isinstance(value, BaseModel):
            yield from _fields(value, f"{where}.")
        elif isinstance(value, tuple) and isinstance(value[0], BaseModel):
            for number, item in enumerate(value):
                yield from _fields(item, f"{where}.{getattr(item, 'name', number)}.")
        elif isinstance(value, dict):
            yield from (_row(f"{where}.{key}", str(key), item) for key, item in value.items())
        else:
            yield _row(where, name, value)


def _row(where: str, name: str, value: object) -> Row:
    return {"name": where, "value": _shown(value), "unit": _unit(where, name, value)}


def _unit(where: str, name: str, value: object) -> str:
    """Return the unit of a value; that of counts is what is counted."""
    if name in COUNTS:
        return "modules" if where.startswith("battery.") else "units"
    unit = unit_of(name)
    first = value[0] if isinstance(value, tuple) else value
    is_number = isinstance(first, int | float) and not isinstance(first, bool)
    if unit is None:
        return WITHOUT_UNIT if is_number else ""
    return "share" if unit == "1" else unit


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
    kind = "unit" if isinstance(offer, UnitChoice) else "battery"
    for name in dict.fromkeys((*main, *type(offer).model_fields)):
        value = getattr(offer, name, None)
        if value is None and name in RATES:
            told = {"name": name, "value": "not known", "unit": unit_of(name)}
            yield told | {"ref": "counted as 0", "confidence": ""}
        if name in NO_FIGURES or value is None or value == ():
            continue
        default = None if name in OF_THE_SITE else offer.source.get("default")
        source = offer.source.get(name) or default
        yield {
            **_row(f"{kind}.{offer.name}.{name}", name, value),
            "name": name,
            "ref": source.ref if source else "the site, or a default",
            "confidence": source.confidence if source else "",
        }
