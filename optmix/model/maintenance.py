"""Planned maintenance: units out by week.

Docs: docs/model/maintenance.md

Adds   in_maintenance[g,k]
Needs  sizing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add the weeks of the window and the units out in each of them.

    Without scheduled maintenance there are no weeks, so nothing is ever out. The yearly need is
    stated only for years that the window covers whole; otherwise it links windows.
    """
    axis = case.axis
    is_scheduled = case.maintenance_mode == "scheduled"
    weeks = window.weeks if is_scheduled else []
    served = [g for g in m.UNITS if m.unit[g].planned_outage_h > 0]
    m.WEEKS = pyo.Set(initialize=weeks)
    m.MAINTAINED = pyo.Set(initialize=served if is_scheduled else [])
    m.WHOLE_YEARS = pyo.Set(initialize=window.whole_years)
    m.week_of = axis.week.tolist()
    m.annual_factor = axis.annual_factor.tolist()
    m.weeks_of_year = {y: [k for k in weeks if axis.week_year[k] == y] for y in range(axis.n_years)}
    whole = pyo.NonNegativeIntegers if m.formulation.integer_commitment else pyo.NonNegativeReals
    m.in_maintenance = pyo.Var(
        m.MAINTAINED,
        m.WEEKS,
        within=whole,
        bounds=lambda m, g, k: (
            0,
            0 if case.is_blackout_week[k] else m.unit[g].max_units_in_maintenance,
        ),
    )


def planned_outage_done(m: Model, g: str, y: int) -> Expr:
    r"""MNT-1  Every unit gets its planned outage hours within the year.

    A horizon shorter than a year stands for it, by the annual factor :math:`a_y`.

    .. math:: \sum_{k \in y} m_{g,k} \ge \frac{H^{plan}_g}{168\, a_y}\, n_g

    Over: MAINTAINED x WHOLE_YEARS.  Units: unit-weeks.
    """
    out = sum(m.in_maintenance[g, k] for k in m.weeks_of_year[y])
    need_weeks = m.unit[g].planned_outage_h / (HOURS_PER_WEEK * m.annual_factor[y])
    return out >= need_weeks * m.n_units[g]


def out_within_fleet(m: Model, g: str, k: int) -> Expr:
    r"""MNT-2  No more units are in planned maintenance than are built.

    COM-1 implies it; stated without operation it holds where sizes are decided alone.

    .. math:: m_{g,k} \le n_g

    Over: MAINTAINED x WEEKS.  Units: units.
    """
    return m.in_maintenance[g, k] <= m.n_units[g]


CONCEPT = Concept(
    name="maintenance",
    declare=declare,
    equations=(
        Equation("MNT-1", ("MAINTAINED", "WHOLE_YEARS"), planned_outage_done),
        Equation("MNT-2", ("MAINTAINED", "WEEKS"), out_within_fleet),
    ),
)
