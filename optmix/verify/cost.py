"""What the plan costs, line by line, in USD a year.

Nothing here can be broken by a plan; the lines are compared with what a result reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.cost_lines import COST_LINES
from optmix.verify.emissions import emitted_tpy
from optmix.verify.horizon import hours_per_year, month_weight, part_max
from optmix.verify.supply import pipeline_flow_mmbtu_per_h

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.equipment import GridTie
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["cost_usd"]


def cost_usd(case: Case, plan: Plan) -> dict[str, float]:
    """Return every cost line, in the order of :data:`optmix.data.cost_lines.COST_LINES`."""
    lines = _unit_lines(case, plan) | _battery_lines(case, plan) | _fuel_lines(case, plan)
    lines |= _grid_lines(case, plan) | _demand_lines(case, plan)
    lines["emissions"] = _emission_prices(case, plan)
    lines["rules"] = 0.0  # each rule counts its own; `verify_plan` adds them up
    return {name: float(lines[name]) for name in COST_LINES}


def _unit_lines(case: Case, plan: Plan) -> dict[str, float]:
    hours = hours_per_year(case.axis)
    times = hours / case.axis.step_h
    lines = dict.fromkeys(("unit_capital", "unit_fom", "unit_vom", "starts"), 0.0)
    for g, unit in enumerate(case.units):
        count = float(plan.units[g])
        is_present = float(count > 0)
        lines["unit_capital"] += count * unit.capital_usd_per_yr
        lines["unit_capital"] += is_present * unit.site_capital_usd_per_yr
        lines["unit_fom"] += count * unit.fom_usd_per_yr
        lines["unit_fom"] += is_present * unit.site_fixed_usd_per_yr
        lines["unit_vom"] += unit.vom_usd_per_mwh * float(hours @ plan.output_mw[g])
        one = unit.start_cost_usd + unit.start_fuel_mmbtu * unit.fuel_price_usd_per_mmbtu
        lines["starts"] += float(times @ (one * plan.starts[g]))
    return lines


def _battery_lines(case: Case, plan: Plan) -> dict[str, float]:
    hours = hours_per_year(case.axis)
    lines = dict.fromkeys(("battery_capital", "battery_fom", "battery_vom"), 0.0)
    for s, product in enumerate(case.batteries):
        count = float(plan.modules[s])
        lines["battery_capital"] += count * product.capital_usd_per_yr
        lines["battery_fom"] += count * product.fom_usd_per_yr
        lines["battery_vom"] += product.vom_usd_per_mwh * float(hours @ plan.discharge_mw[s])
    return lines


def _fuel_lines(case: Case, plan: Plan) -> dict[str, float]:
    hours = hours_per_year(case.axis)
    flow = pipeline_flow_mmbtu_per_h(case, plan)
    stocks = 0.0
    for r, stock in enumerate(case.stocks):
        stocks += stock.fixed_usd_per_yr
        stocks += stock.price_usd_per_mmbtu * float(hours @ plan.refill_mmbtu_per_h[r])
    return {"fuel": float(hours @ (case.gas.price_usd_per_mmbtu * flow)), "stock_fuel": stocks}


def _grid_lines(case: Case, plan: Plan) -> dict[str, float]:
    names = ("energy", "demand", "coincident", "capital", "security", "export")
    if case.grid is None:
        return {f"grid_{name}": 0.0 for name in names}
    tie, hours = case.grid, hours_per_year(case.axis)
    return {
        "grid_energy": float(hours @ (tie.import_price_usd_per_mwh * plan.import_mw)),
        "grid_demand": tie.demand_charge_usd_per_mw_month
        * float(month_weight(case.axis) @ part_max(case.axis.month, plan.import_mw)),
        "grid_coincident": tie.coincident_charge_usd_per_mw_yr * _billed_mw(case, tie, plan),
        "grid_capital": tie.capital_usd_per_mw_yr * plan.withdrawal_mw
        + tie.capital_fixed_usd_per_yr * float(plan.has_grid),
        "grid_security": tie.security_carry_usd_per_mw_yr * plan.withdrawal_mw,
        "grid_export": -float(hours @ (tie.export_price_usd_per_mwh * plan.export_mw)),
    }


def _billed_mw(case: Case, tie: GridTie, plan: Plan) -> float:
    """Return the expected import that the coincident charge bills."""
    weight = np.asarray(case.axis.probability)[case.axis.year] * tie.coincident_weight
    return float(weight @ plan.import_mw)


def _demand_lines(case: Case, plan: Plan) -> dict[str, float]:
    hours = hours_per_year(case.axis)
    flexible = sum(
        tier.cost_usd_per_mwh * float(hours @ plan.curtailed_mw[j])
        for j, tier in enumerate(case.tiers)
    )
    # Without a value of lost load there is no such cost; unserved energy is then a finding.
    value = case.voll_usd_per_mwh or 0.0
    return {"flexible": flexible, "unserved": value * float(hours @ plan.unserved_mw)}


def _emission_prices(case: Case, plan: Plan) -> float:
    return sum(
        budget.price_usd_per_ton
        * float(case.axis.probability @ emitted_tpy(case, plan, budget.pollutant))
        for budget in case.emissions
    )
