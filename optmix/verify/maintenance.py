"""Planned maintenance, by week.

MNT-1  ``annual factor * sum over weeks of 168 * m >= planned_outage_h * n`` in each operating year
MNT-2  ``m <= max_units_in_maintenance``, and none in a black-out week
MNT-3  the number in maintenance is the same throughout a week
MNT-4  none in maintenance where maintenance is not scheduled
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_WEEK
from optmix.verify.horizon import annual_factor, part_max, part_sum
from optmix.verify.rows import Rows
from optmix.verify.tolerances import EXACT, HOURS_FLOOR, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.axis import Axis
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["maintenance"]


def maintenance(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of MNT-1 to MNT-4."""
    for g, unit in enumerate(case.units):
        per_step = plan.in_maintenance[g].astype(np.float64)
        if case.maintenance_mode == "scheduled":
            yield from _scheduled(case, unit, float(plan.units[g]), per_step)
        else:
            yield Rows.at_most(
                "MNT-4",
                "units in maintenance although it is not scheduled",
                "units",
                per_step,
                0.0,
                EXACT,
                subject=unit.name,
            )


def _scheduled(case: Case, unit: UnitType, count: float, per_step: Floats) -> Iterator[Rows]:
    week = case.axis.week
    most, least = part_max(week, per_step), -part_max(week, -per_step)
    yield Rows.at_most(
        "MNT-1",
        "less planned maintenance than the units need",
        "h",
        unit.planned_outage_h * count,
        _hours_by_year(case.axis, least),
        allowance(HOURS_FLOOR, unit.planned_outage_h * count),
        subject=unit.name,
        part_of_step=case.axis.year,
    )
    allowed = np.where(case.is_blackout_week, 0.0, unit.max_units_in_maintenance)
    yield Rows.at_most(
        "MNT-2",
        "more units in maintenance than the week allows",
        "units",
        most,
        allowed,
        EXACT,
        subject=unit.name,
        part_of_step=week,
    )
    yield Rows.equal(
        "MNT-3",
        "the number in maintenance changes within a week",
        "units",
        most[week],
        least[week],
        EXACT,
        subject=unit.name,
    )


def _hours_by_year(axis: Axis, per_week: Floats) -> Floats:
    year_of_week = part_max(axis.week, axis.year.astype(np.float64)).astype(np.int64)
    return np.asarray(annual_factor(axis) * part_sum(year_of_week, HOURS_PER_WEEK * per_week))
