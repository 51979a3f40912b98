"""Thermal units on the site: capability by step, fuel, costs and emissions of one unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.derating import derate_ratio, fuel_factor
from optmix.data.equipment import UnitType
from optmix.data.finance import capital_charge_frac
from optmix.data.heat_rates import fuel_curve
from optmix.units import HOURS_PER_YEAR, KW_PER_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.schema.operation import Pollutant
    from optmix.schema.site import UnitChoice
    from optmix.schema.surroundings import Place

__all__ = ["Conditions", "capital_usd", "net_rating_mw", "steps_of", "unit_type"]

MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True, eq=False)
class Conditions:
    """What a unit meets on the site.

    Attributes
    ----------
    place
        Altitude, cost of capital, emission controls.
    step_h
        Length of a step.
    temp_c
        Ambient temperature of each step. Shape (T,).
    fuel_price_usd_per_mmbtu
        Delivered price by fuel. Shape (T,).
    planned_outage_derates
        Whether planned maintenance lowers capability in every step.
    """

    place: Place
    step_h: float
    temp_c: Floats
    fuel_price_usd_per_mmbtu: dict[str, Floats]
    planned_outage_derates: bool


def net_rating_mw(unit: UnitChoice) -> float:
    """Return the output of one unit at ISO conditions after its own auxiliaries."""
    return unit.rating_mw * (1.0 - unit.aux_frac if unit.rating_basis == "gross" else 1.0)


def steps_of(hours: float, step_h: float) -> int:
    """Return how many whole steps a time takes, rounded up."""
    return math.ceil(hours / step_h - 1e-9)  # 2 h are 8 steps of 0.25 h, not 9


def unit_type(unit: UnitChoice, conditions: Conditions) -> UnitType:
    """Return one type of unit on this site.

    Parameters
    ----------
    unit
        What the site says about it.
    conditions
        What it meets there.
    """
    net_mw = net_rating_mw(unit)
    pmax_mw = net_mw * derate_ratio(unit, conditions.temp_c, conditions.place.altitude_m)
    if conditions.planned_outage_derates:
        pmax_mw *= 1.0 - unit.planned_outage_h / HOURS_PER_YEAR
    pmin_mw = np.minimum(unit.min_load_frac * net_mw, pmax_mw)
    curve = fuel_curve(unit, net_mw)
    chord_alpha, chord_beta = curve.chord(pmin_mw, pmax_mw)
    charged = capital_charge_frac(conditions.place, unit.life_yr)
    has_controls = _has_controls(unit, conditions.place)
    return UnitType(
        name=unit.name,
        fuel=unit.fuel,
        n_min=unit.n_min,
        n_max=unit.n_max,
        rating_mw=unit.rating_mw,
        net_rating_mw=net_mw,
        pmax_mw=pmax_mw,
        pmin_mw=pmin_mw,
        fuel_factor=fuel_factor(unit, conditions.temp_c),
        segment_alpha_mmbtu_per_h=curve.alpha_mmbtu_per_h,
        segment_beta_mmbtu_per_mwh=curve.beta_mmbtu_per_mwh,
        chord_alpha_mmbtu_per_h=chord_alpha,
        chord_beta_mmbtu_per_mwh=chord_beta,
        fuel_price_usd_per_mmbtu=conditions.fuel_price_usd_per_mmbtu[unit.fuel],
        ramp_mw_per_step=unit.ramp_frac_per_min * net_mw * MINUTES_PER_HOUR * conditions.step_h,
        step_mw=unit.step_frac * unit.rating_mw,
        min_up_steps=steps_of(unit.min_up_h, conditions.step_h),
        min_down_steps=steps_of(unit.min_down_h, conditions.step_h),
        start_fuel_mmbtu=unit.start_fuel_mmbtu,
        start_cost_usd=unit.start_cost_usd,
        vom_usd_per_mwh=unit.vom_usd_per_mwh,
        capital_usd_per_yr=capital_usd(unit, conditions.place) * charged + unit.scarcity_usd_per_yr,
        fom_usd_per_yr=unit.rating_mw * KW_PER_MW * unit.fom_usd_per_kw_yr,
        site_capital_usd_per_yr=unit.fixed_site_capex_usd * charged,
        site_fixed_usd_per_yr=unit.fixed_site_cost_usd_per_yr,
        planned_outage_h=unit.planned_outage_h,
        max_units_in_maintenance=unit.max_units_in_maintenance,
        lb_per_mwh=_lb_per_mwh(unit, has_controls=has_controls),
        lb_per_mmbtu=_known({"co2": unit.co2_lb_per_mmbtu}),
        lb_per_start={"nox": unit.nox_lb_per_start},
        forced_outage_frac=unit.forced_outage_frac,
        mttr_h=unit.mttr_h,
        start_failure_frac=unit.start_failure_frac,
        start_min=unit.cold_start_min,
        kind=unit.kind,
    )


def capital_usd(unit: UnitChoice, place: Place) -> float:
    """Return the capital of one unit, without what it saves where it has no emission controls."""
    saved = 0.0 if _has_controls(unit, place) else unit.controls_capex_usd_per_kw
    return unit.rating_mw * KW_PER_MW * max(0.0, unit.capex_usd_per_kw - saved)


def _has_controls(unit: UnitChoice, place: Place) -> bool:
    own = unit.emission_controls
    return place.emission_controls if own is None else own


def _lb_per_mwh(unit: UnitChoice, *, has_controls: bool) -> dict[Pollutant, float]:
    """Return the rates by output that are known; without controls the uncontrolled ones first."""
    controlled: dict[Pollutant, float | None] = {
        "nox": unit.nox_lb_per_mwh,
        "co": unit.co_lb_per_mwh,
        "voc": unit.voc_lb_per_mwh,
    }
    uncontrolled: dict[Pollutant, float | None] = {
        "nox": unit.uncontrolled_nox_lb_per_mwh,
        "co": unit.uncontrolled_co_lb_per_mwh,
        "voc": unit.uncontrolled_voc_lb_per_mwh,
    }
    known = _known(controlled)
    return known if has_controls else known | _known(uncontrolled)


def _known(rates: dict[Pollutant, float | None]) -> dict[Pollutant, float]:
    return {name: rate for name, rate in rates.items() if rate is not None}
