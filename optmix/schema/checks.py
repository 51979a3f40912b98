"""Everything that must hold between the fields of a site, each check with one home.

A field on its own is checked by its type. A check here sees valid records only: those of one kind,
wherever they stand in the site, or several tables together. It yields faults and never raises, so
that a user sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from optmix.errors import Problem
from optmix.schema.base import Record
from optmix.schema.check_equipment import (
    check_battery,
    check_choice,
    check_sources,
    check_thermal,
)
from optmix.schema.check_site import (
    check_coincident_peak,
    check_demand,
    check_emission_limit,
    check_grid,
    check_maintenance,
    check_pue,
    check_reliability,
    check_rules,
    check_standing,
    check_time,
    check_timezone,
    check_weather,
)
from optmix.schema.check_together import (
    check_diesel,
    check_names,
    check_operating_years,
    check_some_source,
    check_step_of_years,
    check_stock_names,
    check_tier_names,
    check_ties_of_years,
    check_what_fails,
)
from optmix.schema.demand import Demand, Pue
from optmix.schema.fault import Fault
from optmix.schema.grid import CoincidentPeak, Grid
from optmix.schema.operation import EmissionLimit, Maintenance
from optmix.schema.origin import Location
from optmix.schema.series import SeriesRef
from optmix.schema.site import BatteryChoice, Site, UnitChoice
from optmix.schema.surroundings import Place, Time, Weather
from optmix.schema.targets import CommonCauseTable, Reliability, Rules
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

__all__ = ["check_site", "faults_of_record", "faults_together", "records_in"]

RECORD_CHECKS: tuple[tuple[tuple[type[Record], ...], Callable[[Any], Iterator[Fault]]], ...] = (
    ((ThermalTechnology,), check_thermal),
    ((BatteryTechnology,), check_battery),
    ((ThermalTechnology, BatteryTechnology), check_sources),
    ((UnitChoice, BatteryChoice), check_choice),
    ((Place, SeriesRef), check_timezone),
    ((Time,), check_time),
    ((Demand,), check_demand),
    ((Pue,), check_pue),
    ((Weather,), check_weather),
    ((Grid,), check_grid),
    ((CoincidentPeak,), check_coincident_peak),
    ((Maintenance,), check_maintenance),
    ((EmissionLimit,), check_emission_limit),
    ((Reliability,), check_reliability),
    ((CommonCauseTable, Grid), check_standing),
    ((Rules,), check_rules),
)
"""Kinds of records, and what must hold within each of them."""

CHECKS_TOGETHER: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Fault]]], ...] = (
    (("unit", "battery"), check_names),
    (("demand",), check_tier_names),
    (("fuel_stock",), check_stock_names),
    (("unit", "battery", "grid"), check_some_source),
    (("unit", "fuel_stock"), check_diesel),
    (("operating_year",), check_operating_years),
    (("time", "operating_year"), check_step_of_years),
    (("grid", "operating_year"), check_ties_of_years),
    (("unit", "battery", "grid", "reliability"), check_what_fails),
)
"""Fields of a site, and what must hold between them."""


def check_site(site: Site) -> list[Problem]:
    """Return everything that is wrong between the fields of a site.

    ``load_site`` has done this. It is for a site that was made in Python.
    """
    parts = {name: getattr(site, name) for name in Site.model_fields}
    faults = [*faults_of_record(site), *faults_together(parts)]
    return [fault.problem(site.origin) for fault in faults]


def faults_of_record(record: Record) -> Iterator[Fault]:
    """Check a record and all records in it, each on its own."""
    for location, part in records_in(record):
        for kinds, check in RECORD_CHECKS:
            if isinstance(part, kinds):
                for fault in check(part):
                    yield fault.under(location)


def faults_together(parts: Mapping[str, Any]) -> Iterator[Fault]:
    """Check the tables of a site against each other, as far as they are given.

    Parameters
    ----------
    parts
        Valid fields of a site, by name.
    """
    for names, check in CHECKS_TOGETHER:
        if all(name in parts for name in names):
            yield from check(*(parts[name] for name in names))


def records_in(record: Record, location: Location = ()) -> Iterator[tuple[Location, Record]]:
    """Yield a record and all records in it, each with its path of keys.

    Examples
    --------
    >>> from optmix.schema.operation import Emissions
    >>> [location for location, _ in records_in(Emissions())]
    [(), ('nox',), ('co',), ('voc',), ('co2',)]
    """
    yield location, record
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Record):
            yield from records_in(value, (*location, name))
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Record):
                    yield from records_in(item, (*location, name, number))
        elif isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, Record):
                    yield from records_in(item, (*location, name, key))
