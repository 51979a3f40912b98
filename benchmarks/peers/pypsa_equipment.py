"""Units and batteries of a site in a PyPSA network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from peers.series import annuity, by_step, per_year

if TYPE_CHECKING:
    from linopy import Model
    from numpy.typing import NDArray
    from pypsa import Network

    from optmix.schema.site import BatteryChoice, Site, UnitChoice

LONG_BEFORE = 1000
LB_PER_TON = 2000.0


def add_unit(
    n: Network, site: Site, unit: UnitChoice, *, each_unit: bool, online_before: bool
) -> None:
    """Add the units of a type: one generator of many modules, or one generator for each unit."""
    net_mw = unit.rating_mw * (1.0 - unit.aux_frac)
    figures = power(n, site, unit) | costs(n, site, unit, net_mw) | {"p_nom_mod": net_mw}
    figures |= commitment(unit, site.time.step_h, least_pu=figures["p_min_pu"])
    figures |= state_before(net_mw, online=online_before)
    figures |= {"bus": "site", "carrier": unit.name, "p_nom_extendable": True}
    if isinstance(figures["marginal_cost"], dict):
        figures |= owned_already(n, unit, figures, net_mw)
    if each_unit:
        for k in range(unit.n_max):
            least_mw = net_mw if k < unit.n_min else 0.0
            n.add("Generator", f"{unit.name} {k}", p_nom_min=least_mw, p_nom_max=net_mw, **figures)
        return
    if figures.get("min_down_time", 0) > 1:
        raise ValueError("PyPSA's row of minimum down time holds for one module: use each_unit")
    figures |= {"p_nom_min": unit.n_min * net_mw, "p_nom_max": unit.n_max * net_mw}
    n.add("Generator", unit.name, **figures)


def owned_already(
    n: Network, unit: UnitChoice, figures: dict[str, Any], net_mw: float
) -> dict[str, Any]:
    """Return what makes a unit of given size, and put its yearly cost on something that must be."""
    if unit.n_min != unit.n_max:
        raise ValueError("PyPSA takes a cost curve of more than one slope for given sizes only")
    fleet_usd = figures["capital_cost"] * net_mw * unit.n_max
    must_be = {"p_nom_extendable": True, "p_nom_min": 1.0, "p_nom_max": 1.0, "p_max_pu": 0.0}
    n.add("Generator", f"{unit.name} owned", bus="site", capital_cost=fleet_usd, **must_be)
    return {"p_nom": net_mw, "p_nom_extendable": False, "p_nom_mod": 0.0}


def power(n: Network, site: Site, unit: UnitChoice) -> dict[str, NDArray[np.float64]]:
    """Return most and least output by temperature and altitude, as shares of net rating."""
    above_m = max(0.0, site.site.altitude_m - unit.derate_start_altitude_m)
    most = 1.0 - unit.derate_frac_per_c * heat_c(n, site, unit)
    most = np.clip(most * (1.0 - unit.derate_frac_per_100m * above_m / 100.0), 0.3, 1.0)
    return {"p_max_pu": most, "p_min_pu": np.minimum(unit.min_load_frac, most)}


def heat_c(n: Network, site: Site, unit: UnitChoice) -> NDArray[np.float64]:
    """Return by how much each step is hotter than where derating starts."""
    temp_c = by_step(n, site, site.weather.series or site.weather.temp_c)
    return np.maximum(0.0, temp_c - unit.derate_start_temp_c)


def fuel_lines(unit: UnitChoice, net_mw: float) -> list[tuple[float, float]]:
    """Return fuel as lines (MMBtu/h at no load, MMBtu/MWh) between neighbouring load points."""
    load_mw = np.array(unit.load_points_frac) * net_mw
    fuel = load_mw * unit.heat_rate_mmbtu_per_mwh
    slopes = np.diff(fuel) / np.diff(load_mw)
    return [(fuel[j] - slope * load_mw[j], slope) for j, slope in enumerate(slopes)]


def costs(n: Network, site: Site, unit: UnitChoice, net_mw: float) -> dict[str, Any]:
    """Return what a MW costs a year, a MWh, an hour online, and a start.

    PyPSA does not weigh starts with the steps, so theirs is the cost of a year. A curve is given as
    its slope up to each load point, the same in every step.
    """
    gas = by_step(n, site, site.fuel.price_usd_per_mmbtu)
    gas = gas + site.fuel.basis_usd_per_mmbtu + site.fuel.transport_usd_per_mmbtu
    nox = site.emissions.nox.price_usd_per_ton / LB_PER_TON
    co2 = site.emissions.co2.price_usd_per_ton * (unit.co2_lb_per_mmbtu or 0.0) / LB_PER_TON
    fuel = (gas + co2) * (1.0 + unit.heat_rate_penalty_frac_per_c * heat_c(n, site, unit))
    lines = fuel_lines(unit, net_mw)
    energy = [
        slope * fuel + unit.vom_usd_per_mwh + nox * (unit.nox_lb_per_mwh or 0.0)
        for _, slope in lines
    ]
    curve = {0.0: 0.0}
    curve |= {load: slope[0] for load, slope in zip(unit.load_points_frac[1:], energy, strict=True)}
    start = unit.start_cost_usd + unit.start_fuel_mmbtu * gas + nox * unit.nox_lb_per_start
    yearly = unit.capex_usd_per_kw * annuity(site.site.wacc, unit.life_yr) + unit.fom_usd_per_kw_yr
    return {
        "capital_cost": 1000.0 * yearly * unit.rating_mw / net_mw,
        "marginal_cost": energy[0] if len(energy) == 1 else curve,
        "stand_by_cost": lines[0][0] * fuel,
        "start_up_cost": start * per_year(n),
    }


def commitment(unit: UnitChoice, step_h: float, least_pu: NDArray[np.float64]) -> dict[str, Any]:
    """Return minimum times in steps and ramps as shares of net rating, where there are any."""
    free = not (unit.start_cost_usd or unit.start_fuel_mmbtu or unit.nox_lb_per_start)
    proportional = np.ptp(unit.heat_rate_mmbtu_per_mwh) == 0.0
    if free and proportional and not least_pu.any():
        return {}
    ramp = unit.ramp_frac_per_min * 60.0 * step_h
    entry = max(ramp, float(least_pu.max()))
    ramps = {"ramp_limit_up": ramp, "ramp_limit_start_up": entry}
    ramps |= {"ramp_limit_down": ramp, "ramp_limit_shut_down": entry}
    return {
        "committable": True,
        "min_up_time": int(np.ceil(unit.min_up_h / step_h)),
        "min_down_time": int(np.ceil(unit.min_down_h / step_h)),
    } | (ramps if ramp < 1.0 else {})


def state_before(net_mw: float, *, online: bool) -> dict[str, Any]:
    """Return the state before the first step: long off, or long on and at full load."""
    if online:
        return {"up_time_before": LONG_BEFORE, "down_time_before": 0, "p_init": net_mw}
    return {"up_time_before": 0, "down_time_before": LONG_BEFORE, "p_init": 0.0}


def add_battery(n: Network, site: Site, battery: BatteryChoice) -> None:
    """Add the modules of a product; its energy is what lies between lowest and highest charge."""
    window = (battery.soc_max_frac - battery.soc_min_frac) * battery.capacity_frac
    capital = battery.capex_usd_per_kw + battery.capex_usd_per_kwh * hours_of(battery)
    yearly = capital * annuity(site.site.wacc, battery.life_yr) + battery.fom_usd_per_kw_yr
    n.add(
        "StorageUnit",
        battery.name,
        bus="site",
        p_nom_extendable=True,
        p_nom_mod=battery.module_mw,
        p_nom_min=battery.n_min * battery.module_mw,
        p_nom_max=battery.n_max * battery.module_mw,
        max_hours=hours_of(battery) * window,
        efficiency_store=battery.eta_charge or battery.rte_frac**0.5,
        efficiency_dispatch=battery.eta_discharge or battery.rte_frac**0.5,
        standing_loss=battery.self_discharge_frac_per_h,
        cyclic_state_of_charge=True,
        capital_cost=1000.0 * yearly,
        marginal_cost=battery.vom_usd_per_mwh,
    )


def limit_battery(model: Model, battery: BatteryChoice, hours_per_year: float) -> None:
    """Let charging and discharging share the power, and keep within the cycles of a year."""
    given, taken, size_mw = (
        model[f"StorageUnit-{name}"].sel(name=battery.name)
        for name in ("p_dispatch", "p_store", "p_nom")
    )
    cycled_h = battery.cycles_per_year * battery.capacity_frac * hours_of(battery)
    used_mwh = hours_per_year * given.sum("snapshot")
    model.add_constraints(given + taken - size_mw <= 0, name=f"{battery.name}-power")
    model.add_constraints(used_mwh - cycled_h * size_mw <= 0, name=f"{battery.name}-cycles")


def hours_of(battery: BatteryChoice) -> float:
    """Return nameplate energy over power."""
    return battery.module_mwh / battery.module_mw
