"""A reliability target with any method that solves a case in one piece.

Fleets that miss the target are left out one after the other. The bound is that of the last model
from which only fleets were left out that are proven to miss it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from optmix.reliability.fleet import Fleet
from optmix.solve.outcome import Status
from optmix.solve.target_rows import add_to_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model
    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal
    from optmix.solve.proposal import Proposal
    from optmix.solve.target_check import TargetCheck

__all__ = ["Conditions", "solve_to_target"]

UNDECIDED = "no fleet was found whose reliability is surely within the target"


@dataclass
class Conditions:
    """What a target adds to the model of all steps.

    Attributes
    ----------
    planes, refusals
        Proven conditions on sizes.
    doubtful
        Planes that fleets are only guessed to lie above.
    fleet, weeks
        A fleet to operate with maintenance in given weeks, shape (G, K), where that is decided.
    """

    planes: list[Plane]
    refusals: list[Refusal] = field(default_factory=list)
    doubtful: list[Plane] = field(default_factory=list)
    fleet: Fleet | None = None
    weeks: Ints | None = None

    def add_to(self, m: Model, case: Case) -> None:
        """Add them to a model."""
        add_to_model(m, case, [*self.planes, *self.doubtful], self.refusals)
        if self.fleet is not None and self.weeks is not None:
            for g, unit in enumerate(case.units):
                _hold(m.n_units[unit.name], self.fleet.units[unit.name])
                for k in m.WEEKS if unit.name in m.MAINTAINED else []:
                    _hold(m.in_maintenance[unit.name, k], int(self.weeks[g, k]))
            for item in case.batteries:
                _hold(m.n_modules[item.name], self.fleet.modules[item.name])


def _hold(variable: Expr, value: float) -> None:
    # A fixed variable would have no column, and a plan is read off columns.
    variable.setlb(value)
    variable.setub(value)


def solve_to_target(
    case: Case, check: TargetCheck, solve: Callable[[Conditions], Proposal]
) -> Proposal:
    """Solve a case again and again, until its plan meets the target.

    Parameters
    ----------
    case
        The site as numbers.
    check
        The target.
    solve
        Solves the case under conditions on its sizes.
    """
    conditions = Conditions(check.planes())
    bound_usd: float | None = None
    missed: list[Fleet] = []
    while True:
        proposal = solve(conditions)
        if not conditions.doubtful and proposal.bound_usd is not None:
            bound_usd = proposal.bound_usd
        if proposal.plan is None:
            if conditions.doubtful and proposal.status is Status.INFEASIBLE:
                proposal = replace(proposal, status=Status.NO_PLAN, reason=UNDECIDED)
            return replace(proposal, bound_usd=bound_usd)
        fleet = Fleet.of_plan(proposal.plan, case)
        if check.is_met_by(proposal.plan):
            return replace(proposal, bound_usd=bound_usd)
        found = check.refuse(fleet)
        conditions.refusals.extend(found)
        if not found:
            weeks = check.target.best_weeks(fleet)
            if check.is_met(fleet, weeks):
                held = solve(replace(conditions, fleet=fleet, weeks=weeks))
                if held.plan is not None:
                    return replace(held, bound_usd=bound_usd)
            check.target.disappointed(fleet)
            plane = check.target.guess(fleet)
            # A fleet on the very edge of a plane stays within the tolerance of the solver.
            if plane is None or fleet in missed:
                return replace(proposal, plan=None, status=Status.NO_PLAN, reason=UNDECIDED)
            missed.append(fleet)
            conditions.doubtful.append(plane)
