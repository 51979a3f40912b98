"""Weights by step that come from the calendar: energization of the tie, coincident hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.series import Quantity

if TYPE_CHECKING:
    import datetime as dt

    from optmix.data.arrays import Floats
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.schema.grid import CoincidentPeak, Grid
    from optmix.schema.origin import Location

__all__ = ["coincident_weight", "energized"]

CATCH_PROBABILITY = Quantity("chance of a coincident peak", 0.0, 1.0)


def energized(grid: Grid, operation_start: dt.date | None, steps: Steps) -> Floats:
    """Return 1 from the energization date on and 0 before it. Shape (n,).

    The first step stands for ``operation_start``, by default for its own local date, and the
    steps after it for the days after that.

    Parameters
    ----------
    grid
        The tie.
    operation_start
        Calendar day that the first step stands for.
    steps
        Steps of the operating year.
    """
    if grid.energization_date is None:
        return np.ones(steps.n)
    local = steps.local().tz_localize(None)
    day = np.asarray(local.as_unit("s"), dtype="datetime64[D]")
    start = day[0] if operation_start is None else np.datetime64(operation_start, "D")
    meant = start + (day - day[0])
    return np.asarray(meant >= np.datetime64(grid.energization_date, "D"), dtype=np.float64)


def coincident_weight(
    charge: CoincidentPeak | None, location: Location, reader: SeriesReader, steps: Steps
) -> Floats:
    """Return the weight of each step in the billed coincident import. Shape (n,).

    Weights add up to 1 over the year, or are all 0 where it has no candidate hour. Candidates are
    the declared clock hours of the declared months, all alike, unless a series gives the chance of
    each step.

    Raises
    ------
    SchemaError, SeriesError
        If that series cannot be read.
    """
    if charge is None:
        return np.zeros(steps.n)
    if charge.catch_probability is not None:
        at = (*location, "catch_probability")
        weight = reader.on(steps, charge.catch_probability, at, CATCH_PROBABILITY)
    else:
        local = steps.local()
        in_months = np.isin(np.asarray(local.month), charge.months)
        in_hours = np.isin(np.asarray(local.hour), charge.hours)
        weight = (in_months & in_hours).astype(np.float64)
    total = float(weight.sum())
    return weight / total if total > 0 else weight
