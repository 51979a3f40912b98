"""What a plan could supply in each step, and where that is tightest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.plan_io import frame_to_plan

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.report.files import Report

__all__ = ["Capability", "capability_of"]


@dataclass(frozen=True, eq=False)
class Capability:
    """What could be supplied in one operating year, batteries not counted.

    Attributes
    ----------
    mw
        All units not in maintenance at the temperature of the step, and the grid. Shape (n,).
    demand_mw
        Gross demand. Shape (n,).
    """

    mw: Floats
    demand_mw: Floats

    @property
    def tightest(self) -> int:
        """The step of the year in which least is left above demand."""
        return int(np.argmin(self.mw - self.demand_mw))

    @property
    def margin_mw(self) -> float:
        """What is left then; batteries serve what is missing."""
        return float((self.mw - self.demand_mw).min())


def capability_of(report: Report) -> list[Capability]:
    """Return the capability in each operating year of a plan; none without a plan."""
    result, case = report.result, report.case
    if result.mix is None or result.dispatch is None:
        return []
    plan = frame_to_plan(result.dispatch, result.mix, case)
    total_mw = np.zeros(case.axis.n_steps)
    for row, unit in enumerate(case.units):
        total_mw += unit.pmax_mw * (plan.units[row] - plan.in_maintenance[row])
    if case.grid is not None:
        total_mw += case.grid.availability * plan.withdrawal_mw
    steps = [case.axis.steps_of_year(year) for year in range(case.axis.n_years)]
    return [Capability(total_mw[s.start : s.stop], case.demand_mw[s.start : s.stop]) for s in steps]
