r"""What units must give on average: storage shifts energy, and makes none.

Storage ends each operating year as it began it, so what serves load over the year comes from units
and the tie. With :math:`w_g` the mean capacity of one unit that is neither on forced outage nor in
planned maintenance,

.. math:: \sum_g w_g n_g \ge \bar L - \bar U

where the mean load is lowered by what may go unserved: the target itself if that is energy, else
the highest loads for as many hours as the target allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.fleet import GRID

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.reliability.system import System
    from optmix.reliability.weeks import Calendar

__all__ = ["EnergyRow", "energy_row"]

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class EnergyRow:
    """Mean capacity that counts must reach.

    Attributes
    ----------
    mean_mw
        Of one unit of each class, 0 for storage. Shape (K,).
    least_mw
        What all together reach at least, the tie not counted.
    """

    mean_mw: Floats
    least_mw: float


def energy_row(
    system: System, n_types: int, calendar: Calendar, limit: float, *, is_hours: bool
) -> EnergyRow:
    """Return the mean capacity that every fleet within a target has.

    Parameters
    ----------
    system
        Unit types first, then the tie if there is one, then anything else; none in maintenance.
    n_types
        Number of unit types.
    calendar
        Weeks of planned maintenance, and what units need of them.
    limit
        Most loss, in hours or MWh.
    is_hours
        Whether hours are counted, else energy.
    """
    hours = system.hours_per_year
    mean_mw = np.zeros(len(system.units))
    tie_mwh = 0.0
    for k, unit in enumerate(system.units):
        energy_mwh = hours * unit.capacity_mw * (1.0 - unit.unavailable_frac)
        if k < n_types:
            planned_mwh = _planned_mwh(energy_mwh, calendar, calendar.weeks_per_unit[k])
            mean_mw[k] = max(0.0, float(energy_mwh.sum()) - planned_mwh) / system.hours
        elif unit.name == GRID:
            tie_mwh += float(energy_mwh.sum())
    unserved_mwh = _highest_mwh(system, limit) if is_hours else limit
    least_mwh = float(hours @ system.load_mw) * (1.0 - ROUNDING) - unserved_mwh - tie_mwh
    return EnergyRow(mean_mw, max(0.0, least_mwh / system.hours))


def _planned_mwh(energy_mwh: Floats, calendar: Calendar, weeks: Floats) -> float:
    """Return the least that planned maintenance of one unit takes: its weeks at the worst one."""
    by_week = np.bincount(calendar.block, energy_mwh, calendar.n_blocks)
    found = 0.0
    for year, needed in enumerate(weeks.tolist()):
        is_open = calendar.is_open & (calendar.year == year)
        if needed > 0 and is_open.any():
            found += needed * float(by_week[is_open].min())
    return found


def _highest_mwh(system: System, hours: float) -> float:
    """Return the energy of the highest loads that last some hours."""
    order = np.argsort(-system.load_mw)
    lasts = system.hours_per_year[order]
    taken = np.clip(hours - (np.cumsum(lasts) - lasts), 0.0, lasts)
    return float(taken @ system.load_mw[order])
