"""Assess a fleet on a site, or any system, by the engine that fits."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.data.build import build_case
from optmix.reliability.adequacy import ACCURACY, Adequacy
from optmix.reliability.deterministic import common_cause_floor_h, n_plus
from optmix.reliability.from_case import system_of
from optmix.reliability.result import Interval, ReliabilityResult
from optmix.reliability.standby import transient
from optmix.schema.site import Site
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.reliability.fleet import Fleet
    from optmix.reliability.system import System

__all__ = ["AssessMethod", "assess", "assess_system"]

AssessMethod = Literal["auto", "exact", "tables", "estimate", "simulate"]
"""``auto`` takes the engine that fits; ``exact`` refuses confidence intervals; ``tables`` ends with
what outage tables prove, which is a wide interval where there is storage; ``simulate`` is the plain
sequential simulation, which shares no code with the others."""

BUDGET_SLACK = 1e-9


def assess(
    fleet: Fleet,
    case: Case | Site,
    method: AssessMethod = "auto",
    *,
    accuracy: float | None = None,
    seed: int = 0,
    maintenance: Ints | None = None,
) -> ReliabilityResult:
    """Return the reliability of a fleet on a site.

    Parameters
    ----------
    fleet
        What is built.
    case
        The site, or its numbers.
    method
        ``auto`` takes the engine that fits; ``exact`` refuses confidence intervals; ``estimate``
        proves nothing of storage that tables do not tell; ``simulate`` is the plain sequential
        simulation.
    accuracy
        Relative width of an interval that is narrow enough; by default that of the site.
    seed
        Seed of simulations.
    maintenance
        Units of each type in planned maintenance in each step, shape (G, T); by default they are
        spread over the weeks with most to spare.

    Raises
    ------
    InputError
        The figures make no system.
    """
    if isinstance(case, Site):
        case = build_case(case)
    wanted = case.failures.accuracy_frac if accuracy is None else accuracy
    system = system_of(case, fleet, maintenance)
    found = assess_system(system, method, accuracy=wanted, seed=seed)
    warnings = (*found.warnings, *_warnings(system, fleet, case))
    return replace(found, warnings=warnings, n_plus_asked=case.failures.n_plus)


def assess_system(
    system: System,
    method: AssessMethod = "auto",
    *,
    accuracy: float = ACCURACY,
    seed: int = 0,
) -> ReliabilityResult:
    """Return the reliability of any system.

    Parameters
    ----------
    system
        Units, storage, common causes and demand.
    method
        As for :func:`assess`.
    accuracy
        Relative width of an interval that is narrow enough.
    seed
        Seed of simulations.
    """
    began = time.perf_counter()
    built = system.built()
    if built.storage or method == "simulate":
        from optmix.reliability.battery import assess_with_storage

        found = assess_with_storage(built, accuracy, seed=seed, method=method)
    else:
        found = _by_tables(built, accuracy)
    return replace(
        found,
        has_failure_data=built.can_fail,
        n_plus=n_plus(built),
        common_cause_floor_h=common_cause_floor_h(built),
        transient_h=transient(built).hours,
        relief_h=_relief_h(built, accuracy),
        seconds=time.perf_counter() - began,
    )


def _by_tables(system: System, accuracy: float) -> ReliabilityResult:
    found = Adequacy(system, accuracy).evaluate()
    loss, low, high = found.loss, found.low, found.high
    return ReliabilityResult(
        lole_h=Interval.between(loss.lole_low_h, loss.lole_high_h),
        eue_mwh=Interval.between(loss.eue_low_mwh, loss.eue_high_mwh),
        hours=system.hours,
        demand_mwh=system.demand_mwh,
        kind="exact" if loss.is_exact else "certified",
        method=found.how,
        seconds=0.0,
        lole_days=Interval.between(low.lole_days, high.lole_days),
        lolf_per_yr=Interval.exactly(low.lolf_per_yr) if loss.is_exact else None,
        grid_mw=found.grid_mw,
        truncated_probability=found.dropped,
    )


def _relief_h(system: System, accuracy: float) -> float | None:
    """Return the hours in which demand is given up, storage not counted; none without tiers."""
    if not system.relief_mw.any():
        return None
    return Adequacy(_without_relief(system), accuracy).loss().lole_high_h


def _without_relief(system: System) -> System:
    return replace(system.without_storage(), relief_mw=np.zeros(system.n_steps))


def _warnings(system: System, fleet: Fleet, case: Case) -> Iterator[str]:
    yield from fleet.beyond_offer(case)
    axis = case.axis
    for name, steps, factor in zip(
        axis.year_name, axis.year_steps.tolist(), axis.annual_factor.tolist(), strict=True
    ):
        if factor > 1:
            yield (
                f"the {steps * axis.step_h:,g} h of {name} stand for a year: hours and energy of "
                f"loss are {factor:.4g} times theirs"
            )
    yield from _missing_maintenance(system, case)
    if case.tiers and math.isfinite(float(min(tier.budget_mwh.min() for tier in case.tiers))):
        yield from _overdrawn_tiers(system, case)


def _missing_maintenance(system: System, case: Case) -> Iterator[str]:
    """Say which units do not get their planned maintenance within the limits of the site."""
    if case.maintenance_mode != "scheduled":
        return
    axis = case.axis
    _, first = np.unique(axis.week, return_index=True)
    factor = axis.annual_factor[axis.year[first]]
    for unit, built in zip(case.units, system.units, strict=False):
        done_h = HOURS_PER_WEEK * float(factor @ built.in_maintenance[first])
        need_h = unit.planned_outage_h * built.count * axis.n_years
        if done_h < need_h * (1 - BUDGET_SLACK):
            yield (
                f"{unit.name} gets {done_h:,.0f} h of its {need_h:,.0f} h of planned maintenance; "
                "raise max_units_in_maintenance, or close fewer weeks"
            )


def _overdrawn_tiers(system: System, case: Case) -> Iterator[str]:
    """Say where shortages take more of flexible demand than its yearly budget."""
    gross = Adequacy(_without_relief(system)).loss().eue_high_mwh
    net = Adequacy(system.without_storage()).loss().eue_low_mwh
    budget = math.fsum(float(case.axis.probability @ tier.budget_mwh) for tier in case.tiers)
    if gross - net > budget:
        yield (
            f"shortages take {gross - net:,.3g} MWh a year of flexible demand, more than its "
            f"budget of {budget:,.3g} MWh; loss of load is higher than stated"
        )
