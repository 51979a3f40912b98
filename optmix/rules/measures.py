"""What several rules read off a plan or a case, with numpy and without the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_YEAR, LB_PER_SHORT_TON

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.schema.operation import Pollutant

__all__ = [
    "capability_at_peak_mw",
    "emitted_tpy",
    "full_load_mmbtu_per_h",
    "has_on_site_units",
    "mean_demand_mw",
    "peak_demand_mw",
    "potential_tpy_of_one",
    "ready_mw",
    "unit_hours",
    "withdrawal_available_mw",
]


def peak_demand_mw(case: Case) -> float:
    """Return the largest demand of any operating year."""
    return float(case.demand_mw.max())


def mean_demand_mw(case: Case) -> float:
    """Return the mean demand of an average year: operating years count by their probability."""
    return float(np.average(case.demand_mw, weights=case.axis.hours_per_year))


def has_on_site_units(case: Case) -> bool:
    """Return whether any thermal unit may be built."""
    return any(unit.n_max > 0 for unit in case.units)


def capability_at_peak_mw(case: Case, unit: UnitType) -> float:
    """Return what one unit can give in the step of highest demand."""
    return float(unit.pmax_mw[int(np.argmax(case.demand_mw))])


def withdrawal_available_mw(case: Case, plan: Plan) -> Floats:
    """Return what the contract lets a plan import in each step. Shape (T,)."""
    if case.grid is None:
        return np.zeros(case.axis.n_steps)
    return np.asarray(plan.withdrawal_mw * case.grid.availability)


def ready_mw(case: Case, plan: Plan) -> Floats:
    """Return headroom, battery cover and what fast tiers could still curtail. Shape (T,)."""
    ready = np.array(plan.cover_mw.sum(axis=0), dtype=np.float64)
    for row, unit in enumerate(case.units):
        ready += unit.pmax_mw * plan.online[row] - plan.output_mw[row]
    for row, tier in enumerate(case.tiers):
        if tier.is_fast:
            ready += tier.limit_mw - plan.curtailed_mw[row]
    return ready


def emitted_tpy(case: Case, plan: Plan, pollutant: Pollutant) -> Floats:
    """Return what is emitted in each operating year, in short tons. Shape (Y,)."""
    lb = np.zeros(case.axis.n_steps)
    for row, unit in enumerate(case.units):
        lb += case.axis.step_h * unit.lb_per_mwh.get(pollutant, 0.0) * plan.output_mw[row]
        lb += case.axis.step_h * unit.lb_per_mmbtu.get(pollutant, 0.0) * plan.fuel_mmbtu_per_h[row]
        lb += unit.lb_per_start.get(pollutant, 0.0) * plan.starts[row]
    by_year = np.bincount(case.axis.year, weights=lb, minlength=case.axis.n_years)
    return np.asarray(by_year * case.axis.annual_factor / LB_PER_SHORT_TON)


def potential_tpy_of_one(unit: UnitType, pollutant: Pollutant) -> float:
    """Return what one unit could emit at full load throughout a year, in short tons."""
    lb_per_h = unit.lb_per_mwh.get(pollutant, 0.0) * unit.rating_mw
    lb_per_h += unit.lb_per_mmbtu.get(pollutant, 0.0) * full_load_mmbtu_per_h(unit)
    return lb_per_h * HOURS_PER_YEAR / LB_PER_SHORT_TON


def full_load_mmbtu_per_h(unit: UnitType) -> float:
    """Return what one unit burns at full load at ISO conditions, MMBtu/h (HHV)."""
    burned = unit.segment_alpha_mmbtu_per_h + unit.segment_beta_mmbtu_per_mwh * unit.net_rating_mw
    return float(np.max(burned))


def unit_hours(case: Case, online: Ints) -> Floats:
    """Return the hours of units online in each operating year, scaled to a year.

    Shape
    -----
    ``online`` has one number a step, the hours one a year.
    """
    axis = case.axis
    steps = np.bincount(axis.year, weights=online, minlength=axis.n_years)
    return np.asarray(steps * axis.step_h * axis.annual_factor)
