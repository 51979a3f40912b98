"""The limits of a site beside its plan: what is used, what is left, what more would be worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InputError
from optmix.explain.levers import loosened, named
from optmix.explain.prices import TIGHT
from optmix.explain.records import LimitUse
from optmix.rules.in_force import ready_case
from optmix.rules.measures import potential_tpy_of_one
from optmix.solve.elastic import worth_usd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.explain.levers import Lever
    from optmix.explain.session import Session
    from optmix.explain.subject import Subject

__all__ = ["limit_uses"]

EQUATIONS: Final = {
    "RES-1": ("security.loss_of_unit", "reserve for the loss of one unit"),
    "RES-2": ("security.loss_of_grid", "reserve for the loss of the grid"),
    "RES-3": ("security.swing_mw", "what meets a load step"),
}
"""Equations whose least margin is told, with the field that asks for them."""


def limit_uses(
    session: Session, subject: Subject, levers: Sequence[Lever], lp_time_s: float | None
) -> Iterator[LimitUse]:
    """Yield every limit with its use by the plan and its worth, those that bind first.

    Parameters
    ----------
    session
        Clock.
    subject
        A solved site.
    levers
        Its limits.
    lp_time_s
        Time for each of the two relaxed programs that tell what limits are worth.
    """
    numbers = [each for each in levers if each.is_number and each.relations is not None]
    free = _worth(session, subject, numbers, lp_time_s, has_fixed_sizes=False)
    fixed = _worth(session, subject, numbers, lp_time_s, has_fixed_sizes=True)
    used = _used(subject)
    found = []
    for lever in numbers:
        use = used.get(lever.field)
        if lever.field.endswith("n_min") or lever.field == "security.swing_mw":
            continue  # told as what is used of n_max, and by the margin of RES-3
        left = None if use is None else lever.now - use
        found.append(
            LimitUse(
                field=lever.field,
                what=lever.what,
                unit=lever.unit,
                limit=lever.now,
                used=use,
                margin=left,
                binds=left is not None and left <= TIGHT * max(1.0, abs(lever.now)),
                worth_usd=free.get(lever.field),
                worth_fixed_usd=fixed.get(lever.field),
            )
        )
    found += _reserves(subject)
    yield from sorted(found, key=lambda each: (not each.binds, -abs(each.worth_usd or 0.0)))


def _worth(
    session: Session,
    subject: Subject,
    levers: Sequence[Lever],
    lp_time_s: float | None,
    *,
    has_fixed_sizes: bool,
) -> dict[str, float]:
    """Return the worth of each limit; nothing where the relaxed program was not solved in time."""
    how = "sizes of the plan" if has_fixed_sizes else "free sizes"
    session.begin(f"marginal values, {how}")
    try:
        loose = ready_case(loosened(subject.site, levers))
    except InputError:
        return {}
    sizes = _sizes(subject) if has_fixed_sizes else None
    limit = min((s for s in (lp_time_s, session.left_s) if s is not None), default=None)
    gives = [each.give() for each in levers]
    return worth_usd(loose, gives, sizes, time_limit_s=limit) or {}


def _sizes(subject: Subject) -> dict[tuple[str, str], float]:
    plan, case = subject.plan, subject.case
    if plan is None:
        return {}
    sizes: dict[tuple[str, str], float] = {}
    for unit, count in zip(case.units, plan.units.tolist(), strict=True):
        sizes["n_units", unit.name] = count
    for item, count in zip(case.batteries, plan.modules.tolist(), strict=True):
        sizes["n_modules", item.name] = count
    if case.grid is not None:
        sizes["withdrawal_mw", "grid"] = plan.withdrawal_mw
    return sizes


def _used(subject: Subject) -> dict[str, float]:
    """Return what the plan uses of each limit, by field; of some that is not told."""
    case, plan = subject.case, subject.plan
    if plan is None:
        return {}
    used = {"demand.peak_mw": subject.site.demand.peak_mw or float(case.demand_mw.max())}
    for row, unit in enumerate(case.units):
        used[named("unit", unit.name, "n_max")] = float(plan.units[row])
        out = float(plan.in_maintenance[row].max(initial=0))
        used[named("unit", unit.name, "max_units_in_maintenance")] = out
    for row, item in enumerate(case.batteries):
        used[named("battery", item.name, "n_max")] = float(plan.modules[row])
    used["grid.withdrawal_max_mw"] = plan.withdrawal_mw
    used["grid.export_max_mw"] = float(plan.export_mw.max(initial=0.0))
    used |= _emitted(subject, plan) | _gas(case, plan) | _stocks(case, plan) | _tiers(subject, plan)
    return used


def _emitted(subject: Subject, plan: Plan) -> dict[str, float]:
    used = {}
    by_year = subject.verification.emissions_by_year_tpy if subject.verification else {}
    for budget in subject.case.emissions:
        q = budget.pollutant
        amount = max((year[q] for year in by_year.values()), default=math.nan)
        if budget.is_potential:
            one = [potential_tpy_of_one(unit, q) for unit in subject.case.units]
            amount = float(np.dot(one, plan.units)) if one else 0.0
        used[f"emissions.{q}.cap_tpy"] = amount
    return used


def _gas(case: Case, plan: Plan) -> dict[str, float]:
    flow: Floats = np.zeros(case.axis.n_steps)
    for row, unit in enumerate(case.units):
        if unit.fuel == "natural_gas":
            flow = flow + plan.fuel_mmbtu_per_h[row]
    for row, stock in enumerate(case.stocks):
        if stock.fuel == "natural_gas":
            flow = flow - plan.withdrawn_mmbtu_per_h[row]
    by_day = np.bincount(case.axis.day, weights=flow) * case.axis.step_h
    return {
        "fuel.mdq_mmbtu_per_day": float(by_day.max()),
        "fuel.hourly_max_mmbtu_per_h": float(flow.max()),
    }


def _stocks(case: Case, plan: Plan) -> dict[str, float]:
    used = {}
    for row, stock in enumerate(case.stocks):
        most = {
            "capacity_mmbtu": plan.content_mmbtu[row].max(),
            "withdrawal_max_mmbtu_per_h": plan.withdrawn_mmbtu_per_h[row].max(),
            "refill_max_mmbtu_per_day": 24.0 * plan.refill_mmbtu_per_h[row].max(),
        }
        for field, amount in most.items():
            used[named("fuel_stock", stock.name, field)] = float(amount)
    return used


def _tiers(subject: Subject, plan: Plan) -> dict[str, float]:
    case, used = subject.case, {}
    for row, tier in enumerate(case.tiers):
        hours = subject.site.demand.flexible[row].hours_per_year
        mwh = np.bincount(case.axis.year, weights=plan.curtailed_mw[row]) * case.axis.step_h
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.nan_to_num(mwh * case.axis.annual_factor / tier.budget_mwh)
        key = named("demand.flexible", tier.name, "hours_per_year")
        used[key] = float(share.max()) * hours
    return used


def _reserves(subject: Subject) -> Iterator[LimitUse]:
    margins = subject.verification.margins if subject.verification else {}
    for equation, (field, what) in EQUATIONS.items():
        margin = margins.get(equation)
        if margin is not None and math.isfinite(margin.slack):
            told = f"{what} ({margin.subject})" if margin.subject else what
            binds = margin.slack <= TIGHT * max(1.0, float(subject.case.demand_mw.max()))
            yield LimitUse(
                field=field, what=told, unit=margin.unit, margin=margin.slack, binds=binds
            )
