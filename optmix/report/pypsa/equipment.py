"""Units, batteries and flexible demand of a case as components of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.units import LB_PER_SHORT_TON

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct, FlexibleTier, UnitType
    from optmix.report.pypsa.network import Network

__all__ = ["add_battery", "add_fixed_cost", "add_tier", "add_unit", "needs_commitment"]

LONG_BEFORE = 1000
"""Steps for which every unit was off before the horizon."""

BUS = "site"


def add_unit(network: Network, case: Case, unit: UnitType, count: tuple[int, int]) -> None:
    """Add the units of a type: one generator of many modules, of which a whole number is online.

    Parameters
    ----------
    network
        The network.
    case, unit
        The site and the type.
    count
        Fewest and most units.
    """
    net_mw = unit.net_rating_mw
    yearly = unit.capital_usd_per_yr + unit.fom_usd_per_yr
    attributes: dict[str, Any] = {
        "bus": BUS,
        "carrier": unit.fuel,
        "p_nom_extendable": True,
        "p_nom_mod": net_mw,
        "p_nom_min": count[0] * net_mw,
        "p_nom_max": count[1] * net_mw,
        "p_max_pu": unit.pmax_mw / net_mw,
        "capital_cost": yearly / net_mw,
        **_costs(case, unit),
    }
    if needs_commitment(unit):
        attributes |= {"p_min_pu": unit.pmin_mw / net_mw, **_commitment(unit)}
    network.add("generators", unit.name, **attributes)


def needs_commitment(unit: UnitType) -> bool:
    """Return whether it matters how many units are online."""
    return bool(
        unit.pmin_mw.any()
        or np.abs(unit.chord_alpha_mmbtu_per_h).max() > 0
        or unit.start_cost_usd
        or unit.start_fuel_mmbtu
    )


def _costs(case: Case, unit: UnitType) -> dict[str, Floats]:
    """Return the cost of a MWh and of an hour online in each step, and of a start.

    PyPSA does not weigh starts with the steps, so theirs is the cost of a year.
    """
    price = {b.pollutant: b.price_usd_per_ton / LB_PER_SHORT_TON for b in case.emissions}
    by_heat = sum(price[name] * rate for name, rate in unit.lb_per_mmbtu.items())
    by_energy = sum(price[name] * rate for name, rate in unit.lb_per_mwh.items())
    by_start = sum(price[name] * rate for name, rate in unit.lb_per_start.items())
    heat_usd = unit.fuel_price_usd_per_mmbtu + by_heat
    running_usd = heat_usd * unit.fuel_factor
    start_usd = unit.start_cost_usd + unit.start_fuel_mmbtu * heat_usd + by_start
    energy_usd = running_usd * unit.chord_beta_mmbtu_per_mwh + unit.vom_usd_per_mwh + by_energy
    costs = {"marginal_cost": energy_usd}
    if needs_commitment(unit):
        costs["stand_by_cost"] = running_usd * unit.chord_alpha_mmbtu_per_h
        costs["start_up_cost"] = start_usd * case.axis.annual_factor[0]
    return costs


def _commitment(unit: UnitType) -> dict[str, Any]:
    """Return minimum times and ramps, and that all units are off before the first step."""
    attributes: dict[str, Any] = {
        "committable": True,
        "min_up_time": unit.min_up_steps,
        "up_time_before": 0,
        "down_time_before": LONG_BEFORE,
        "p_init": 0.0,
    }
    ramp = unit.ramp_mw_per_step / unit.net_rating_mw
    if ramp < 1.0:
        entry = max(ramp, float((unit.pmin_mw / unit.net_rating_mw).max()))
        attributes |= {"ramp_limit_up": ramp, "ramp_limit_start_up": entry}
        attributes |= {"ramp_limit_down": ramp, "ramp_limit_shut_down": entry}
    return attributes


def add_battery(network: Network, case: Case, item: BatteryProduct, count: tuple[int, int]) -> None:
    """Add the modules of a product; its energy is what lies between lowest and highest charge."""
    usable_mwh = item.usable_mwh * (item.soc_max_frac - item.soc_min_frac)
    network.add(
        "storage_units",
        item.name,
        bus=BUS,
        p_nom_extendable=True,
        p_nom_mod=item.module_mw,
        p_nom_min=count[0] * item.module_mw,
        p_nom_max=count[1] * item.module_mw,
        max_hours=usable_mwh / item.module_mw,
        efficiency_store=item.eta_charge,
        efficiency_dispatch=item.eta_discharge,
        standing_loss=1.0 - item.retention ** (1.0 / case.axis.step_h),
        cyclic_state_of_charge=True,
        capital_cost=(item.capital_usd_per_yr + item.fom_usd_per_yr) / item.module_mw,
        marginal_cost=item.vom_usd_per_mwh,
    )


def add_tier(network: Network, case: Case, tier: FlexibleTier) -> None:
    """Add demand that may be curtailed as a generator that gives what is not taken."""
    largest_mw = float(tier.limit_mw.max()) or 1.0
    network.add(
        "generators",
        tier.name,
        bus=BUS,
        p_nom=largest_mw,
        p_max_pu=tier.limit_mw / largest_mw,
        marginal_cost=tier.cost_usd_per_mwh,
        e_sum_max=float(tier.budget_mwh[0] / case.axis.annual_factor[0]),
    )


def add_fixed_cost(network: Network, name: str, usd_per_yr: float) -> None:
    """Add a cost that does not depend on any decision, on a thing that must be there."""
    network.add(
        "generators",
        name,
        bus=BUS,
        p_nom_extendable=True,
        p_nom_min=1.0,
        p_nom_max=1.0,
        p_max_pu=0.0,
        capital_cost=usd_per_yr,
    )
