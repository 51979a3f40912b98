"""Planned maintenance where no plan says when: units go out when most can be spared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case

__all__ = ["spread_maintenance"]


def spread_maintenance(case: Case, counts: Sequence[int]) -> Ints:
    """Return how many units of each type are in planned maintenance in each step.

    Every unit gets its planned hours in every operating year, in whole weeks, each in the week with
    the most capacity to spare when its turn comes; the largest units choose first.

    Parameters
    ----------
    case
        Weeks, black-out weeks and limits of each type.
    counts
        Units of each type.

    Returns
    -------
    numpy.ndarray
        Shape (G, T). Zeros where the site schedules no maintenance.
    """
    n_types, axis = len(case.units), case.axis
    out = np.zeros((n_types, len(axis.week_year)), dtype=np.int64)
    if case.maintenance_mode == "scheduled":
        spare_mw = _spare_mw(case, counts)
        for g in sorted(range(n_types), key=lambda g: -case.units[g].net_rating_mw):
            for year in range(axis.n_years):
                _place(case, g, counts[g], year, spare_mw, out)
    return np.asarray(out[:, axis.week].reshape(n_types, axis.n_steps))


def _spare_mw(case: Case, counts: Sequence[int]) -> Floats:
    """Return the least capacity over demand in each week, with all units. Shape (K,)."""
    capacity_mw = np.zeros(case.axis.n_steps)
    for unit, count in zip(case.units, counts, strict=True):
        capacity_mw += count * unit.pmax_mw
    spare_mw = np.full(len(case.axis.week_year), np.inf)
    np.minimum.at(spare_mw, case.axis.week, capacity_mw - case.demand_mw)
    return spare_mw


def _place(case: Case, g: int, count: int, year: int, spare_mw: Floats, out: Ints) -> None:
    """Give the units of one type their weeks of one year."""
    unit, axis = case.units[g], case.axis
    need = unit.planned_outage_h * count / (HOURS_PER_WEEK * float(axis.annual_factor[year]))
    weeks = np.flatnonzero((axis.week_year == year) & ~case.is_blackout_week)
    most = min(count, unit.max_units_in_maintenance)
    for _ in range(math.ceil(need - 1e-9)):
        free = weeks[out[g, weeks] < most]
        if not free.size:
            return  # as many as the site's own limits allow
        week = free[np.argmax(spare_mw[free])]
        out[g, week] += 1
        spare_mw[week] -= unit.net_rating_mw
