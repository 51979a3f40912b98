"""The reliability of the plan that a solve returns, and what one unit fewer would mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.reliability.assess import assess
from optmix.reliability.fleet import Fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.standby import transient
from optmix.schema.result import OneFewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.data.reliability import LossLimit
    from optmix.reliability.target import SizingTarget
    from optmix.schema.result import ReliabilitySummary

__all__ = ["reliability_of_plan"]


def reliability_of_plan(case: Case, plan: Plan, seed: int) -> ReliabilitySummary:
    """Return the reliability of a plan, with its own weeks of maintenance.

    Without a target, storage is told by its bounds from tables alone: what lies between them takes
    minutes to tell, and nobody has asked for it. How long it took is a phase of the solve.
    """
    from optmix.reliability.target import SizingTarget

    fleet = Fleet.of_plan(plan, case)
    target = SizingTarget.of(case)
    beside: dict[str, Any] = {
        "seconds": None,
        "n_plus_asked": case.failures.n_plus,
        "transient_h": _transient_h(case, plan, fleet),
    }
    if target is None:
        found = assess(fleet, case, "tables", seed=seed, maintenance=plan.in_maintenance)
        return found.summary().model_copy(update=beside)
    _, first = np.unique(case.axis.week, return_index=True)
    verdict = target.assess(fleet, plan.in_maintenance[:, first])
    update = beside | {
        "target": _words(target.limit),
        "is_met": verdict.meets,
        "one_fewer": tuple(_one_fewer(target, fleet)),
    }
    return verdict.result.summary().model_copy(update=update)


def _transient_h(case: Case, plan: Plan, fleet: Fleet) -> float:
    """Return the hours between trips that nothing covers and other units, as the plan runs them."""
    system = system_of(case, fleet, plan.in_maintenance).built()
    online = dict(zip((unit.name for unit in case.units), plan.online, strict=True))
    rows = [online.get(unit.name, unit.available_count) for unit in system.units]
    shape = (len(rows), system.n_steps)
    return transient(system, np.array(rows, dtype=np.int64).reshape(shape)).hours


def _one_fewer(target: SizingTarget, fleet: Fleet) -> Iterator[OneFewer]:
    """Yield the fleet without one of each kind, with maintenance in its best weeks.

    With storage their loss is estimated: a proven interval takes up to a minute for each.
    """
    for name, count in fleet.units.items():
        if count > 0:
            yield _without_one(target, name, replace(fleet, units={**fleet.units, name: count - 1}))
    for name, count in fleet.modules.items():
        if count > 0:
            modules = {**fleet.modules, name: count - 1}
            yield _without_one(target, name, replace(fleet, modules=modules))


def _without_one(target: SizingTarget, name: str, fleet: Fleet) -> OneFewer:
    verdict = target.assess(fleet, target.best_weeks(fleet), "estimate")
    return OneFewer(
        name=name,
        lole_h=verdict.result.lole_h.value,
        eue_mwh=verdict.result.eue_mwh.value,
        is_met=verdict.meets,
    )


def _words(limit: LossLimit) -> str:
    """Return a target in words."""
    if limit.availability is not None:
        return f"available {100 * limit.availability:.10g} % of the time"
    if limit.lole_h is not None:
        return f"loss of load of {limit.lole_h:g} h a year"
    if limit.eue_mwh is not None:
        return f"unserved energy of {limit.eue_mwh:g} MWh a year"
    return f"unserved energy of {limit.eue_ppm:g} millionths of demand"
