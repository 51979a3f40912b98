"""Random small cases that draw on every part of the model, each long enough to be cut by days.

A seed always gives the same case. Parts and limits are drawn independently of each other;
`decomposition.features` tells which case has what. Limits are set from the case's own demand, near
what it would use without them, so that many of them bind and a few leave no plan at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from decomposition.dice import Dice
from decomposition.random_calendars import draw_horizon
from decomposition.random_equipment import (
    Scene,
    draw_battery,
    draw_stock,
    draw_tie,
    draw_tier,
    draw_unit,
)
from model.cases import make_case, make_gas

from optmix.data.case import Case, EmissionBudget, SecurityPolicy
from optmix.units import HOURS_PER_YEAR, LB_PER_SHORT_TON

if TYPE_CHECKING:
    from decomposition.random_calendars import Horizon
    from numpy.typing import NDArray

    from optmix.data.axis import Axis
    from optmix.data.equipment import GasSupply, Stock, UnitType

    Floats = NDArray[np.float64]

__all__ = ["SEEDS", "random_case"]

SEEDS = tuple(range(220))
"""Seeds of the cases that methods are compared on."""

GAS_UNITS = ("engine", "turbine", "combined")
MOST_ROWS = 200
"""Types times steps: what HiGHS solves whole in a second or so."""

MMBTU_PER_MWH = 9.0
"""About what a MWh takes, to set limits of fuel by."""

TPY_OF_1_LB_PER_H = HOURS_PER_YEAR / LB_PER_SHORT_TON


def random_case(seed: int) -> Case:
    """Return the case of a seed."""
    dice = Dice(seed)
    horizon = draw_horizon(dice)
    scene = _scene(dice, horizon.axis)
    is_scheduled = horizon.has_weeks and dice.chance(0.85)
    units = _units(dice, scene, horizon, is_scheduled=is_scheduled)
    n_batteries = dice.one_of(0, 0, 1, 1, 1, 1, 2)
    batteries = [
        draw_battery(dice, scene, f"battery {k}", is_tight=dice.chance(0.6))
        for k in range(n_batteries)
    ]
    n_tiers = dice.one_of(0, 0, 1, 2)
    tie = draw_tie(dice, scene) if dice.chance(0.45) else None
    return make_case(
        horizon.axis,
        name=f"random {seed}",
        demand_mw=scene.demand_mw,
        temp_c=scene.temp_c,
        units=units,
        batteries=tuple(batteries),
        grid=tie,
        tiers=tuple(
            draw_tier(dice, scene, f"tier {j}", is_tight=dice.chance(0.6)) for j in range(n_tiers)
        ),
        voll_usd_per_mwh=dice.one_of(None, 400.0, 1_000.0, 3_000.0),
        gas=_gas(dice, scene),
        stocks=_stocks(dice, scene, units),
        security=SecurityPolicy(
            loss_of_unit=dice.chance(0.5 if tie is None else 0.25),
            loss_of_grid=tie is not None and dice.chance(0.5),
            swing_mw=dice.one_of(0.0, *((0.05, 0.15) if batteries else (0.03,))) * scene.peak_mw,
            bridge_h=dice.one_of(0.25, 0.5),
        ),
        maintenance_mode="scheduled" if is_scheduled else "none",
        is_blackout_week=_blackout_weeks(dice, horizon.axis, is_scheduled=is_scheduled),
        emissions=_emissions(dice, scene, units),
    )


def _scene(dice: Dice, axis: Axis) -> Scene:
    n = axis.n_steps
    day = 2.0 * np.pi * axis.local_hour / 24.0
    level = np.array([dice.between(0.8, 1.1) for _ in range(axis.n_years)])[axis.year]
    shape = 0.8 - dice.one_of(0.05, 0.2, 0.3) * np.cos(day - 0.5) + dice.noise(n, 0.04)
    demand = dice.between(5.0, 15.0) * np.clip(level * shape, 0.25, 1.4)
    if dice.chance(0.4):  # a peak that is not worth a unit
        demand[dice.some(n, 2)] *= 1.25
    temp_c = dice.between(10.0, 28.0) + 8.0 * np.sin(day - 2.5) + dice.noise(n, 1.0)
    return Scene(axis, np.round(demand, 3), np.round(temp_c, 1), _gas_price(dice, axis))


def _gas_price(dice: Dice, axis: Axis) -> Floats:
    """Return a price by day, negative in some cases for a few hours or a whole day."""
    by_day = np.array([dice.between(1.8, 5.0) for _ in range(int(axis.day.max()) + 1)])
    price = by_day[axis.day]
    if dice.chance(0.3):
        hours = round(dice.one_of(3, 24) / axis.step_h)
        first = dice.whole(0, axis.n_steps - 1)
        price[first : first + max(1, hours)] = -dice.between(0.1, 1.5)
    return price


def _units(
    dice: Dice, scene: Scene, horizon: Horizon, *, is_scheduled: bool
) -> tuple[UnitType, ...]:
    """Return one to four types, fewer where there are many steps."""
    most = max(1, MOST_ROWS // horizon.axis.n_steps)
    kinds = [dice.one_of(*GAS_UNITS) for _ in range(min(most, dice.one_of(1, 2, 3, 3)))]
    if len(kinds) < most and dice.chance(0.5):
        kinds.append("genset")
    return tuple(
        draw_unit(dice, scene, kind, f"{kind} {number}", is_scheduled=is_scheduled)
        for number, kind in enumerate(kinds)
    )


def _gas(dice: Dice, scene: Scene) -> GasSupply:
    """Return pipeline gas, limited by the hour or by the day in some cases."""
    by_day = np.bincount(scene.axis.day, weights=scene.demand_mw) * scene.axis.step_h
    daily = MMBTU_PER_MWH * float(by_day.max()) * dice.between(0.75, 1.05)
    hourly = MMBTU_PER_MWH * scene.peak_mw * dice.between(0.75, 1.1)
    return make_gas(
        scene.axis,
        scene.gas_price_usd_per_mmbtu,
        daily_max_mmbtu=daily if dice.chance(0.3) else np.inf,
        hourly_max_mmbtu_per_h=hourly if dice.chance(0.25) else np.inf,
    )


def _stocks(dice: Dice, scene: Scene, units: tuple[UnitType, ...]) -> tuple[Stock, ...]:
    stocks = []
    if any(unit.fuel == "diesel" for unit in units):
        stocks.append(draw_stock(dice, scene, "diesel", "tank"))
    if dice.chance(0.2):
        stocks.append(draw_stock(dice, scene, "natural_gas", "lng"))
    return tuple(stocks)


def _blackout_weeks(dice: Dice, axis: Axis, *, is_scheduled: bool) -> NDArray[np.bool_]:
    """Close a week or two of some cases to maintenance, and leave the others open."""
    closed = np.zeros(int(axis.week.max()) + 1, dtype=np.bool_)
    if is_scheduled and dice.chance(0.7):
        closed[dice.some(len(closed), dice.one_of(1, 2))] = True
    return closed


def _emissions(dice: Dice, scene: Scene, units: tuple[UnitType, ...]) -> tuple[EmissionBudget, ...]:
    """Return caps near what the units would emit to serve the demand, and prices."""
    mwh = float(scene.demand_mwh_per_yr.max())
    nox_lb_per_mwh = sorted(unit.lb_per_mwh["nox"] for unit in units)
    cleanest, dirtiest = nox_lb_per_mwh[0], nox_lb_per_mwh[-1]
    between = cleanest + dice.between(0.1, 0.9) * (dirtiest - cleanest)
    budgets = []
    if dice.chance(0.35):
        cap = dice.between(0.85, 1.1) * between * mwh / LB_PER_SHORT_TON
        budgets.append(EmissionBudget("nox", cap, False, dice.one_of(0.0, 3_000.0)))
    elif dice.chance(0.25):
        cap = dice.between(1.2, 2.5) * between * scene.peak_mw * TPY_OF_1_LB_PER_H
        budgets.append(EmissionBudget("nox", cap, True, dice.one_of(0.0, 3_000.0)))
    if dice.chance(0.3):
        cap = dice.between(0.85, 1.15) * MMBTU_PER_MWH * 117.0 * mwh / LB_PER_SHORT_TON
        cap_tpy = dice.one_of(cap, np.inf)
        budgets.append(EmissionBudget("co2", cap_tpy, False, dice.one_of(0.0, 15.0, 60.0)))
    if dice.chance(0.1):
        cap = dice.between(0.3, 0.6) * scene.peak_mw * TPY_OF_1_LB_PER_H
        budgets.append(EmissionBudget("co", cap, True, 0.0))
    return tuple(budgets)
