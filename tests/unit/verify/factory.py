"""Small cases, each with a plan that is correct by construction.

A scene first decides how everything runs and then lets demand be what that serves. Limits are set
so that many rows are tight, and a small change of the plan breaks them.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optmix.data.case import (
    Axis,
    BatteryProduct,
    Case,
    EmissionBudget,
    FlexibleTier,
    GasSupply,
    GridTie,
    SecurityPolicy,
    Stock,
    UnitType,
)
from optmix.data.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Scene = tuple[Case, Plan]

NO_SECURITY = SecurityPolicy(loss_of_unit=False, loss_of_grid=False, swing_mw=0.0, bridge_h=0.25)


# --- Cases ----------------------------------------------------------------------------------------


def make_axis(
    steps: list[int],
    *,
    step_h: float = 1.0,
    start: str = "2025-03-03",
    probability: tuple[float, ...] = (1.0,),
) -> Axis:
    """Return operating years of the given numbers of steps; local time is UTC."""
    stamps, year, month, week, day, labels = [], [], [], [], [], []
    for y, count in enumerate(steps):
        offsets = (np.arange(count) * step_h * 3600).astype("timedelta64[s]")
        stamps.append(np.datetime64(start, "s") + offsets)
        year.append(np.full(count, y))
        days = stamps[-1].astype("datetime64[D]")
        months = stamps[-1].astype("datetime64[M]")
        day.append(_numbered(days, day))
        month.append(_numbered(months, month))
        labels += [str(label) for label in np.unique(months)]
        # A rest shorter than a week belongs to the last whole week.
        whole_weeks = max(1, int(count * step_h // 168))
        blocks = np.minimum((np.arange(count) * step_h // 168).astype(int), whole_weeks - 1)
        week.append(_numbered(blocks, week))
    start_utc = np.concatenate(stamps)
    return Axis(
        step_h=step_h,
        start_utc=start_utc,
        year=np.concatenate(year),
        month=np.concatenate(month),
        week=np.concatenate(week),
        day=np.concatenate(day),
        local_hour=start_utc.astype("datetime64[h]").astype(int) % 24,
        year_name=tuple(f"year-{y}" for y in range(len(steps))),
        probability=np.array(probability),
        month_label=tuple(labels),
        timezone="UTC",
    )


def _numbered(parts: NDArray[Any], before: list[Ints]) -> Ints:
    """Number the parts of one year on from those of the years before it."""
    first = int(before[-1].max()) + 1 if before else 0
    return first + np.unique(parts, return_inverse=True)[1].astype(np.int64)


def make_unit(axis: Axis, name: str = "engine", **changes: Any) -> UnitType:
    """Return a type of 10 MW engines: 5 to 10 MW, 48 to 87 MMBtu/h."""
    n_steps = axis.n_steps
    rating = changes.get("rating_mw", 10.0)
    loads = rating * np.array([0.5, 0.75, 1.0])
    burned = loads * np.array([9.6, 8.9, 8.7])
    beta = np.diff(burned) / np.diff(loads)
    figures: dict[str, Any] = {
        "name": name,
        "fuel": "natural_gas",
        "n_min": 0,
        "n_max": 20,
        "rating_mw": rating,
        "net_rating_mw": rating,
        "pmax_mw": np.full(n_steps, rating),
        "pmin_mw": np.full(n_steps, rating / 2),
        "fuel_factor": np.ones(n_steps),
        "segment_alpha_mmbtu_per_h": burned[:-1] - beta * loads[:-1],
        "segment_beta_mmbtu_per_mwh": beta,
        "chord_alpha_mmbtu_per_h": np.full(n_steps, np.nan),
        "chord_beta_mmbtu_per_mwh": np.full(n_steps, np.nan),
        "fuel_price_usd_per_mmbtu": np.full(n_steps, 4.0),
        "ramp_mw_per_step": 1000.0,
        "step_mw": 0.1 * rating,
        "min_up_steps": 1,
        "min_down_steps": 1,
        "start_fuel_mmbtu": 5.0,
        "start_cost_usd": 200.0,
        "vom_usd_per_mwh": 8.0,
        "capital_usd_per_yr": 1.0e6,
        "fom_usd_per_yr": 1.5e5,
        "site_capital_usd_per_yr": 3.0e5,
        "site_fixed_usd_per_yr": 2.0e4,
        "planned_outage_h": 0.0,
        "max_units_in_maintenance": 1,
        "lb_per_mwh": {"nox": 0.5, "co": 0.3, "voc": 0.1},
        "lb_per_mmbtu": {"co2": 117.0},
        "lb_per_start": {"nox": 4.0},
        "forced_outage_frac": 0.03,
        "mttr_h": 48.0,
        "start_failure_frac": 0.01,
        "start_min": 5.0,
    }
    return UnitType(**{**figures, **changes})


def make_battery(name: str = "lfp-4h", **changes: Any) -> BatteryProduct:
    """Return modules of 2 MW and 8 MWh, of which 7.5 MWh can be used."""
    figures: dict[str, Any] = {
        "name": name,
        "n_min": 0,
        "n_max": 50,
        "module_mw": 2.0,
        "module_mwh": 8.0,
        "usable_mwh": 7.5,
        "eta_charge": 0.95,
        "eta_discharge": 0.9,
        "retention": 1.0,
        "soc_min_frac": 0.05,
        "soc_max_frac": 0.95,
        "cycles_per_year": 365.0,
        "aux_mw": 0.02,
        "vom_usd_per_mwh": 2.0,
        "capital_usd_per_yr": 2.5e5,
        "fom_usd_per_yr": 2.0e4,
        "forced_outage_frac": 0.02,
        "mttr_h": 24.0,
    }
    return BatteryProduct(**{**figures, **changes})


def make_tie(axis: Axis, **changes: Any) -> GridTie:
    """Return a tie of up to 40 MW that may also export 10 MW."""
    figures: dict[str, Any] = {
        "withdrawal_max_mw": 40.0,
        "withdrawal_min_mw": 5.0,
        "export_max_mw": 10.0,
        "availability": np.ones(axis.n_steps),
        "import_price_usd_per_mwh": np.full(axis.n_steps, 50.0),
        "export_price_usd_per_mwh": np.full(axis.n_steps, 20.0),
        "demand_charge_usd_per_mw_month": 6000.0,
        "coincident_charge_usd_per_mw_yr": 60000.0,
        "coincident_weight": np.zeros(axis.n_steps),
        "capital_usd_per_mw_yr": 15000.0,
        "capital_fixed_usd_per_yr": 80000.0,
        "security_carry_usd_per_mw_yr": 750.0,
        "outages_per_year": 2.0,
        "outage_mean_h": 4.0,
    }
    return GridTie(**{**figures, **changes})


def make_case(axis: Axis, **changes: Any) -> Case:
    """Return a case without anything on offer."""
    figures: dict[str, Any] = {
        "name": "hand-made",
        "axis": axis,
        "demand_mw": np.zeros(axis.n_steps),
        "temp_c": np.full(axis.n_steps, 15.0),
        "units": (),
        "batteries": (),
        "grid": None,
        "tiers": (),
        "voll_usd_per_mwh": None,
        "gas": GasSupply(np.full(axis.n_steps, 4.0), np.inf, np.inf),
        "stocks": (),
        "security": NO_SECURITY,
        "maintenance_mode": "none",
        "is_blackout_week": np.zeros(int(axis.week.max()) + 1, dtype=bool),
        "emissions": (),
        "warnings": (),
    }
    return Case(**{**figures, **changes})


# --- Plans ----------------------------------------------------------------------------------------


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


# --- Scenes ---------------------------------------------------------------------------------------


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
