"""Random equipment: units, batteries, a grid tie, stocks, flexible tiers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from model.cases import make_battery, make_grid, make_stock, make_tier, make_unit

if TYPE_CHECKING:
    from decomposition.dice import Dice
    from numpy.typing import NDArray

    from optmix.data.axis import Axis
    from optmix.data.equipment import BatteryProduct, FlexibleTier, GridTie, Stock, UnitType

    Floats = NDArray[np.float64]

__all__ = ["Scene", "draw_battery", "draw_stock", "draw_tie", "draw_tier", "draw_unit"]

DIESEL_PRICE_USD_PER_MMBTU = 18.0


@dataclass(frozen=True, eq=False)
class Scene:
    """What the equipment meets: steps, demand, weather and the price of gas."""

    axis: Axis
    demand_mw: Floats
    temp_c: Floats
    gas_price_usd_per_mmbtu: Floats

    @property
    def peak_mw(self) -> float:
        return float(self.demand_mw.max())

    @property
    def demand_mwh_per_yr(self) -> Floats:
        """Demand of each operating year. Shape (Y,)."""
        by_year = np.bincount(self.axis.year, weights=self.demand_mw)
        return np.asarray(by_year * self.axis.step_h * self.axis.annual_factor)


KINDS: dict[str, dict[str, Any]] = {
    "engine": {
        "size": (0.28, 0.42),
        "least": (0.3, 0.5),
        "full_rate": (8.0, 8.8),
        "hours": (0.0, 1.0, 3.0),
        "start_usd": (5.0, 60.0),
        "capital": (105e3, 150e3),
        "nox": (0.5, 1.5),
    },
    "turbine": {
        "size": (0.36, 0.55),
        "least": (0.4, 0.6),
        "full_rate": (9.3, 10.8),
        "hours": (2.0, 4.0, 8.0),
        "start_usd": (50.0, 400.0),
        "capital": (70e3, 110e3),
        "nox": (0.2, 0.6),
    },
    "combined": {
        "size": (0.5, 0.75),
        "least": (0.4, 0.55),
        "full_rate": (6.6, 7.2),
        "hours": (4.0, 8.0, 8.0, 12.0, 30.0),
        "start_usd": (300.0, 1500.0),
        "capital": (130e3, 190e3),
        "nox": (0.05, 0.2),
    },
    "genset": {
        "size": (0.15, 0.3),
        "least": (0.2, 0.3),
        "full_rate": (8.5, 9.5),
        "hours": (0.0, 0.0, 1.0),
        "start_usd": (2.0, 20.0),
        "capital": (30e3, 60e3),
        "nox": (1.0, 4.0),
    },
}
"""Ranges of figures: size as a share of peak demand, least output as a share of the rating, heat
rate at full load, minimum times, cost of a start, annuity per MW, NOx per MWh."""


def draw_unit(dice: Dice, scene: Scene, kind: str, name: str, *, is_scheduled: bool) -> UnitType:
    """Return a unit type of a kind; diesel where it is a genset."""
    ranges = KINDS[kind]
    is_diesel = kind == "genset"
    rating = max(0.5, round(scene.peak_mw * dice.between(*ranges["size"]), 2))
    n_max = min(4, math.ceil(scene.peak_mw / rating * dice.between(1.0, 1.6)))
    least = dice.between(*ranges["least"]) * rating
    net = rating * dice.one_of(1.0, 1.0, 0.96)
    hot = np.maximum(0.0, scene.temp_c - 15.0)
    derate = 1.0 - dice.one_of(0.0, 0.003, 0.007) * hot
    is_slow = dice.chance(0.4)
    alpha, beta = _fuel_curve(dice, dice.between(*ranges["full_rate"]), net)
    price = DIESEL_PRICE_USD_PER_MMBTU if is_diesel else scene.gas_price_usd_per_mmbtu
    return make_unit(
        scene.axis,
        name=name,
        fuel="diesel" if is_diesel else "natural_gas",
        n_min=n_max if dice.chance(0.15) else dice.one_of(0, 0, 0, 1),
        n_max=n_max,
        rating_mw=rating,
        net_rating_mw=net,
        pmax_mw=net * derate,
        pmin_mw=least,
        fuel_factor=1.0 + dice.one_of(0.0, 0.002) * hot,
        segment_alpha_mmbtu_per_h=alpha,
        segment_beta_mmbtu_per_mwh=beta,
        fuel_price_usd_per_mmbtu=price,
        ramp_mw_per_step=net * (dice.between(0.15, 0.6) if is_slow else 9.0),
        step_mw=rating * dice.one_of(0.05, 0.2),
        min_up_steps=_steps_of(dice.one_of(*ranges["hours"]), scene.axis),
        min_down_steps=_steps_of(dice.one_of(*ranges["hours"]), scene.axis),
        start_fuel_mmbtu=dice.one_of(0.0, 0.4, 2.0) * rating,
        start_cost_usd=dice.between(*ranges["start_usd"]) * dice.one_of(0.0, 1.0, 1.0, 1.0),
        vom_usd_per_mwh=dice.between(2.0, 12.0),
        capital_usd_per_yr=rating * dice.between(*ranges["capital"]),
        fom_usd_per_yr=rating * 12e3,
        site_capital_usd_per_yr=dice.one_of(0.0, 20e3),
        site_fixed_usd_per_yr=dice.one_of(0.0, 0.0, 35e3),
        planned_outage_h=dice.one_of(0.0, 336.0, 900.0, 1500.0) if is_scheduled else 0.0,
        max_units_in_maintenance=dice.one_of(1, 1, 2),
        lb_per_mwh={"nox": dice.between(*ranges["nox"]), "co": dice.between(0.05, 0.5)},
        lb_per_mmbtu={"co2": 163.0 if is_diesel else 117.0},
        lb_per_start={"nox": dice.one_of(0.0, 1.0, 4.0)},
    )


def _fuel_curve(dice: Dice, full_rate: float, net_mw: float) -> tuple[list[float], list[float]]:
    """Return one to three lines through neighbouring points of a convex fuel curve."""
    idle = dice.between(0.04, 0.14) * full_rate * net_mw
    slope = full_rate - idle / net_mw
    bends = [net_mw * share for share in (0.5, 0.8)[: dice.one_of(0, 1, 2)]]
    alpha, beta = [idle], [slope]
    for bend in bends:
        steeper = beta[-1] * dice.between(1.03, 1.1)
        alpha.append(alpha[-1] + (beta[-1] - steeper) * bend)
        beta.append(steeper)
    return alpha, beta


def _steps_of(hours: float, axis: Axis) -> int:
    return math.ceil(hours / axis.step_h)


def draw_battery(dice: Dice, scene: Scene, name: str, *, is_tight: bool) -> BatteryProduct:
    """Return a battery product; ``is_tight``: its yearly cycles are few."""
    module_mw = max(0.25, round(scene.peak_mw * dice.one_of(0.05, 0.1, 0.15), 2))
    module_mwh = module_mw * dice.one_of(1.0, 2.0, 4.0)
    cheap = dice.chance(0.6)
    return make_battery(
        name=name,
        n_min=dice.one_of(0, 0, 0, 1),
        n_max=dice.whole(1, 3),
        module_mw=module_mw,
        module_mwh=module_mwh,
        usable_mwh=module_mwh * dice.one_of(0.85, 1.0),
        eta_charge=dice.between(0.9, 0.97),
        eta_discharge=dice.between(0.9, 0.97),
        retention=1.0 - dice.one_of(0.0, 0.001, 0.004) * scene.axis.step_h,
        soc_min_frac=dice.one_of(0.0, 0.1, 0.2),
        soc_max_frac=dice.one_of(1.0, 0.95),
        cycles_per_year=dice.one_of(30.0, 90.0) if is_tight else 730.0,
        aux_mw=dice.one_of(0.0, 0.01) * module_mw,
        vom_usd_per_mwh=dice.one_of(0.0, 1.5),
        capital_usd_per_yr=module_mwh * (8e3 if cheap else 22e3),
        fom_usd_per_yr=module_mw * 6e3,
    )


def draw_tie(dice: Dice, scene: Scene) -> GridTie:
    """Return a tie that cannot be used in every step, with any of the charges."""
    axis = scene.axis
    n = axis.n_steps
    most = round(scene.peak_mw * dice.one_of(0.3, 0.6, 1.0), 2)
    hour = axis.local_hour
    evening = (hour >= 16) & (hour < 20)
    price = np.clip(32.0 + 45.0 * evening + dice.noise(n, 14.0), -20.0, 400.0)
    if dice.chance(0.3):
        price[dice.some(n, 4)] += 250.0
    return make_grid(
        axis,
        withdrawal_max_mw=most,
        withdrawal_min_mw=most * dice.one_of(0.0, 0.0, 0.25),
        export_max_mw=most * dice.one_of(0.0, 0.0, 0.5),
        availability=_availability(dice, axis),
        import_price_usd_per_mwh=np.round(price, 2),
        export_price_usd_per_mwh=np.round(price * 0.8 - 4.0, 2),
        demand_charge_usd_per_mw_month=dice.one_of(0.0, 2_500.0, 7_000.0, 15_000.0),
        coincident_charge_usd_per_mw_yr=dice.one_of(0.0, 30_000.0, 90_000.0),
        coincident_weight=_coincident_weight(dice, axis, evening),
        capital_usd_per_mw_yr=dice.one_of(6_000.0, 25_000.0),
        capital_fixed_usd_per_yr=dice.one_of(0.0, 50_000.0),
        security_carry_usd_per_mw_yr=dice.one_of(0.0, 2_000.0),
    )


def _availability(dice: Dice, axis: Axis) -> Floats:
    """Return 1 but for a few hours of outage, and half in a few more."""
    share = np.ones(axis.n_steps)
    for level, odds in ((0.5, 0.4), (0.0, 0.6)):
        if dice.chance(odds):
            length = max(1, round(dice.one_of(2, 5, 12) / axis.step_h))
            first = dice.whole(0, axis.n_steps - 1)
            share[first : first + length] = level
    if dice.chance(0.15):  # energized only later
        share[: axis.n_steps // 4] = 0.0
    return share


def _coincident_weight(dice: Dice, axis: Axis, evening: NDArray[np.bool_]) -> Floats:
    weight = np.zeros(axis.n_steps)
    for year in range(axis.n_years):
        steps = np.flatnonzero(evening & (axis.year == year))
        chosen = steps[dice.some(len(steps), dice.whole(1, 5))]
        weight[chosen] = 1.0 / max(1, len(chosen))
    return weight


def draw_tier(dice: Dice, scene: Scene, name: str, *, is_tight: bool) -> FlexibleTier:
    """Return a tier; ``is_tight``: its budget is a few hours a year of full curtailment."""
    share = dice.between(0.03, 0.15)
    hours = dice.one_of(100.0, 400.0) if is_tight else 8760.0
    return make_tier(
        scene.axis,
        name,
        limit_mw=share * scene.demand_mw,
        cost_usd_per_mwh=dice.one_of(35.0, 90.0, 250.0),
        budget_mwh=hours * share * scene.peak_mw,
        is_fast=dice.chance(0.5),
    )


def draw_stock(dice: Dice, scene: Scene, fuel: str, name: str) -> Stock:
    """Return a stock that is refilled slowly."""
    hourly = 9.0 * float(scene.demand_mw.mean())
    is_diesel = fuel == "diesel"
    return make_stock(
        name=name,
        fuel=fuel,
        capacity_mmbtu=hourly * dice.one_of(3.0, 10.0),
        min_content_mmbtu=hourly * dice.one_of(0.0, 0.5),
        refill_max_mmbtu_per_h=hourly * dice.one_of(0.02, 0.1, 0.3),
        withdrawal_max_mmbtu_per_h=dice.one_of(np.inf, 0.4 * hourly),
        price_usd_per_mmbtu=DIESEL_PRICE_USD_PER_MMBTU if is_diesel else dice.one_of(6.0, 9.0),
        fixed_usd_per_yr=dice.one_of(0.0, 15e3),
    )
