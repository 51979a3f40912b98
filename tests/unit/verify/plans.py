"""Plans made by hand: what runs is given, and the rest follows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optmix.data.case import Case, EmissionBudget
from optmix.data.plan import Plan

if TYPE_CHECKING:
    from optmix.data.axis import Axis

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Scene = tuple[Case, Plan]


def make_plan(case: Case, units: list[int], **given: Any) -> Plan:
    """Return the plan that follows from sizes, units online, output, battery power and the like.

    Starts, fuel, state of charge, cover and the content of stocks follow from these.
    """
    n_steps = case.axis.n_steps
    modules = np.array(given.get("modules", [0] * len(case.batteries)), dtype=np.int64)

    def table(field: str, owners: tuple[Any, ...], kind: type = float) -> NDArray[Any]:
        rows = [np.broadcast_to(row, n_steps) for row in given.get(field, [0] * len(owners))]
        return np.array(rows, dtype=kind).reshape(len(owners), n_steps)

    online = table("online", case.units, int)
    change = online - online[:, cyclic(case.axis)]
    output = table("output_mw", case.units)
    charge, discharge = table("charge_mw", case.batteries), table("discharge_mw", case.batteries)
    soc, cover = np.zeros_like(charge), np.zeros_like(charge)
    for s, product in enumerate(case.batteries):
        power = product.eta_charge * charge[s] - discharge[s] / product.eta_discharge
        lowest = product.soc_min_frac * product.usable_mwh * modules[s]
        kept = lowest + given.get("kept_mwh", 0.0)
        soc[s] = stored(case.axis, case.axis.step_h * power, product.retention, kept)
        left = product.module_mw * modules[s] - discharge[s] + charge[s]
        held = product.eta_discharge * (soc[s] - lowest) / case.security.bridge_h
        cover[s] = np.maximum(0.0, np.minimum(left, held))
    withdrawn, refill = table("withdrawn", case.stocks), table("refill", case.stocks)
    content = np.zeros_like(refill)
    for r, stock in enumerate(case.stocks):
        gained = case.axis.step_h * (refill[r] - withdrawn[r])
        content[r] = stored(case.axis, gained, 1.0, stock.min_content_mmbtu)
    return Plan(
        units=np.array(units, dtype=np.int64),
        modules=modules,
        withdrawal_mw=given.get("withdrawal_mw", 0.0),
        has_grid=given.get("withdrawal_mw", 0.0) > 0,
        online=online,
        starts=np.maximum(change, 0),
        stops=np.maximum(-change, 0),
        in_maintenance=table("in_maintenance", case.units, int),
        output_mw=output,
        fuel_mmbtu_per_h=burned(case, online, output),
        charge_mw=charge,
        discharge_mw=discharge,
        soc_mwh=soc,
        cover_mw=cover,
        import_mw=np.broadcast_to(given.get("import_mw", 0.0), n_steps).astype(float),
        export_mw=np.broadcast_to(given.get("export_mw", 0.0), n_steps).astype(float),
        curtailed_mw=table("curtailed_mw", case.tiers),
        unserved_mw=np.broadcast_to(given.get("unserved_mw", 0.0), n_steps).astype(float),
        withdrawn_mmbtu_per_h=withdrawn,
        refill_mmbtu_per_h=refill,
        content_mmbtu=content,
    )


def cyclic(axis: Axis) -> Ints:
    """Return the step before each step, within its year."""
    return np.array([axis.before(t) for t in range(axis.n_steps)])


def stored(axis: Axis, gained: Floats, retention: float, lowest: float) -> Floats:
    """Return a cyclic content; without losses it starts so that its lowest value is ``lowest``."""
    content = np.zeros(axis.n_steps)
    for year in range(axis.n_years):
        steps = list(axis.steps_of_year(year))
        for t in steps:
            content[t] = gained[t] + (retention * content[t - 1] if t > steps[0] else 0.0)
        if retention < 1:
            # What the year started with fades; it must have faded to what the year ends with.
            fade = retention ** np.arange(1, len(steps) + 1)
            content[steps] += content[steps[-1]] / (1 - fade[-1]) * fade
        else:
            content[steps] += lowest - content[steps].min()
    return content


def burned(case: Case, online: Ints, output: Floats) -> Floats:
    """Return the fuel that the output takes, step by step."""
    fuel = np.zeros_like(output)
    for g, unit in enumerate(case.units):
        lines = list(
            zip(unit.segment_alpha_mmbtu_per_h, unit.segment_beta_mmbtu_per_mwh, strict=True)
        )
        for t in np.flatnonzero(online[g]):
            count, low, high = online[g, t], unit.pmin_mw[t], unit.pmax_mw[t]
            share = output[g, t] / count
            if case.gas.price_usd_per_mmbtu[t] < 0 and unit.fuel == "natural_gas":
                at_low, at_high = (max(a + b * x for a, b in lines) for x in (low, high))
                one = at_low + (at_high - at_low) * (share - low) / (high - low)
            else:
                one = max(a + b * share for a, b in lines)
            fuel[g, t] = unit.fuel_factor[t] * count * one
    return fuel


def with_demand(case: Case, plan: Plan) -> Scene:
    """Return the case whose demand is what the plan serves."""
    demand = plan.output_mw.sum(axis=0) + plan.import_mw - plan.export_mw + plan.unserved_mw
    demand = demand + plan.discharge_mw.sum(axis=0) - plan.charge_mw.sum(axis=0)
    demand = demand + plan.curtailed_mw.sum(axis=0)
    for product, count in zip(case.batteries, plan.modules, strict=True):
        demand = demand - product.aux_mw * count
    assert (demand >= 0).all()
    return dataclasses.replace(case, demand_mw=demand), plan


def tons(case: Case, plan: Plan, pollutant: Any) -> list[float]:
    """Return the annual emission of each operating year, added up step by step."""
    axis, total = case.axis, [0.0] * case.axis.n_years
    for y in range(axis.n_years):
        steps = axis.steps_of_year(y)
        scale = max(1.0, 8760 / (len(steps) * axis.step_h)) / 2000
        for g, unit in enumerate(case.units):
            by_power, by_fuel, by_start = (
                rates.get(pollutant, 0.0)
                for rates in (unit.lb_per_mwh, unit.lb_per_mmbtu, unit.lb_per_start)
            )
            for t in steps:
                rate = by_power * plan.output_mw[g, t] + by_fuel * plan.fuel_mmbtu_per_h[g, t]
                total[y] += scale * (axis.step_h * rate + by_start * plan.starts[g, t])
    return total


def capped(case: Case, plan: Plan, pollutant: Any, price_usd_per_ton: float = 0.0) -> Case:
    """Return the case with a cap that the plan just meets."""
    cap = max(tons(case, plan, pollutant))
    budget = EmissionBudget(pollutant, cap, is_potential=False, price_usd_per_ton=price_usd_per_ton)
    return dataclasses.replace(case, emissions=(*case.emissions, budget))
