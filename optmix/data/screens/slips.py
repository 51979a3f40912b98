"""Values of the wrong scale: MW that are kW, degC that are degF, USD/MWh that are USD/kWh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import suspicious
from optmix.schema.series import SeriesRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["screen_slips"]

LARGEST_CAMPUS_MW, SMALLEST_CAMPUS_MW = 20_000.0, 0.05
HOT_MEDIAN_C, HOT_C, KELVIN_C = 50.0, 60.0, 200.0
DEAR_GAS_USD_PER_MMBTU = 50.0
USD_PER_KWH_MAX, CENTS_MEDIAN, CENTS_MAX = 2.0, 10.0, 50.0
SHORTEST_CONSTANT = 24
"""A series that does not change over so many steps was probably filled in, not measured."""


def screen_slips(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find values that are probably in another unit than the field says."""
    yield from _demand(site, case)
    yield from _temperature(site, case)
    yield from _prices(site, case)
    yield from _constants(site, case)


def _demand(site: Site, case: Case) -> Iterator[ScreenFinding]:
    peak = float(case.demand_mw.max())
    where = site.origin.where("demand")
    if peak > LARGEST_CAMPUS_MW:
        yield suspicious(
            f"peak demand is {peak:,.0f} MW", where, "a series in kW has factor = 0.001"
        )
    elif 0 < peak < SMALLEST_CAMPUS_MW:
        yield suspicious(f"peak demand is {peak:g} MW", where, "a series in GW has factor = 1000.0")


def _temperature(site: Site, case: Case) -> Iterator[ScreenFinding]:
    median, largest = float(np.median(case.temp_c)), float(case.temp_c.max())
    told = (
        f"ambient temperature has the median {median:.1f} and the largest value {largest:.1f} degC"
    )
    where = site.origin.where("weather")
    if median > KELVIN_C:
        yield suspicious(told, where, "this looks like kelvin; degC = K - 273.15")
    elif median > HOT_MEDIAN_C or largest > HOT_C:
        yield suspicious(told, where, "this looks like degF; degC = (degF - 32) / 1.8")


def _prices(site: Site, case: Case) -> Iterator[ScreenFinding]:
    gas = float(np.median(case.gas.price_usd_per_mmbtu))
    if gas > DEAR_GAS_USD_PER_MMBTU:
        yield suspicious(
            f"gas has the median price {gas:,.1f} USD/MMBtu",
            site.origin.where("fuel", "price_usd_per_mmbtu"),
            "prices are per MMBtu (HHV), not per MWh or per 1000 m3",
        )
    if case.grid is None or case.grid.withdrawal_max_mw == 0:
        return
    energy = case.grid.import_price_usd_per_mwh
    median, largest = float(np.median(energy)), float(energy.max())
    told = f"energy has the median price {median:.3g} and the largest {largest:.3g} USD/MWh"
    where = site.origin.where("grid", "energy_price")
    if 0 < largest <= USD_PER_KWH_MAX:
        yield suspicious(told, where, "prices in USD/kWh have factor = 1000.0")
    elif 0 < median <= CENTS_MEDIAN and largest <= CENTS_MAX:
        yield suspicious(told, where, "prices in cents per kWh have factor = 10.0")


def _constants(site: Site, case: Case) -> Iterator[ScreenFinding]:
    read: list[tuple[object, Floats, tuple[str, str]]] = [
        (site.demand.series or site.demand.it_series, case.demand_mw, ("demand", "series")),
        (site.weather.series, case.temp_c, ("weather", "series")),
        (
            site.fuel.price_usd_per_mmbtu,
            case.gas.price_usd_per_mmbtu,
            ("fuel", "price_usd_per_mmbtu"),
        ),
    ]
    if site.grid is not None and case.grid is not None:
        price = case.grid.import_price_usd_per_mwh
        read.append((site.grid.energy_price, price, ("grid", "energy_price")))
    for source, values, location in read:
        is_series = isinstance(source, SeriesRef) and len(values) >= SHORTEST_CONSTANT
        if is_series and float(np.ptp(values)) == 0:
            told = f"the series has the value {values[0]:g} in all {len(values):,} steps"
            yield suspicious(told, site.origin.where(*location))
