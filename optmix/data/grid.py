"""The tie to the grid: prices, availability and charges by step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.equipment import GridTie
from optmix.data.finance import capital_charge_frac
from optmix.data.masks import coincident_weight, energized
from optmix.data.prices import energy_price
from optmix.data.series import Quantity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.data.collect import Collector
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.data.years import YearInput
    from optmix.schema.grid import Grid
    from optmix.schema.surroundings import Place

__all__ = ["grid_tie"]

AVAILABILITY = Quantity("share of the tie that is available", 0.0, 1.0)


def grid_tie(
    grid: Grid,
    place: Place,
    years: Sequence[tuple[YearInput, Steps]],
    reader: SeriesReader,
    found: Collector,
) -> GridTie:
    """Return the tie on all operating years.

    Parameters
    ----------
    grid
        The table ``[grid]``.
    place
        Cost of capital and the day that the first step stands for.
    years
        Inputs and steps of each operating year.
    reader
        Reads the files of the site.
    found
        Keeps the problems of series that cannot be read.
    """
    imports, exports, availability, coincident = [], [], [], []
    charge, charge_at = grid.coincident_peak, ("grid", "coincident_peak")
    for year, steps in years:
        zero = np.zeros(steps.n)
        imports.append(found.attempt(partial(energy_price, year.import_price, reader, steps), zero))
        exports.append(found.attempt(partial(energy_price, year.export_price, reader, steps), zero))
        available = partial(_availability, grid, place.operation_start, year, reader, steps)
        availability.append(found.attempt(available, zero))
        weight = partial(coincident_weight, charge, charge_at, reader, steps)
        coincident.append(found.attempt(weight, zero))
    charged = capital_charge_frac(place, grid.interconnection_life_yr)
    return GridTie(
        withdrawal_max_mw=grid.withdrawal_max_mw,
        withdrawal_min_mw=grid.withdrawal_min_mw,
        export_max_mw=grid.export_max_mw,
        availability=np.concatenate(availability),
        import_price_usd_per_mwh=np.concatenate(imports) + grid.energy_adder_usd_per_mwh,
        export_price_usd_per_mwh=np.concatenate(exports),
        demand_charge_usd_per_mw_month=grid.demand_charge_usd_per_mw_month,
        coincident_charge_usd_per_mw_yr=charge.charge_usd_per_mw_yr if charge else 0.0,
        coincident_weight=np.concatenate(coincident),
        capital_usd_per_mw_yr=grid.interconnection_usd_per_mw * charged,
        capital_fixed_usd_per_yr=grid.interconnection_fixed_usd * charged,
        security_carry_usd_per_mw_yr=grid.security_usd_per_mw * grid.security_carry_frac_per_yr,
        outages_per_year=grid.outages_per_year,
        outage_mean_h=grid.outage_mean_h,
        energization_date=grid.energization_date,
        operation_start=place.operation_start,
    )


def _availability(
    grid: Grid,
    operation_start: dt.date | None,
    year: YearInput,
    reader: SeriesReader,
    steps: Steps,
) -> Floats:
    mask = energized(grid, operation_start, steps)
    ref = year.availability.value
    if ref is None:
        return mask
    return mask * reader.on(steps, ref, year.availability.location, AVAILABILITY)
