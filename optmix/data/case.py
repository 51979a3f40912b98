"""The Case: everything the equations need, as frozen numpy arrays.

All operating years stand one after the other on one axis of steps, so an equation never loops over
years: it asks the axis for the step before, the month, or the week of a step. Within a year time is
cyclic; between years nothing is carried over.

Shapes: T steps over all operating years, Y years, M months, K maintenance weeks, D days. Months,
weeks and days are numbered over all years, so that each belongs to exactly one year.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.schema.operation import Pollutant

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Stamps = NDArray[np.datetime64]

__all__ = [
    "Axis",
    "BatteryProduct",
    "Case",
    "EmissionBudget",
    "FlexibleTier",
    "GasSupply",
    "GridTie",
    "SecurityPolicy",
    "Stock",
    "UnitType",
]


@dataclass(frozen=True, eq=False)
class Axis:
    """The steps of all operating years and the calendar they fall into.

    Attributes
    ----------
    step_h
        Length of every step.
    start_utc
        Start of each step in UTC. Shape (T,).
    year, month, week, day
        Index of the operating year, calendar month, maintenance week and calendar day of each
        step, in local time. Shape (T,).
    local_hour
        Local clock hour of each step, 0 to 23. Shape (T,).
    year_name
        Name of each operating year. Length Y.
    probability
        Probability of each operating year. Shape (Y,).
    month_label
        ``2025-07`` for each month. Length M.
    timezone
        IANA name of the local time.
    """

    step_h: float
    start_utc: Stamps
    year: Ints
    month: Ints
    week: Ints
    day: Ints
    local_hour: Ints
    year_name: tuple[str, ...]
    probability: Floats
    month_label: tuple[str, ...]
    timezone: str

    @property
    def n_steps(self) -> int:
        """Number of steps over all operating years."""
        return len(self.year)

    @property
    def n_years(self) -> int:
        """Number of operating years."""
        return len(self.year_name)

    @cached_property
    def year_first(self) -> Ints:
        """First step of each year. Shape (Y,)."""
        return np.searchsorted(self.year, np.arange(self.n_years)).astype(np.int64)

    @cached_property
    def year_steps(self) -> Ints:
        """Number of steps of each year. Shape (Y,)."""
        return np.bincount(self.year, minlength=self.n_years).astype(np.int64)

    @cached_property
    def month_year(self) -> Ints:
        """Operating year of each month. Shape (M,)."""
        return _owner(self.month, self.year)

    @cached_property
    def week_year(self) -> Ints:
        """Operating year of each maintenance week. Shape (K,)."""
        return _owner(self.week, self.year)

    @cached_property
    def annual_factor(self) -> Floats:
        """How often each year's horizon fits into a year; 1 for a whole year. Shape (Y,)."""
        return np.asarray(np.maximum(1.0, 8760.0 / (self.year_steps * self.step_h)))

    @cached_property
    def month_factor(self) -> Floats:
        """Months of a year over months present, for monthly charges. Shape (Y,)."""
        return np.asarray(12.0 / np.bincount(self.month_year, minlength=self.n_years))

    @cached_property
    def hours_per_year(self) -> Floats:
        """Hours of an average year that each step stands for. Shape (T,)."""
        return np.asarray((self.probability * self.annual_factor)[self.year] * self.step_h)

    def before(self, t: int, steps: int = 1) -> int:
        """Return the step ``steps`` earlier in the same, cyclic, year."""
        first = int(self.year_first[self.year[t]])
        return first + (t - first - steps) % int(self.year_steps[self.year[t]])

    def steps_of_year(self, year: int) -> range:
        """Return the steps of one operating year."""
        first = int(self.year_first[year])
        return range(first, first + int(self.year_steps[year]))


def _owner(part: Ints, year: Ints) -> Ints:
    """Return the year of each part (month, week), both given by step."""
    _, first = np.unique(part, return_index=True)
    return year[first]


@dataclass(frozen=True, eq=False)
class UnitType:
    """One type of thermal unit on this site; figures are per unit.

    Attributes
    ----------
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
        Emission rates by pollutant; what is not named is zero.
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
    that has coincident hours, and is 0 elsewhere.
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


@dataclass(frozen=True)
class SecurityPolicy:
    """Which reserve equations hold; ``swing_mw`` of 0 switches RES-3 off."""

    loss_of_unit: bool
    loss_of_grid: bool
    swing_mw: float
    bridge_h: float


@dataclass(frozen=True)
class EmissionBudget:
    """Cap (``inf`` where there is none) and price of one pollutant."""

    pollutant: Pollutant
    cap_tpy: float
    is_potential: bool
    price_usd_per_ton: float


@dataclass(frozen=True, eq=False)
class Case:
    """One site as numbers.

    Attributes
    ----------
    demand_mw, temp_c
        Gross demand and ambient temperature of each step. Shape (T,).
    voll_usd_per_mwh
        Value of lost load; ``None`` where every step must be served in full.
    maintenance_mode
        ``scheduled``, ``derate`` or ``none``, after the fallback for short horizons.
    is_blackout_week
        Whether a maintenance week is closed to planned outages. Shape (K,).
    warnings
        What the user should know about how the inputs were read.
    """

    name: str
    axis: Axis
    demand_mw: Floats
    temp_c: Floats
    units: tuple[UnitType, ...]
    batteries: tuple[BatteryProduct, ...]
    grid: GridTie | None
    tiers: tuple[FlexibleTier, ...]
    voll_usd_per_mwh: float | None
    gas: GasSupply
    stocks: tuple[Stock, ...]
    security: SecurityPolicy
    maintenance_mode: str
    is_blackout_week: NDArray[np.bool_]
    emissions: tuple[EmissionBudget, ...]
    warnings: tuple[str, ...]
