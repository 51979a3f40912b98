"""Build the Case of a site: the one place where readings come together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.batteries import battery_product
from optmix.data.case import Case
from optmix.data.collect import Collector
from optmix.data.demand import demand_mw, demand_series, flexible_tiers
from optmix.data.events import event_steps
from optmix.data.fuel import delivered_prices, fuel_stocks, gas_supply
from optmix.data.grid import grid_tie
from optmix.data.notes import grid_notes, maintenance_notes, station_notes, unit_notes
from optmix.data.operation import (
    blackout_weeks,
    emission_budgets,
    maintenance_mode,
    security_policy,
)
from optmix.data.prices import gas_hub_price
from optmix.data.reliability import failure_data
from optmix.data.rule_table import rule_table
from optmix.data.series import SeriesReader
from optmix.data.timeline import lay_out, year_steps
from optmix.data.unit_types import Conditions, unit_type
from optmix.data.weather import Ambient, ambient
from optmix.data.years import year_inputs
from optmix.errors import Problem, SchemaError
from optmix.schema.checks import check_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.data.axis import Axis
    from optmix.data.timeline import Steps
    from optmix.data.years import YearInput
    from optmix.schema.site import Site

__all__ = ["build_case"]

Years = tuple[tuple["YearInput", "Steps"], ...]


def build_case(site: Site) -> Case:
    """Return the numbers of a site: every series read, every default resolved.

    Parameters
    ----------
    site
        The instance. Files are looked for where its origin says.

    Raises
    ------
    SchemaError
        If fields of the site contradict each other, or it names a file that is not there.
    SeriesError
        If series cannot be read or do not fit the horizon.
    InputError
        If there are problems of both kinds.
    """
    problems = check_site(site)
    if problems:
        raise SchemaError(problems)
    reader = SeriesReader(site.origin, site.site.timezone)
    found = Collector()
    years = _years(site, reader)
    axis = _axis(site, years)
    weather = [found.attempt(partial(_ambient, year, reader), _unknown(year[1])) for year in years]
    temp_c = np.concatenate([each.temp_c for each in weather])
    demand = _demand(years, [each.temp_c for each in weather], reader, found)
    gas = gas_supply(site.fuel, _gas_price(years, reader, found))
    grid = grid_tie(site.grid, site.site, years, reader, found) if site.grid else None
    events = event_steps(years, reader, found)
    found.raise_if_any()
    stocks = fuel_stocks(site.fuel_stock)
    mode = maintenance_mode(site.maintenance, axis)
    conditions = Conditions(
        place=site.site,
        step_h=axis.step_h,
        temp_c=temp_c,
        fuel_price_usd_per_mmbtu=delivered_prices(gas, stocks),
        planned_outage_derates=mode == "derate",
    )
    units = tuple(unit_type(unit, conditions) for unit in site.unit)
    wacc = site.site.wacc
    return Case(
        name=site.name,
        axis=axis,
        demand_mw=demand,
        temp_c=temp_c,
        units=units,
        batteries=tuple(battery_product(each, site.site, axis.step_h) for each in site.battery),
        grid=grid,
        tiers=flexible_tiers(site.demand.flexible, demand, axis),
        voll_usd_per_mwh=site.demand.voll_usd_per_mwh,
        gas=gas,
        stocks=stocks,
        security=security_policy(site.security, grid),
        maintenance_mode=mode,
        is_blackout_week=blackout_weeks(site.maintenance, axis),
        emissions=emission_budgets(site.emissions),
        warnings=(
            *station_notes(site, [each.station for each in weather]),
            *maintenance_notes(site, axis, mode),
            *grid_notes(site, axis, grid),
            *unit_notes(site, units),
        ),
        failures=failure_data(site),
        wacc=wacc,
        longitude=site.site.longitude,
        rules=rule_table(site),
        events=events,
    )


def _years(site: Site, reader: SeriesReader) -> Years:
    """Return inputs and steps of each operating year."""
    found = Collector()
    inputs = year_inputs(site)
    years = [(year, found.attempt(partial(_steps, year, reader), None)) for year in inputs]
    if any(steps is None for _, steps in years):
        # Nothing can be put on steps that are not known, but other files can be looked at too.
        for year in inputs:
            for ref, location in year.series():
                found.attempt(partial(reader.open, ref, location), None)
    found.raise_if_any()
    return tuple((year, steps) for year, steps in years if steps is not None)


def _steps(year: YearInput, reader: SeriesReader) -> Steps | None:
    stamps = None
    named = demand_series(year.demand.value)
    if named is not None:
        ref, key = named
        column = reader.open(ref, (*year.demand.location, key)).stamps
        stamps = column.start_utc if column is not None and column.kind == "instant" else None
    return year_steps(year.time.value, stamps, reader.timezone, reader.origin, year.time.location)


def _axis(site: Site, years: Years) -> Axis:
    lengths = {steps.step_s / 3600 for _, steps in years}
    if len(lengths) > 1:
        raise SchemaError(
            Problem(
                what=f"steps of {', '.join(f'{h:g}' for h in sorted(lengths))} h in one site",
                where=site.origin.where("operating_year"),
                allowed="one length of step in all operating years",
                hint="set step_h in [time]; series are averaged or held to it",
            )
        )
    return lay_out(
        [steps for _, steps in years],
        [year.name for year, _ in years],
        [year.probability for year, _ in years],
    )


def _ambient(year: tuple[YearInput, Steps], reader: SeriesReader) -> Ambient:
    weather = year[0].weather
    return ambient(weather.value, weather.location, reader, year[1])


def _unknown(steps: Steps) -> Ambient:
    return Ambient(np.zeros(steps.n), None)


def _demand(
    years: Years, temp_c: Sequence[Floats], reader: SeriesReader, found: Collector
) -> Floats:
    parts = []
    for (year, steps), temp in zip(years, temp_c, strict=True):
        at = year.demand
        reading = partial(demand_mw, at.value, at.location, reader, steps, temp)
        parts.append(found.attempt(reading, np.zeros(steps.n)))
    return np.concatenate(parts)


def _gas_price(years: Years, reader: SeriesReader, found: Collector) -> Floats:
    parts = []
    for year, steps in years:
        reading = partial(gas_hub_price, year.gas_price, reader, steps)
        parts.append(found.attempt(reading, np.zeros(steps.n)))
    return np.concatenate(parts)
