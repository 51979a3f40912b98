"""Demand at the site bus: a series, IT load times PUE, or a synthetic profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.equipment import FlexibleTier
from optmix.data.profiles import profile_shape
from optmix.data.series import Quantity
from optmix.errors import Problem, SeriesError

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.axis import Axis
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.schema.demand import Demand, Pue
    from optmix.schema.demand import FlexibleTier as Tier
    from optmix.schema.origin import Location
    from optmix.schema.series import SeriesRef

__all__ = ["demand_mw", "demand_series", "flexible_tiers", "pue_ratio"]

GROSS = Quantity("demand in MW", lowest=0.0)
IT_LOAD = Quantity("IT load in MW", lowest=0.0)


def demand_series(demand: Demand) -> tuple[SeriesRef, str] | None:
    """Return the series that a demand is read from and its key, if it is read from one."""
    if demand.series is not None:
        return demand.series, "series"
    if demand.it_series is not None:
        return demand.it_series, "it_series"
    return None


def demand_mw(
    demand: Demand, location: Location, reader: SeriesReader, steps: Steps, temp_c: Floats
) -> Floats:
    """Return gross demand on the steps of an operating year. Shape (n,).

    A series of gross demand is taken as it is; a series of IT load is multiplied by the PUE of
    each step; so is a profile where a PUE is given. ``peak_mw`` is the largest value of what is
    multiplied: of the profile, or of the series, which is scaled to it over the horizon.

    Parameters
    ----------
    demand
        The table ``[demand]``.
    location
        Where it stands in the site.
    reader
        Reads the files of the site.
    steps
        Steps of the operating year.
    temp_c
        Ambient temperature of each step. Shape (n,).

    Units: MW.

    Raises
    ------
    SchemaError
        If the series is not there.
    SeriesError
        If it cannot be read, is negative, or has no peak to scale.
    """
    named = demand_series(demand)
    if named is None:
        load = (demand.peak_mw or 0.0) * profile_shape(demand.profile or "flat", demand.seed, steps)
    else:
        ref, key = named
        quantity = GROSS if key == "series" else IT_LOAD
        load = reader.on(steps, ref, (*location, key), quantity)
        load = _scaled(load, demand.peak_mw, ref.file, ref.column)
    if demand.pue is None:
        return load
    return load * pue_ratio(demand.pue, temp_c)


def _scaled(load: Floats, peak_mw: float | None, file: str, column: str) -> Floats:
    if peak_mw is None:
        return load
    largest = float(load.max())
    if largest <= 0:
        raise SeriesError(
            Problem(
                what=f'column "{column}" is zero throughout and cannot be scaled to {peak_mw:g} MW',
                where=file,
                allowed="a series with a value above 0",
                hint="leave out peak_mw, or correct the series",
            )
        )
    return load * (peak_mw / largest)


def pue_ratio(pue: Pue, temp_c: Floats) -> Floats:
    """Return the power usage effectiveness at each temperature. Shape as ``temp_c``.

    It is ``base`` up to ``start_temp_c`` and rises by ``rise_per_c`` above, up to ``largest``.
    """
    rise = pue.rise_per_c * np.maximum(0.0, temp_c - pue.start_temp_c)
    return np.asarray(np.minimum(pue.base + rise, pue.largest), dtype=np.float64)


def flexible_tiers(
    tiers: tuple[Tier, ...], demand_mw: Floats, axis: Axis
) -> tuple[FlexibleTier, ...]:
    """Return the demand that may be curtailed: limits by step, budgets by operating year.

    The budget is ``hours_per_year`` of full curtailment at the peak demand of the year.

    Parameters
    ----------
    tiers
        What the site offers.
    demand_mw
        Gross demand. Shape (T,).
    axis
        Steps of all operating years.
    """
    peak = np.maximum.reduceat(demand_mw, axis.year_first)
    return tuple(
        FlexibleTier(
            name=tier.name,
            limit_mw=tier.frac * demand_mw,
            cost_usd_per_mwh=tier.cost_usd_per_mwh,
            budget_mwh=tier.hours_per_year * tier.frac * peak,
            is_fast=tier.is_fast,
        )
        for tier in tiers
    )
