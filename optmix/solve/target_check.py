"""The reliability target as methods of solving ask it: which fleets miss it, which plans do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InfeasibleError
from optmix.reliability.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct, UnitType
    from optmix.data.plan import Plan
    from optmix.data.reliability import LossLimit
    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal
    from optmix.reliability.target import SizingTarget

__all__ = ["TargetCheck", "fixed_usd"]


@dataclass(eq=False)
class TargetCheck:
    """A target that a solve is held to.

    Attributes
    ----------
    case, target
        The site, and what it asks for.
    refusals
        What was refused so far.
    """

    case: Case
    target: SizingTarget
    refusals: list[Refusal] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case, limit: LossLimit) -> TargetCheck:
        """Return the check of a target.

        Raises
        ------
        InfeasibleError
            Nothing on offer can meet it.
        """
        from optmix.reliability.target import SizingTarget

        target = SizingTarget(case, limit)
        reason = target.why_impossible()
        if reason is not None:
            raise InfeasibleError(reason)
        return cls(case, target)

    def planes(self) -> list[Plane]:
        """Return weighted sums that sizes must reach, weighted by what sizes cost a year.

        Raises
        ------
        InfeasibleError
            No fleet on offer reaches them.
        """
        found = self.target.planes(fixed_usd(self.case.units), fixed_usd(self.case.batteries))
        if any(np.isinf(plane.least) for plane in found):
            raise InfeasibleError("no fleet on offer meets the reliability target")
        return found

    def fleet(self, size: Callable[[str, str], float]) -> Fleet:
        """Return the fleet of sizes, asked for by the names of variables and their indices."""
        return Fleet(
            {unit.name: round(size("n_units", unit.name)) for unit in self.case.units},
            {item.name: round(size("n_modules", item.name)) for item in self.case.batteries},
            size("withdrawal_mw", "grid") if self.case.grid is not None else 0.0,
        )

    def refuse(self, fleet: Fleet) -> list[Refusal]:
        """Return proofs that a fleet misses the target, none if there is no proof."""
        found = self.target.refuse_all(fleet)
        self.refusals.extend(found)
        return found

    def is_met(self, fleet: Fleet, weeks: Ints) -> bool:
        """Return whether a fleet meets the target with maintenance in given weeks, shape (G, K)."""
        return self.target.meets(fleet, weeks)

    def is_met_by(self, plan: Plan) -> bool:
        """Return whether a plan meets the target."""
        _, first = np.unique(self.case.axis.week, return_index=True)
        return self.is_met(Fleet.of_plan(plan, self.case), plan.in_maintenance[:, first])


def fixed_usd(choices: tuple[UnitType, ...] | tuple[BatteryProduct, ...]) -> dict[str, float]:
    """Return what one unit or module costs a year without running."""
    return {item.name: item.capital_usd_per_yr + item.fom_usd_per_yr for item in choices}
