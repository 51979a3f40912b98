"""Technologies of the catalog: thermal units and battery products, every figure with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optmix.schema.base import Count, Fraction, Label, NonNegative, Positive, Record

__all__ = [
    "BatteryTechnology",
    "Confidence",
    "Source",
    "ThermalKind",
    "ThermalTechnology",
]

Confidence = Literal["high", "medium-high", "medium", "low-medium", "low", "unverified"]

ThermalKind = Literal[
    "aero-turbine",
    "industrial-turbine",
    "frame-turbine",
    "combined-cycle",
    "high-speed-engine",
    "medium-speed-engine",
    "diesel-standby",
    "fuel-cell",
]

Rate = Annotated[float, Field(ge=0, le=10_000, strict=True)]
"""An emission rate in lb per MWh, per MMBtu, or per start."""


class Source(Record):
    """Where a figure comes from and how far it can be trusted."""

    ref: str = Field(min_length=1, max_length=1000)
    """The document, data sheet or data set."""
    confidence: Confidence
    """``unverified`` marks figures from general knowledge that nobody has checked."""
    note: str = Field(default="", max_length=2000)
    """What to know before using the figure."""


class ThermalTechnology(Record):
    """One model of gas turbine, engine, fuel cell or standby set."""

    model: Label
    """Model as sold."""
    vendor: Label = ""
    """Manufacturer."""
    kind: ThermalKind
    """Class of machine."""
    fuel: Literal["natural_gas", "diesel"] = "natural_gas"
    """What it burns."""

    rating_mw: Annotated[Positive, Field(le=2000)]
    """Output of one unit at ISO conditions (15 degC, sea level)."""
    rating_basis: Literal["net", "gross"]
    """Whether ``rating_mw`` is before (gross) or after (net) the unit's own auxiliaries."""
    aux_frac: Annotated[Fraction, Field(lt=0.5)] = 0.0
    """Share of a gross rating taken by auxiliaries; 0 where the rating is net."""
    min_load_frac: Fraction
    """Minimum stable load, share of net rating, within emission limits."""
    load_points_frac: tuple[Positive, ...] = Field(min_length=2, max_length=12)
    """Loads at which heat rates are given, rising shares of net rating, ending at 1."""
    heat_rate_mmbtu_per_mwh: tuple[Positive, ...] = Field(min_length=2, max_length=12)
    """Net heat rate (HHV) at each load point; fuel must be convex in output."""

    ramp_frac_per_min: Positive
    """Ramp of one unit online, share of net rating per minute."""
    step_frac: Fraction = 0.0
    """Share of rating that one unit online takes up within seconds (block load)."""
    cold_start_min: NonNegative = 0.0
    """Minutes from standstill to minimum load, cold."""
    hot_start_min: NonNegative = 0.0
    """Minutes from standstill to minimum load, warm."""
    min_up_h: Annotated[NonNegative, Field(le=168)] = 0.0
    """Shortest run."""
    min_down_h: Annotated[NonNegative, Field(le=168)] = 0.0
    """Shortest stop."""
    start_fuel_mmbtu: NonNegative = 0.0
    """Fuel of one start (HHV)."""
    start_cost_usd: NonNegative = 0.0
    """Wear and other cost of one start, without fuel."""

    derate_start_temp_c: Annotated[float, Field(ge=-60, le=60, strict=True)] = 15.0
    """Ambient temperature above which output falls."""
    derate_frac_per_c: Annotated[Fraction, Field(le=0.1)] = 0.0
    """Output lost per degC above ``derate_start_temp_c``."""
    heat_rate_penalty_frac_per_c: Annotated[Fraction, Field(le=0.1)] = 0.0
    """Fuel added per degC above ``derate_start_temp_c``."""
    cold_rise_frac_per_c: Annotated[Fraction, Field(le=0.1)] = 0.0
    """Output gained per degC below ``derate_start_temp_c``, if the maker allows it."""
    cold_rise_max_frac: Annotated[Fraction, Field(le=0.5)] = 0.0
    """Largest such gain."""
    derate_start_altitude_m: Annotated[float, Field(ge=-500, le=6000, strict=True)] = 0.0
    """Altitude above which output falls."""
    derate_frac_per_100m: Annotated[Fraction, Field(le=0.1)] = 0.0
    """Output lost per 100 m above ``derate_start_altitude_m``."""

    capex_usd_per_kw: NonNegative
    """All-in capital cost per kW of rating, emission controls included."""
    capex_low_usd_per_kw: NonNegative | None = None
    """Low end of the range of quotes."""
    capex_high_usd_per_kw: NonNegative | None = None
    """High end of the range of quotes."""
    fom_usd_per_kw_yr: NonNegative
    """Fixed operation and maintenance per kW of rating."""
    vom_usd_per_mwh: NonNegative
    """Variable operation and maintenance, major overhauls included."""
    fixed_site_capex_usd: NonNegative = 0.0
    """Capital spent once on a site that has any unit of this type."""
    fixed_site_cost_usd_per_yr: NonNegative = 0.0
    """Yearly cost of a site that has any unit of this type."""
    life_yr: Annotated[Positive, Field(le=100)]
    """Economic life."""

    nox_lb_per_mwh: Rate | None = None
    """NOx with emission controls, by output; none where it is not known, which counts as 0."""
    co_lb_per_mwh: Rate | None = None
    """CO with emission controls, by output; none where it is not known, which counts as 0."""
    voc_lb_per_mwh: Rate | None = None
    """VOC with emission controls, by output; none where it is not known, which counts as 0."""
    co2_lb_per_mmbtu: Rate | None = None
    """CO2 by fuel (HHV); none where it is not known, which counts as 0."""
    nox_lb_per_start: Rate = 0.0
    """NOx of one start."""
    uncontrolled_nox_lb_per_mwh: Rate | None = None
    """NOx without SCR."""
    uncontrolled_co_lb_per_mwh: Rate | None = None
    """CO without oxidation catalyst."""
    uncontrolled_voc_lb_per_mwh: Rate | None = None
    """VOC without oxidation catalyst."""
    controls_capex_usd_per_kw: NonNegative = 0.0
    """Part of ``capex_usd_per_kw`` that a unit without emission controls saves."""

    forced_outage_frac: Annotated[Fraction, Field(lt=1)] = 0.0
    """Forced outage rate: probability that one unit is on forced outage."""
    mttr_h: Positive = 48.0
    """Mean time to repair a forced outage."""
    mttf_h: Positive | None = None
    """Mean time to failure; not needed, and checked against the two figures above if given."""
    start_failure_frac: Annotated[Fraction, Field(lt=1)] = 0.0
    """Probability that a start fails."""
    planned_outage_h: Annotated[NonNegative, Field(le=8760)] = 0.0
    """Planned maintenance of one unit per year."""
    max_units_in_maintenance: Annotated[Count, Field(ge=1)] = 1
    """Units of this type that may be in planned maintenance at once."""

    lead_time_months: NonNegative | None = None
    """Typical months from order to operation."""
    source: dict[str, Source] = Field(default_factory=dict)
    """Source of each field by name; ``default`` covers those not named."""


class BatteryTechnology(Record):
    """One battery product, bought in whole modules."""

    model: Label
    """Product as sold."""
    vendor: Label = ""
    """Manufacturer."""
    kind: Literal["battery"] = "battery"
    """Class of equipment."""
    module_mw: Annotated[Positive, Field(le=2000)]
    """Power of one module at the site bus, charging and discharging together."""
    module_mwh: Annotated[Positive, Field(le=20_000)]
    """Nameplate energy of one module."""
    rte_frac: Annotated[Fraction, Field(gt=0)]
    """Round-trip efficiency at the site bus."""
    eta_charge: Fraction | None = Field(default=None, gt=0)
    """Charging efficiency; by default the square root of ``rte_frac``."""
    eta_discharge: Fraction | None = Field(default=None, gt=0)
    """Discharging efficiency; by default the square root of ``rte_frac``."""
    self_discharge_frac_per_h: Annotated[Fraction, Field(lt=0.5)] = 0.0
    """Stored energy lost per hour."""
    soc_min_frac: Fraction = 0.0
    """Lowest state of charge, share of usable energy."""
    soc_max_frac: Annotated[Fraction, Field(gt=0)] = 1.0
    """Highest state of charge, share of usable energy."""
    capacity_frac: Annotated[Fraction, Field(gt=0)] = 1.0
    """Mean usable share of nameplate energy over life without augmentation."""
    cycles_per_year: Annotated[Positive, Field(le=20_000)] = 365.0
    """Full discharges of usable energy allowed per year."""
    aux_frac: Annotated[Fraction, Field(lt=0.5)] = 0.0
    """Auxiliaries (cooling, controls) drawn in every step, share of ``module_mw``."""

    capex_usd_per_kw: NonNegative
    """Capital cost per kW of module power."""
    capex_usd_per_kwh: NonNegative
    """Capital cost per kWh of nameplate energy."""
    fom_usd_per_kw_yr: NonNegative
    """Fixed operation and maintenance per kW of module power."""
    vom_usd_per_mwh: NonNegative = 0.0
    """Variable cost of energy discharged."""
    life_yr: Annotated[Positive, Field(le=100)]
    """Economic life."""
    forced_outage_frac: Annotated[Fraction, Field(lt=1)] = 0.0
    """Forced outage rate of one module."""
    mttr_h: Positive = 24.0
    """Mean time to repair a forced outage."""
    mttf_h: Positive | None = None
    """Mean time to failure; not needed, and checked against the two figures above if given."""
    lead_time_months: NonNegative | None = None
    """Typical months from order to operation."""
    source: dict[str, Source] = Field(default_factory=dict)
    """Source of each field by name; ``default`` covers those not named."""
