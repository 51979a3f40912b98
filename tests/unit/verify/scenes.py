"""Small cases, each with a plan that is correct by construction.

A scene first decides how everything runs and then lets demand be what that serves. Limits are set
so that many rows are tight, and a small change of the plan breaks them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from unit.verify.factory import make_axis, make_battery, make_case, make_tie, make_unit
from unit.verify.plans import Scene, burned, capped, make_plan, with_demand

from optmix.data.case import EmissionBudget, SecurityPolicy
from optmix.data.equipment import FlexibleTier, GasSupply, Stock


def island() -> Scene:
    """Four weeks off the grid: engines, turbines, a battery, maintenance, RES-1, RES-3, caps."""
    axis = make_axis([672])
    hour = axis.local_hour
    is_day = (hour >= 8) & (hour < 20)
    warm = 1 - 0.05 * is_day
    engine = make_unit(
        axis,
        pmax_mw=10 * warm,
        fuel_factor=1 + 0.02 * is_day,
        min_up_steps=12,
        min_down_steps=12,
        planned_outage_h=430.0,
    )
    turbine = make_unit(
        axis, "turbine", rating_mw=30.0, pmax_mw=30 * warm, planned_outage_h=1000.0, n_min=2
    )
    battery = make_battery()
    potential = EmissionBudget("nox", 5 * 10 * 8760 * 0.5 / 2000 + 2 * 30 * 8760 * 0.5 / 2000,
                               is_potential=True, price_usd_per_ton=0.0)  # fmt: skip
    case = make_case(
        axis,
        units=(engine, turbine),
        batteries=(battery,),
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=False, swing_mw=14.0, bridge_h=0.5),
        maintenance_mode="scheduled",
        is_blackout_week=np.array([False, False, True, False]),
        emissions=(potential,),
    )
    engines = np.where(is_day, 4, 3)
    turbines = np.where(axis.week == 1, 1, 2)
    charge = np.where((hour >= 1) & (hour < 4), 12.0, 0.0)
    discharge = np.where((hour >= 17) & (hour < 20), 12.0 * 0.95 * 0.9, 0.0)
    plan = make_plan(
        case,
        [5, 2],
        modules=[10],
        online=[engines, turbines],
        in_maintenance=[axis.week == 0, axis.week == 1],
        output_mw=[engines * engine.pmax_mw * 0.65, turbines * turbine.pmax_mw * 0.75],
        charge_mw=[charge],
        discharge_mw=[discharge],
        kept_mwh=15.0,
    )
    cycles = 8760 / 672 * discharge.sum() / (10 * battery.usable_mwh)
    case = dataclasses.replace(
        case, batteries=(dataclasses.replace(battery, cycles_per_year=cycles),)
    )
    case = capped(capped(case, plan, "co2", price_usd_per_ton=30.0), plan, "co")
    return with_demand(case, plan)


def tied() -> Scene:
    """A week at the turn of a month with a tie: no grid on the first day, export by night."""
    axis = make_axis([168], start="2025-06-28")
    hour = axis.local_hour
    is_day = (hour >= 7) & (hour < 22)
    available = np.where(axis.day == 0, 0.0, 1.0)
    catch = (available > 0) & (hour >= 15) & (hour < 19)
    tie = make_tie(
        axis,
        availability=available,
        import_price_usd_per_mwh=30.0 + 2.0 * hour,
        coincident_weight=catch / catch.sum(),
    )
    case = make_case(
        axis,
        units=(make_unit(axis),),
        grid=tie,
        tiers=(FlexibleTier("fast", np.full(168, 3.0), 900.0, np.array([5000.0]), is_fast=True),),
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=True, swing_mw=0.0, bridge_h=0.25),
    )
    power = np.where(is_day, 33.0, 30.0)
    plan = make_plan(
        case,
        [5],
        withdrawal_mw=20.0,
        online=[5],
        output_mw=[power],
        import_mw=available * is_day * np.where(hour == 12, 20.0, 14.0),
        export_mw=available * np.where(is_day, 0.0, 10.0),
    )
    return with_demand(case, plan)


def flexible() -> Scene:
    """Two days of scarcity: two tiers at their limits and budgets, and unserved energy."""
    axis = make_axis([48])
    is_peak = (axis.local_hour >= 16) & (axis.local_hour < 20)
    limit = np.where(is_peak, 2.0, 1.5)
    used = limit * is_peak
    budget = np.array([8760 / 48 * used.sum()])
    case = make_case(
        axis,
        units=(make_unit(axis),),
        tiers=(
            FlexibleTier("batch", limit, 150.0, budget, is_fast=False),
            FlexibleTier("cooling", limit, 400.0, budget, is_fast=True),
        ),
        voll_usd_per_mwh=9000.0,
    )
    plan = make_plan(
        case,
        [2],
        online=[2],
        output_mw=[np.where(is_peak, 20.0, 15.0)],
        curtailed_mw=[used, used],
        unserved_mw=0.5 * is_peak,
    )
    return with_demand(case, plan)


def fuels() -> Scene:
    """Three days on a tight pipeline with stored gas, and standby sets on a diesel tank."""
    axis = make_axis([72])
    hour = axis.local_hour
    is_peak = (hour >= 16) & (hour < 20)
    price = np.full(72, 12.0)
    diesel = make_unit(
        axis, "standby", rating_mw=3.0, fuel="diesel", fuel_price_usd_per_mmbtu=price, n_max=4
    )
    engine = make_unit(axis)
    tanks = (
        Stock("lng", "natural_gas", 900.0, 100.0, 30.0, 24.0, 9.0, 5000.0),
        Stock("tank", "diesel", 600.0, 60.0, 20.0, np.inf, 18.0, 3000.0),
    )
    case = make_case(axis, units=(engine, diesel), stocks=tanks)
    sets = np.where(is_peak, 2, 0)
    outputs = [np.where(is_peak, 20.0, 18.0), 1.5 * sets]
    from_lng = np.where(is_peak, 24.0, 0.0)
    burning = burned(case, np.array([np.full(72, 2), sets]), np.array(outputs))
    plan = make_plan(
        case,
        [2, 2],
        online=[2, sets],
        output_mw=outputs,
        withdrawn=[from_lng, burning[1]],
        refill=[np.where(hour < 6, 16.0, 0.0), np.full(72, burning[1].sum() / 72)],
    )
    flow = burning[0] - from_lng
    daily = np.bincount(axis.day, weights=flow)
    case = dataclasses.replace(
        case, gas=GasSupply(np.full(72, 4.0), float(daily.max()), float(flow.max()))
    )
    return with_demand(case, plan)


def years() -> Scene:
    """A week and ten days as two operating years, with a battery that loses charge."""
    axis = make_axis([168, 240], probability=(0.7, 0.3))
    hour = axis.local_hour
    battery = make_battery(retention=0.999, soc_min_frac=0.1)
    case = make_case(
        axis,
        units=(make_unit(axis), make_unit(axis, "spare", vom_usd_per_mwh=9.0)),
        batteries=(battery, make_battery("lfp-1h")),
        grid=make_tie(axis),
    )
    running = np.where(axis.year == 1, 3, 2) - np.where(hour < 6, 1, 0)
    plan = make_plan(
        case,
        [4, 0],
        modules=[4, 0],
        withdrawal_mw=10.0,
        online=[running, 0],
        output_mw=[9.0 * running, 0],
        charge_mw=[np.where(hour < 4, 3.6, 0.0), 0],
        discharge_mw=[np.where((hour >= 17) & (hour < 20), 4.0, 0.0), 0],
        import_mw=np.where(axis.year == 1, 6.0, 4.0),
    )
    return with_demand(capped(case, plan, "nox", price_usd_per_ton=1000.0), plan)


def quarters() -> Scene:
    """Two days of quarter hours: a ramping fleet, and a peaker with long minimum times."""
    axis = make_axis([192], step_h=0.25)
    ramp = 0.5
    fleet = make_unit(axis, ramp_mw_per_step=ramp, min_up_steps=2, min_down_steps=2, n_max=3)
    peaker = make_unit(axis, "peaker", min_up_steps=24, min_down_steps=20)
    case = make_case(axis, units=(fleet, peaker))
    online = np.full(192, 2)
    online[40:64] = 3
    online[100:120] = 1
    peaking = np.zeros(192, dtype=int)
    peaking[40:64] = 1
    peaking[84:108] = 1
    power = np.empty(192)
    power[0] = 14.0
    for t in range(1, 192):  # climb to 8 MW a unit and fall back before a stop, as fast as allowed
        change = online[t] - online[t - 1]
        soon = online[min(t + 8, 191)] < online[t]
        step = -ramp * online[t] if soon else ramp * online[t - 1]
        low, high = 5.0 * online[t], 8.0 * online[t]
        power[t] = np.clip(power[t - 1] + (5.0 * change if change else step), low, high)
        if change < 0:
            power[t] = max(power[t - 1] - ramp * online[t] - 5.0, low)
        if t > 180:
            power[t] = max(14.0, power[t - 1] - 2 * ramp)
    plan = make_plan(case, [3, 1], online=[online, peaking], output_mw=[power, 6.0 * peaking])
    return with_demand(case, plan)


def negative() -> Scene:
    """A day on which gas has a negative price for some hours."""
    axis = make_axis([24])
    price = np.where((axis.local_hour >= 10) & (axis.local_hour < 15), -1.5, 3.0)
    unit = make_unit(axis, fuel_price_usd_per_mmbtu=price)
    case = make_case(axis, units=(unit,), gas=GasSupply(price, np.inf, np.inf))
    plan = make_plan(case, [2], online=[2], output_mw=[np.linspace(10.0, 20.0, 24)])
    return with_demand(case, plan)


def one_step() -> Scene:
    """A single step, which follows itself."""
    axis = make_axis([1])
    case = make_case(axis, units=(make_unit(axis),), batteries=(make_battery(),))
    plan = make_plan(case, [1], modules=[1], online=[1], output_mw=[9.0])
    return with_demand(case, plan)


def nothing() -> Scene:
    """A day without demand, on a site that offers nothing."""
    case = make_case(make_axis([24]))
    return with_demand(case, make_plan(case, []))


def large() -> Scene:
    """A whole year with twelve unit types, three batteries, a tie and two tiers."""
    axis = make_axis([8760], start="2025-01-01")
    names = [f"type-{g:02d}" for g in range(12)]
    units = tuple(
        make_unit(axis, name, min_up_steps=4, min_down_steps=4, ramp_mw_per_step=4.0)
        for name in names
    )
    batteries = tuple(make_battery(f"lfp-{s}") for s in range(3))
    tiers = tuple(
        FlexibleTier(name, np.full(8760, 2.0), 300.0, np.array([1000.0]), is_fast=name == "fast")
        for name in ("fast", "slow")
    )
    case = make_case(
        axis,
        units=units,
        batteries=batteries,
        tiers=tiers,
        grid=make_tie(axis),
        gas=GasSupply(np.full(8760, 4.0), 1e6, 1e6),
        security=SecurityPolicy(loss_of_unit=True, loss_of_grid=True, swing_mw=5.0, bridge_h=0.25),
        maintenance_mode="scheduled",
    )
    plan = make_plan(
        case,
        [3] * 12,
        modules=[5, 5, 5],
        withdrawal_mw=20.0,
        online=[2] * 12,
        output_mw=[16.0] * 12,
        import_mw=10.0,
    )
    return with_demand(capped(case, plan, "nox"), plan)


SCENES = {
    make.__name__: make
    for make in (
        island,
        tied,
        flexible,
        fuels,
        years,
        quarters,
        negative,
        one_step,
        nothing,
        large,
    )
}
