"""A plan to begin from: that of an earlier solve, of the same site or of one with other limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.plan_io import frame_to_plan
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import Result
    from optmix.solve.layout import Layout

__all__ = ["StartPlan"]


@dataclass(frozen=True, eq=False)
class StartPlan:
    """A plan near which a search begins.

    Attributes
    ----------
    plan
        The plan. It may break limits of the site.
    cost_usd
        What it costs here, by the verifier. None where it breaks a limit, and where a reliability
        target would first have to be assessed: then it is no plan of this site, only a hint.
    """

    plan: Plan
    cost_usd: float | None

    @classmethod
    def of(cls, case: Case, result: Result | None) -> StartPlan | None:
        """Return the plan of a result as one to begin from; none where there is none.

        Parameters
        ----------
        case
            The site to be solved.
        result
            That of a site with the same steps and the same choice of units.

        Raises
        ------
        InputError
            The result is of other steps or units.
        """
        if result is None or result.mix is None or result.dispatch is None:
            return None
        plan = frame_to_plan(result.dispatch, result.mix, case)
        told = verify_plan(case, plan)
        holds = not told.findings and case.failures.target is None
        return cls(plan, told.objective_usd if holds else None)

    def values(self, case: Case, layout: Layout, n_columns: int) -> Floats:
        """Return its whole numbers as values of a program's columns, NaN where none is known.

        Shape
        -----
        One value a column. What is continuous is left to the solver.
        """
        plan = self.plan
        _, first = np.unique(case.axis.week[layout.steps], return_index=True)
        names = [unit.name for unit in case.units]
        maintained = [names.index(name) for name in layout.maintained]
        known = {
            "n_units": plan.units,
            "is_present": plan.units > 0,
            "n_modules": plan.modules,
            "online": plan.online[:, layout.steps],
            "in_maintenance": plan.in_maintenance[maintained][:, layout.steps[first]],
        }
        found = np.full(n_columns, np.nan)
        for name, told in known.items():
            columns = layout.columns[name]
            if columns.size:
                has_column = columns >= 0
                found[columns[has_column]] = np.asarray(told, dtype=float)[has_column]
        return found
