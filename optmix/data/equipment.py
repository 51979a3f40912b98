"""What can be built or drawn on at a site, as frozen numpy arrays.

Shapes are those of ``optmix.data.axis``; J is the number of lines of a fuel curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from optmix.data.arrays import Floats
    from optmix.schema.operation import Pollutant
    from optmix.schema.technology import ThermalKind

__all__ = ["BatteryProduct", "FlexibleTier", "GasSupply", "GridTie", "Stock", "UnitType"]


@dataclass(frozen=True, eq=False)
class UnitType:
    """One type of thermal unit on this site; figures are per unit.

    Attributes
    ----------
    kind
        Class of machine, as in `optmix.schema.technology.ThermalKind`.
    pmax_mw, pmin_mw
        Most and least net output of one unit online in each step. Shape (T,).
    fuel_factor
        Ambient penalty on fuel, 1 or more. Shape (T,).
    segment_alpha_mmbtu_per_h, segment_beta_mmbtu_per_mwh
        Lines through neighbouring load points: fuel = alpha + beta * output. Shape (J,).
    chord_alpha_mmbtu_per_h, chord_beta_mmbtu_per_mwh
        Line from minimum to full load, used where fuel has a negative price. Like the segments it
        is still without ``fuel_factor``. Shape (T,).
    capital_usd_per_yr, fom_usd_per_yr
        Annuity and fixed operation and maintenance of one unit.
    site_capital_usd_per_yr, site_fixed_usd_per_yr
        Annuity and yearly cost of a site that has any unit of the type.
    lb_per_mwh, lb_per_mmbtu, lb_per_start
        Emission rates by pollutant; what is not named counts as zero.
    """

    name: str
    fuel: str
    n_min: int
    n_max: int
    rating_mw: float
    net_rating_mw: float
    pmax_mw: Floats
    pmin_mw: Floats
    fuel_factor: Floats
    segment_alpha_mmbtu_per_h: Floats
    segment_beta_mmbtu_per_mwh: Floats
    chord_alpha_mmbtu_per_h: Floats
    chord_beta_mmbtu_per_mwh: Floats
    fuel_price_usd_per_mmbtu: Floats
    ramp_mw_per_step: float
    step_mw: float
    min_up_steps: int
    min_down_steps: int
    start_fuel_mmbtu: float
    start_cost_usd: float
    vom_usd_per_mwh: float
    capital_usd_per_yr: float
    fom_usd_per_yr: float
    site_capital_usd_per_yr: float
    site_fixed_usd_per_yr: float
    planned_outage_h: float
    max_units_in_maintenance: int
    lb_per_mwh: dict[Pollutant, float]
    lb_per_mmbtu: dict[Pollutant, float]
    lb_per_start: dict[Pollutant, float]
    forced_outage_frac: float
    mttr_h: float
    start_failure_frac: float
    start_min: float
    kind: ThermalKind = "high-speed-engine"

    def has_rate(self, pollutant: Pollutant) -> bool:
        """Return whether it is known how much of a pollutant running emits, be it nothing."""
        return pollutant in self.lb_per_mwh or pollutant in self.lb_per_mmbtu


@dataclass(frozen=True, eq=False)
class BatteryProduct:
    """One battery product on this site; figures are per module.

    ``retention`` is the share of stored energy left after one step, ``usable_mwh`` the nameplate
    energy times its mean usable share over life.
    """

    name: str
    n_min: int
    n_max: int
    module_mw: float
    module_mwh: float
    usable_mwh: float
    eta_charge: float
    eta_discharge: float
    retention: float
    soc_min_frac: float
    soc_max_frac: float
    cycles_per_year: float
    aux_mw: float
    vom_usd_per_mwh: float
    capital_usd_per_yr: float
    fom_usd_per_yr: float
    forced_outage_frac: float
    mttr_h: float


@dataclass(frozen=True, eq=False)
class GridTie:
    """The tie to the grid; arrays have shape (T,).

    ``import_price`` includes the adder. ``coincident_weight`` adds up to 1 over each operating year
    that has coincident hours, and is 0 elsewhere. ``operation_start`` is the day that the first
    step stands for; without it that is its own local date.
    """

    withdrawal_max_mw: float
    withdrawal_min_mw: float
    export_max_mw: float
    availability: Floats
    import_price_usd_per_mwh: Floats
    export_price_usd_per_mwh: Floats
    demand_charge_usd_per_mw_month: float
    coincident_charge_usd_per_mw_yr: float
    coincident_weight: Floats
    capital_usd_per_mw_yr: float
    capital_fixed_usd_per_yr: float
    security_carry_usd_per_mw_yr: float
    outages_per_year: float
    outage_mean_h: float
    energization_date: dt.date | None = None
    operation_start: dt.date | None = None


@dataclass(frozen=True, eq=False)
class FlexibleTier:
    """Demand that may be curtailed. ``limit_mw`` has shape (T,), ``budget_mwh`` shape (Y,).

    The budget is annual: energy over the horizon times ``Axis.annual_factor`` stays within it.
    """

    name: str
    limit_mw: Floats
    cost_usd_per_mwh: float
    budget_mwh: Floats
    is_fast: bool


@dataclass(frozen=True, eq=False)
class Stock:
    """Fuel stored on site."""

    name: str
    fuel: str
    capacity_mmbtu: float
    min_content_mmbtu: float
    refill_max_mmbtu_per_h: float
    withdrawal_max_mmbtu_per_h: float
    price_usd_per_mmbtu: float
    fixed_usd_per_yr: float


@dataclass(frozen=True, eq=False)
class GasSupply:
    """Gas by pipeline: delivered price by step, and limits (``inf`` where there is none)."""

    price_usd_per_mmbtu: Floats
    daily_max_mmbtu: float
    hourly_max_mmbtu_per_h: float
