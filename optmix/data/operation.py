"""How the plant must be run, with every default resolved: reserve, maintenance, emissions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, get_args

import numpy as np

from optmix.data.case import EmissionBudget, SecurityPolicy
from optmix.schema.operation import Pollutant
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.axis import Axis
    from optmix.data.equipment import GridTie
    from optmix.schema.operation import Emissions, Maintenance, Security

__all__ = [
    "blackout_weeks",
    "emission_budgets",
    "has_import",
    "maintenance_mode",
    "security_policy",
]

SHORTEST_SCHEDULE_H = 4 * HOURS_PER_WEEK
"""A schedule by week means nothing on a horizon of fewer weeks than this."""


def has_import(grid: GridTie | None) -> bool:
    """Return whether the site can import in any step."""
    return grid is not None and grid.withdrawal_max_mw > 0 and bool(grid.availability.any())


def security_policy(security: Security, grid: GridTie | None) -> SecurityPolicy:
    """Return which reserve equations hold.

    By default an islanded site rides through the loss of a unit, and a site with a tie through the
    loss of the tie. A tie that is not available in any step leaves the site islanded.

    Parameters
    ----------
    security
        The table ``[security]``.
    grid
        The tie, if there is one.
    """
    is_tied = has_import(grid)
    by_unit = not is_tied if security.loss_of_unit is None else security.loss_of_unit
    by_grid = True if security.loss_of_grid is None else security.loss_of_grid
    return SecurityPolicy(
        loss_of_unit=by_unit,
        loss_of_grid=by_grid and is_tied,
        swing_mw=security.swing_mw,
        bridge_h=security.bridge_h,
    )


def maintenance_mode(maintenance: Maintenance, axis: Axis) -> str:
    """Return the mode; ``scheduled`` gives way to ``derate`` below four weeks."""
    shortest_h = float(axis.year_steps.min()) * axis.step_h
    if maintenance.mode == "scheduled" and shortest_h < SHORTEST_SCHEDULE_H:
        return "derate"
    return maintenance.mode


def blackout_weeks(maintenance: Maintenance, axis: Axis) -> NDArray[np.bool_]:
    """Return whether each maintenance week is closed to planned outages. Shape (K,).

    Weeks are counted from 1 in each operating year. The last block holds the rest of the year, so
    the number after it means that block too.
    """
    closed = np.zeros(len(axis.week_year), dtype=np.bool_)
    for year in range(axis.n_years):
        weeks = np.flatnonzero(axis.week_year == year)
        has_rest = axis.year_steps[year] * axis.step_h > len(weeks) * HOURS_PER_WEEK
        for number in maintenance.blackout_weeks:
            if number <= len(weeks):
                closed[weeks[number - 1]] = True
            elif number == len(weeks) + 1 and has_rest:
                closed[weeks[-1]] = True
    return closed


def emission_budgets(emissions: Emissions) -> tuple[EmissionBudget, ...]:
    """Return cap and price of every pollutant, those without either included."""
    budgets = []
    pollutants: tuple[Pollutant, ...] = get_args(Pollutant)
    limits = (emissions.nox, emissions.co, emissions.voc, emissions.co2)
    for pollutant, limit in zip(pollutants, limits, strict=True):
        budgets.append(
            EmissionBudget(
                pollutant=pollutant,
                cap_tpy=math.inf if limit.cap_tpy is None else limit.cap_tpy,
                is_potential=limit.basis == "pte",
                price_usd_per_ton=limit.price_usd_per_ton,
            )
        )
    return tuple(budgets)
