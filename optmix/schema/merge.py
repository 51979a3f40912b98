"""Fill the units and batteries of a site with the figures of the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from optmix.errors import did_you_mean
from optmix.schema.catalog import load_technology, technology_ids
from optmix.schema.fault import Fault
from optmix.schema.origin import Location, legible
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

__all__ = ["gathered_absences", "merged_with_catalog"]

Table = Literal["unit", "battery"]

CUSTOM = "custom"
"""Name of a technology whose figures all stand in the site file."""

SITE_FILE_SOURCE = {"ref": "Given in the site file", "confidence": "unverified"}
"""Source of a figure that a site overrides without naming another."""


def merged_with_catalog(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a site whose units and batteries hold the figures of their technology.

    What the site gives itself goes before the catalog. An entry with ``from_catalog = false`` is
    left as it is.

    Returns
    -------
    tuple
        The site, and the faults of the entries that could not be filled.
    """
    site = dict(values)
    faults: list[Fault] = []
    tables: tuple[Table, ...] = ("unit", "battery")
    for table in tables:
        entries = site.get(table)
        if not isinstance(entries, list | tuple):  # the schema says so
            continue
        site[table] = list(entries)
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                filled, found = _filled(table, entry)
                site[table][number] = filled
                faults += (fault.under((table, number)) for fault in found)
    return site, faults


def gathered_absences(faults: Sequence[Fault], unfilled: Sequence[Fault]) -> list[Fault]:
    """Report what an entry lacks once, and not at all where its technology is the mistake.

    Parameters
    ----------
    faults
        Faults of the site after filling.
    unfilled
        Faults of the entries that could not be filled.
    """
    hopeless = {fault.location[:2] for fault in unfilled}
    lacking: dict[Location, list[Fault]] = {}
    rest = []
    for fault in faults:
        entry, field = fault.location[:2], fault.location[2:]
        if entry[:1] in {("unit",), ("battery",)} and fault.is_absence and field != ("n_max",):
            lacking.setdefault(entry, []).append(fault)
        else:
            rest.append(fault)
    for entry, absences in lacking.items():
        if entry not in hopeless:
            names = [str(fault.location[-1]) for fault in absences]
            rest.append(
                Fault(
                    entry,
                    f"this {entry[0]} lacks {', '.join(names)}",
                    allowed="every figure that has no default, or a technology of the catalog",
                    hint='technology = "…" with an id from `optmix list technologies`',
                )
            )
    return rest


def _filled(table: Table, entry: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    own = dict(entry)
    from_catalog = own.pop("from_catalog", True)
    if not isinstance(from_catalog, bool):
        place: Location = ("from_catalog",)
        fault = Fault(
            place,
            "from_catalog is no truth value",
            allowed="true or false",
            hint="true and false are written in lower case and without quotes",
        )
        return own, [fault]
    name = own.get("technology", CUSTOM)
    if not from_catalog or name == CUSTOM or not isinstance(name, str):
        return own, []
    if name not in technology_ids():
        return own, [_unknown(table, name)]
    technology = load_technology(name)
    if isinstance(technology, BatteryTechnology) != (table == "battery"):
        return own, [_misplaced(table, name)]
    return _over(technology, own), []


def _over(
    technology: ThermalTechnology | BatteryTechnology, own: Mapping[str, Any]
) -> dict[str, Any]:
    """Put what the site gives over the catalog, and say so where it changes a figure."""
    all_figures = technology.model_dump(mode="json", exclude={"source"})
    sources: dict[str, Any] = technology.model_dump(mode="json")["source"]
    for name, value in own.items():
        if name in all_figures and all_figures[name] != value:
            sources[name] = SITE_FILE_SOURCE
    figures = {name: all_figures[name] for name in technology.model_fields_set - {"source"}}
    given = own.get("source", {})
    if not isinstance(given, Mapping):  # the schema says so
        return {**figures, **own}
    return {**figures, **own, "source": {**sources, **given}}


def _unknown(table: Table, name: str) -> Fault:
    return Fault(
        ("technology",),
        f'the catalog has no technology "{legible(name)}"',
        allowed='an id from `optmix list technologies`, or "custom" with every figure given here',
        hint=did_you_mean(name, _ids(table))
        or did_you_mean(name.lower(), _ids(table))
        or f"ids of this kind: {', '.join(_ids(table))}",
    )


def _misplaced(table: Table, name: str) -> Fault:
    kind, home = ("battery", "[[battery]]") if table == "unit" else ("thermal unit", "[[unit]]")
    return Fault(
        ("technology",),
        f'"{name}" is a {kind} and stands under [[{table}]]',
        allowed=", ".join(_ids(table)),
        hint=f"put it under {home}",
    )


def _ids(table: Table) -> Iterator[str]:
    for name in technology_ids():
        if isinstance(load_technology(name), BatteryTechnology) == (table == "battery"):
            yield name
