"""Which of the limits that a case has its plan comes up to.

A limit that never binds is left out of no test, yet none depends on it. These names tell how many
of the random cases would notice.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from decomposition.random_sites import TPY_OF_1_LB_PER_H

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.verify.check import Verification

    Floats = NDArray[np.float64]
    Found = Iterator[tuple[str, bool]]

__all__ = ["limits_reached"]

REACHED = 1e-3
"""A limit is reached where less than this share of it is left: a plan within the gap of the best
one may leave a little."""


def limits_reached(case: Case, plan: Plan, verification: Verification) -> dict[str, bool]:
    """Return whether the plan reaches each limit of the case; limits it has not are left out."""
    found: dict[str, bool] = {}
    for name, is_reached in chain(
        _budgets(case, plan),
        _fuel(case, plan),
        _units(case, plan),
        _storage(case, plan),
        _tie(case, plan),
        _emissions(case, plan, verification),
        _reserve(case, plan, verification),
    ):
        found[name] = found.get(name, False) or is_reached
    return found


def _reaches(used: Floats | float, limit: Floats | float) -> bool:
    """Whether anything that is used at all comes up to its limit."""
    amount = np.asarray(used, dtype=np.float64)
    is_used = amount > REACHED
    return bool((is_used & (amount >= np.asarray(limit) * (1.0 - REACHED))).any())


def _by_year(case: Case, by_step: Floats) -> Floats:
    axis = case.axis
    total = np.bincount(axis.year, weights=by_step, minlength=axis.n_years)
    return np.asarray(total * axis.step_h * axis.annual_factor)


def _budgets(case: Case, plan: Plan) -> Found:
    """Yield the annual budgets of operation."""
    for s, product in enumerate(case.batteries):
        if plan.modules[s]:
            most = product.cycles_per_year * product.usable_mwh * plan.modules[s]
            yield "battery cycles", _reaches(_by_year(case, plan.discharge_mw[s]), most)
    for j, tier in enumerate(case.tiers):
        used = _by_year(case, plan.curtailed_mw[j])
        yield "tier budget", _reaches(used, tier.budget_mwh)


def _emissions(case: Case, plan: Plan, verification: Verification) -> Found:
    for budget in case.emissions:
        if np.isfinite(budget.cap_tpy) and not budget.is_potential:
            tons = [year[budget.pollutant] for year in verification.emissions_by_year_tpy.values()]
            yield "cap on emissions", _reaches(np.array(tons), budget.cap_tpy)
        if np.isfinite(budget.cap_tpy) and budget.is_potential:
            ones = [
                u.rating_mw * u.lb_per_mwh.get(budget.pollutant, 0.0) * TPY_OF_1_LB_PER_H
                for u in case.units
            ]
            room = budget.cap_tpy - float(np.dot(ones, plan.units))
            more = [
                one for one, u, n in zip(ones, case.units, plan.units, strict=True) if n < u.n_max
            ]
            yield "cap on potential", bool(more) and room < max(more)


def _fuel(case: Case, plan: Plan) -> Found:
    burns_gas = np.array([unit.fuel == "natural_gas" for unit in case.units])
    gives_gas = np.array([stock.fuel == "natural_gas" for stock in case.stocks], dtype=np.bool_)
    flow = plan.fuel_mmbtu_per_h[burns_gas].sum(axis=0)
    flow = flow - plan.withdrawn_mmbtu_per_h[gives_gas].sum(axis=0)
    if np.isfinite(case.gas.hourly_max_mmbtu_per_h):
        yield "hourly gas limit", _reaches(flow, case.gas.hourly_max_mmbtu_per_h)
    if np.isfinite(case.gas.daily_max_mmbtu):
        by_day = np.bincount(case.axis.day, weights=flow) * case.axis.step_h
        yield "daily gas limit", _reaches(by_day, case.gas.daily_max_mmbtu)
    for r, stock in enumerate(case.stocks):
        is_drawn = plan.withdrawn_mmbtu_per_h[r].max() > REACHED
        content = plan.content_mmbtu[r]
        yield f"{stock.name} is drawn from", bool(is_drawn)
        yield (
            f"{stock.name} runs empty",
            bool(is_drawn and content.min() <= stock.min_content_mmbtu + REACHED),
        )


def _units(case: Case, plan: Plan) -> Found:
    before = np.array([case.axis.before(t) for t in range(case.axis.n_steps)])
    for g, unit in enumerate(case.units):
        online, starts, stops = plan.online[g], plan.starts[g], plan.stops[g]
        if unit.min_up_steps > 1:
            began = starts[_earlier(case, unit.min_up_steps)]
            yield "minimum up time", bool(((stops > 0) & (began > 0)).any())
        if unit.min_down_steps > 1:
            ended = stops[_earlier(case, unit.min_down_steps)]
            yield "minimum down time", bool(((starts > 0) & (ended > 0)).any())
        if unit.ramp_mw_per_step < unit.pmax_mw.max():
            rise = plan.output_mw[g] - plan.output_mw[g][before]
            stays = (online == online[before]) & (starts == 0) & (online > 0)
            yield "ramp", _reaches(np.abs(rise) * stays, unit.ramp_mw_per_step * online)
        if case.maintenance_mode == "scheduled" and unit.planned_outage_h > 0:
            yield "units in maintenance", bool(plan.in_maintenance[g].any())
    yield "units are started", bool(plan.starts.any())
    if case.voll_usd_per_mwh is not None:
        yield "load is not served", bool((plan.unserved_mw > REACHED).any())


def _earlier(case: Case, steps: int) -> NDArray[np.int64]:
    return np.array([case.axis.before(t, steps) for t in range(case.axis.n_steps)])


def _storage(case: Case, plan: Plan) -> Found:
    """Yield the ends of what batteries hold, and whether they carry energy over midnight."""
    new_day = np.flatnonzero(np.diff(case.axis.day) & (np.diff(case.axis.year) == 0))
    for s, product in enumerate(case.batteries):
        if plan.modules[s]:
            full = product.usable_mwh * plan.modules[s]
            soc, is_used = plan.soc_mwh[s], plan.discharge_mw[s].max() > REACHED
            floor = product.soc_min_frac * full
            if floor > 0:
                yield "least state of charge", bool(is_used and soc.min() <= floor + REACHED)
            yield (
                "most state of charge",
                bool(is_used and _reaches(soc, full * product.soc_max_frac)),
            )
            yield "energy kept over midnight", bool(is_used and (soc[new_day] > floor + 0.01).any())


def _tie(case: Case, plan: Plan) -> Found:
    tie = case.grid
    if tie is None:
        return
    yield "withdrawal in full", _reaches(plan.import_mw, plan.withdrawal_mw * tie.availability)
    if tie.demand_charge_usd_per_mw_month > 0:
        yield "monthly peak below withdrawal", _has_low_peak(case, plan)
    if tie.coincident_charge_usd_per_mw_yr > 0:
        is_counted = (tie.coincident_weight > 0) & (tie.availability > 0)
        most = plan.import_mw.max()
        is_less = plan.import_mw[is_counted] < most * (1.0 - REACHED)
        yield "import avoids the coincident peak", bool(most > REACHED and is_less.any())
    if tie.export_max_mw > 0:
        yield "export", bool((plan.export_mw > REACHED).any())


def _has_low_peak(case: Case, plan: Plan) -> bool:
    peaks = np.zeros(len(case.axis.month_label))
    np.maximum.at(peaks, case.axis.month, plan.import_mw)
    return bool(((peaks > REACHED) & (peaks < plan.withdrawal_mw * (1.0 - REACHED))).any())


def _reserve(case: Case, plan: Plan, verification: Verification) -> Found:
    policy = case.security
    for name, is_on in (
        ("RES-1", policy.loss_of_unit),
        ("RES-2", policy.loss_of_grid and bool((plan.import_mw > REACHED).any())),
        ("RES-3", policy.swing_mw > 0),
    ):
        if is_on:
            # Without units built there is none to lose.
            margin = verification.margins.get(name)
            yield name, margin is not None and margin.slack < REACHED
