"""Which parts of the model a case has, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from model.cases import make_axis, make_grid

if TYPE_CHECKING:
    from optmix.data.case import Case

__all__ = ["features"]

NO_TIE = make_grid(make_axis())


def features(case: Case) -> dict[str, bool]:
    """Return whether a case has each part of the model; every case tells the same names."""
    found: dict[str, bool] = {}
    for part in (_of_time, _of_units, _of_fuel, _of_storage, _of_grid, _of_policy):
        found |= part(case)
    return found


def _of_time(case: Case) -> dict[str, bool]:
    axis = case.axis
    local = pd.DatetimeIndex(axis.start_utc).tz_localize("UTC").tz_convert(axis.timezone)
    offsets = {(int(y), moment.utcoffset()) for y, moment in zip(axis.year, local, strict=True)}
    years = axis.n_years
    return {
        "2 operating years": years == 2,
        "3 operating years": years == 3,
        "years of unlike length": len(set(axis.year_steps.tolist())) > 1,
        "steps under 1 h": axis.step_h < 1.0,
        "steps over 1 h": axis.step_h > 1.0,
        "a month ends": len(axis.month_label) > years,
        "clocks change": len(offsets) > years,
        "does not start at midnight": bool((axis.local_hour[axis.year_first] != 0).any()),
        "no whole number of days": bool((axis.year_steps * axis.step_h % 24 != 0).any()),
    }


def _of_units(case: Case) -> dict[str, bool]:
    units = case.units
    scheduled = case.maintenance_mode == "scheduled"
    return {f"{n} unit types": len(units) == n for n in range(1, 5)} | {
        "minimum up time over 1 step": any(u.min_up_steps > 1 for u in units),
        "minimum down time over 1 step": any(u.min_down_steps > 1 for u in units),
        "minimum time of half a day": any(
            case.axis.step_h * max(u.min_up_steps, u.min_down_steps) >= 12 for u in units
        ),
        "ramp below the range": any(u.ramp_mw_per_step < u.pmax_mw.max() for u in units),
        "several fuel segments": any(len(u.segment_alpha_mmbtu_per_h) > 1 for u in units),
        "start cost": any(u.start_cost_usd > 0 for u in units),
        "starts take fuel": any(u.start_fuel_mmbtu > 0 for u in units),
        "units that must be built": any(u.n_min > 0 for u in units),
        "cost of a type present": any(
            u.site_capital_usd_per_yr + u.site_fixed_usd_per_yr > 0 for u in units
        ),
        "derated when hot": any(np.ptp(u.pmax_mw) > 0 for u in units),
        "maintenance scheduled": scheduled and any(u.planned_outage_h > 0 for u in units),
        "black-out weeks": bool(case.is_blackout_week.any()),
    }


def _of_fuel(case: Case) -> dict[str, bool]:
    gas = case.gas
    return {
        "diesel units with a stock": any(u.fuel == "diesel" for u in case.units),
        "gas stock": any(stock.fuel == "natural_gas" for stock in case.stocks),
        "hourly gas limit": bool(np.isfinite(gas.hourly_max_mmbtu_per_h)),
        "daily gas limit": bool(np.isfinite(gas.daily_max_mmbtu)),
        "negative gas price": bool((gas.price_usd_per_mmbtu < 0).any()),
        "starts that earn": any(
            (u.start_cost_usd + u.start_fuel_mmbtu * u.fuel_price_usd_per_mmbtu).min() < 0
            for u in case.units
        ),
    }


def _of_storage(case: Case) -> dict[str, bool]:
    products = case.batteries
    return {
        "no battery": not products,
        "1 battery product": len(products) == 1,
        "2 battery products": len(products) == 2,
        "few cycles": any(b.cycles_per_year < 365 for b in products),
        "least state of charge": any(b.soc_min_frac > 0 for b in products),
        "self-discharge": any(b.retention < 1 for b in products),
        "battery auxiliaries": any(b.aux_mw > 0 for b in products),
    }


def _of_grid(case: Case) -> dict[str, bool]:
    tie = case.grid or NO_TIE
    return {
        "islanded": case.grid is None,
        "grid tie": case.grid is not None,
        "demand charge": tie.demand_charge_usd_per_mw_month > 0,
        "coincident charge": tie.coincident_charge_usd_per_mw_yr > 0,
        "outage of the tie": bool((tie.availability == 0).any()),
        "tie in part": bool(((tie.availability > 0) & (tie.availability < 1)).any()),
        "export": tie.export_max_mw > 0,
        "least withdrawal": tie.withdrawal_min_mw > 0,
        "negative power price": bool((tie.import_price_usd_per_mwh < 0).any()),
    }


def _of_policy(case: Case) -> dict[str, bool]:
    capped = [budget for budget in case.emissions if np.isfinite(budget.cap_tpy)]
    policy = case.security
    annual_hours = [float((t.budget_mwh / t.limit_mw.max()).min()) for t in case.tiers]
    return {
        "flexible tiers": bool(case.tiers),
        "fast tier": any(tier.is_fast for tier in case.tiers),
        "tier with a small budget": any(hours < 1000 for hours in annual_hours),
        "lost load has a value": case.voll_usd_per_mwh is not None,
        "RES-1": policy.loss_of_unit,
        "RES-2": policy.loss_of_grid,
        "RES-3": policy.swing_mw > 0,
        "cap on emissions": any(not budget.is_potential for budget in capped),
        "cap on potential": any(budget.is_potential for budget in capped),
        "emission price": any(budget.price_usd_per_ton > 0 for budget in case.emissions),
    }
