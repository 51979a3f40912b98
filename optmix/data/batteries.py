"""Battery products on the site: power, energy, efficiency and costs of one module."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optmix.data.equipment import BatteryProduct
from optmix.data.finance import capital_charge_frac
from optmix.units import KW_PER_MW

if TYPE_CHECKING:
    from optmix.schema.site import BatteryChoice
    from optmix.schema.surroundings import Place

__all__ = ["battery_product", "module_capital_usd"]


def battery_product(battery: BatteryChoice, place: Place, step_h: float) -> BatteryProduct:
    """Return one battery product on this site.

    Energy is lost evenly over a step, ``1 - rate * step_h``; a rate and a step at which nothing
    would be left leave nothing.

    Parameters
    ----------
    battery
        What the site says about it.
    place
        Cost of capital.
    step_h
        Length of a step.
    """
    root = math.sqrt(battery.rte_frac)
    module_kw = battery.module_mw * KW_PER_MW
    charged = capital_charge_frac(place, battery.life_yr)
    return BatteryProduct(
        name=battery.name,
        n_min=battery.n_min,
        n_max=battery.n_max,
        module_mw=battery.module_mw,
        module_mwh=battery.module_mwh,
        usable_mwh=battery.module_mwh * battery.capacity_frac,
        eta_charge=root if battery.eta_charge is None else battery.eta_charge,
        eta_discharge=root if battery.eta_discharge is None else battery.eta_discharge,
        retention=max(0.0, 1.0 - battery.self_discharge_frac_per_h * step_h),
        soc_min_frac=battery.soc_min_frac,
        soc_max_frac=battery.soc_max_frac,
        cycles_per_year=battery.cycles_per_year,
        aux_mw=battery.aux_frac * battery.module_mw,
        vom_usd_per_mwh=battery.vom_usd_per_mwh,
        capital_usd_per_yr=module_capital_usd(battery) * charged + battery.scarcity_usd_per_yr,
        fom_usd_per_yr=battery.fom_usd_per_kw_yr * module_kw,
        forced_outage_frac=battery.forced_outage_frac,
        mttr_h=battery.mttr_h,
    )


def module_capital_usd(battery: BatteryChoice) -> float:
    """Return the capital of one module."""
    by_power = battery.capex_usd_per_kw * battery.module_mw
    return (by_power + battery.capex_usd_per_kwh * battery.module_mwh) * KW_PER_MW
