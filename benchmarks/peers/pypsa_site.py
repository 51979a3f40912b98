"""A site as a PyPSA network: the same plant in a model that other people wrote.

The network is made from the fields of the Site and the CSV files beside it. Nothing that optmix
computes from a site is used; the formulas stand here a second time.

PyPSA 1.4 sizes a generator in whole modules and commits them: `p_nom_mod`, `p_nom_extendable` and
`committable` together give it a whole number of modules online, as optmix clusters the units of a
type. What PyPSA cannot do, and what is done about it:

- Its row of minimum down time is meant for one module. With `each_unit` every unit is a generator
  of its own, of one module. That is also the other formulation of commitment, unit by unit; for
  equal units without ramps its optimum is that of the clusters.
- Its commitment is not cyclic: the state before the first step is given. A site with starts must
  have a demand that fixes that state, none (all units off) or all that the fleet gives (all on),
  for the longest minimum time at the end of the horizon. `online_before` says which.
- A storage unit may charge and discharge at full power at once, and cycles have no limit. Both rows
  are added to PyPSA's model, as its manual does with rows of one's own.
- A cost curve of more than one slope needs a fixed fleet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from peers.pypsa_equipment import LB_PER_TON, add_battery, add_unit, limit_battery
from peers.pypsa_tie import add_tie
from peers.series import by_step, per_year

if TYPE_CHECKING:
    from pypsa import Network

    from optmix.schema.site import Site

GAP = 1e-7


@dataclass(frozen=True)
class Answer:
    """The least annual cost that PyPSA found, and what HiGHS proved none can beat."""

    objective_usd: float
    bound_usd: float


def least_cost(site: Site, *, each_unit: bool = False, online_before: bool = False) -> Answer:
    """Build the network of a site and find its least annual cost."""
    n = network(site, each_unit=each_unit, online_before=online_before)
    model = n.optimize.create_model(include_objective_constant=False)
    for battery in site.battery:
        limit_battery(model, battery, hours_per_year=n.snapshot_weightings.objective.iloc[0])
    options = {"mip_rel_gap": GAP, "threads": 1, "output_flag": False}
    model.solve(solver_name="highs", io_api="direct", **options)
    info = model.solver_model.getInfo()
    return Answer(float(info.objective_function_value), float(info.mip_dual_bound))


def network(site: Site, *, each_unit: bool = False, online_before: bool = False) -> Network:
    """Return the network of a site: one bus, and what stands on it."""
    from pypsa import Network

    refuse_the_rest(site)
    n = Network(snapshots=stamps(site))
    n.add("Carrier", "AC")
    n.add("Bus", "site", carrier="AC")
    n.snapshot_weightings["objective"] = 8760.0 / len(n.snapshots)
    n.snapshot_weightings["stores"] = n.snapshot_weightings["generators"] = site.time.step_h
    add_demand(n, site)
    for unit in site.unit:
        add_unit(n, site, unit, each_unit=each_unit, online_before=online_before)
    for battery in site.battery:
        add_battery(n, site, battery)
    if site.grid is not None:
        add_tie(n, site, site.grid)
    add_caps(n, site)
    add_years(n, site)
    return n


def refuse_the_rest(site: Site) -> None:
    """Fail where a site has something that its network would leave out."""
    left_out = {
        "reserve": site.security.loss_of_unit or site.security.loss_of_grid,
        "load step": site.security.swing_mw,
        "maintenance": site.maintenance.mode != "none",
        "fuel on site": site.fuel_stock,
        "gas of several days": site.fuel.mdq_mmbtu_per_day is not None and site.time.hours != 24.0,
        "gas of an hour": site.fuel.hourly_max_mmbtu_per_h is not None,
        "fixed cost of a type": any(
            u.fixed_site_capex_usd or u.fixed_site_cost_usd_per_yr for u in site.unit
        ),
        "auxiliaries of a battery": any(b.aux_frac for b in site.battery),
        "leak of the charge that is never used": any(
            b.soc_min_frac and b.self_discharge_frac_per_h for b in site.battery
        ),
        "least or fixed cost of a tie": site.grid is not None
        and (site.grid.withdrawal_min_mw or site.grid.interconnection_fixed_usd),
    }
    names = [name for name, value in left_out.items() if value]
    if names:
        raise ValueError(f"the network would leave out: {', '.join(names)}")


def stamps(site: Site) -> pd.DatetimeIndex:
    """Return the start of each step."""
    hours, step_h = site.time.hours, site.time.step_h
    return pd.date_range(site.time.start, periods=round(hours / step_h), freq=f"{step_h}h")


def add_demand(n: Network, site: Site) -> None:
    """Add demand, what of it may be curtailed, and what may stay unserved."""
    demand = site.demand
    demand_mw = by_step(n, site, demand.series)
    n.add("Load", "demand", bus="site", p_set=demand_mw)
    for tier in demand.flexible:
        n.add(
            "Generator",
            tier.name,
            bus="site",
            p_nom=tier.frac,
            p_max_pu=demand_mw,
            marginal_cost=tier.cost_usd_per_mwh,
            e_sum_max=tier.hours_per_year * tier.frac * demand_mw.max() / per_year(n),
        )
    if demand.voll_usd_per_mwh is not None:
        no_limit = {"bus": "site", "p_nom": 1e4}
        n.add("Generator", "unserved", marginal_cost=demand.voll_usd_per_mwh, **no_limit)


def add_caps(n: Network, site: Site) -> None:
    """Limit the CO2 and NOx of a year and the gas of a day, for fuel in proportion to output."""
    for unit in site.unit:
        heat_rate = unit.heat_rate_mmbtu_per_mwh[-1]
        rates = {
            "co2_ton": (unit.co2_lb_per_mmbtu or 0.0) * heat_rate / LB_PER_TON,
            "nox_ton": (unit.nox_lb_per_mwh or 0.0) / LB_PER_TON,
            "gas_mmbtu": heat_rate,
        }
        n.add("Carrier", unit.name, **rates)
    caps = {
        "co2_ton": (site.emissions.co2.cap_tpy, per_year(n)),
        "nox_ton": (site.emissions.nox.cap_tpy, per_year(n)),
        "gas_mmbtu": (site.fuel.mdq_mmbtu_per_day, 1.0),
    }
    for what, (cap, horizons) in caps.items():
        if cap is not None:
            kind = {"type": "primary_energy", "carrier_attribute": what, "sense": "<="}
            n.add("GlobalConstraint", what, constant=cap / horizons, **kind)


def add_years(n: Network, site: Site) -> None:
    """Make each operating year a scenario with its own demand; sizes are common to all."""
    if not site.operating_year:
        return
    demand_mw = {year.name: by_step(n, site, year.demand.series) for year in site.operating_year}
    n.set_scenarios({year.name: year.probability for year in site.operating_year})
    for name, values in demand_mw.items():
        n.c.loads.dynamic.p_set[name, "demand"] = values
