"""Where the site is and what it meets there: place, time, weather, fuel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optmix.schema.base import (
    Day,
    FileName,
    Flag,
    Fraction,
    Moment,
    Name,
    NonNegative,
    Positive,
    Price,
    Record,
)
from optmix.schema.series import SeriesRef

__all__ = ["Fuel", "FuelPrice", "FuelStock", "Place", "Time", "Weather"]

CLIMATES = Literal[
    "abilene", "austin", "amarillo", "dallas", "el-paso", "houston", "lubbock", "midland",
    "san-antonio", "wink",
]  # fmt: skip


FuelPrice = Price | Annotated[tuple[Price, ...], Field(min_length=12, max_length=12)] | SeriesRef


class Place(Record):
    """The table ``[site]``: place and finance."""

    latitude: Annotated[float, Field(ge=-90, le=90, strict=True)]
    """Degrees north."""
    longitude: Annotated[float, Field(ge=-180, le=180, strict=True)]
    """Degrees east."""
    altitude_m: Annotated[float, Field(ge=-500, le=6000, strict=True)] = 0.0
    """Metres above sea level."""
    timezone: str
    """IANA name, for example ``America/Chicago``; calendars of charges and days follow it."""
    wacc: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.09
    """Real after-tax weighted average cost of capital, for annuities."""
    capital_scarcity_frac_per_yr: Annotated[NonNegative, Field(le=1e4)] = 0.0
    """Yearly price of capital beyond its annuity, as a share of the capital spent on units,
    batteries and interconnection, where capital is scarce."""
    emission_controls: Flag = True
    """Whether units carry SCR and oxidation catalyst unless they say otherwise."""
    operation_start: Day | None = None
    """Calendar day that the first step stands for; by default its own date.

    Needed where a past weather or price year stands for a later year of operation, so that
    ``energization_date`` is compared with the year that is meant."""


class Time(Record):
    """The steps of an operating year. Without it the demand series sets them."""

    start: Moment | None = None
    """Local time at which the first step starts; 1 January 2025 unless a series sets it."""
    hours: Positive | None = Field(default=None, le=8784)
    """Length of the horizon; a horizon shorter than a year stands for the year."""
    step_h: Positive | None = Field(default=None, le=24)
    """Length of a step; 1 h unless a series sets it."""


class Weather(Record):
    """Ambient temperature. Give one source; without any it is ``temp_c`` throughout."""

    series: SeriesRef | None = None
    """Dry-bulb temperature in degC."""
    epw: FileName | None = None
    """An EnergyPlus weather file beside the site file."""
    tmy3: FileName | None = None
    """A TMY3 file beside the site file."""
    climate: CLIMATES | None = None
    """A year generated from monthly normals and extremes of this place."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1, strict=True)
    """Seed of the generated year."""
    temp_c: Annotated[float, Field(ge=-60, le=60, strict=True)] = 15.0
    """Constant temperature where no other source is given."""


class Fuel(Record):
    """Natural gas by pipeline."""

    price_usd_per_mmbtu: FuelPrice = 3.5
    """Hub price: one number, twelve monthly numbers, or a series (hourly, daily or monthly)."""
    basis_usd_per_mmbtu: Price = 0.0
    """Difference of the local hub to that price."""
    transport_usd_per_mmbtu: Price = 0.0
    """Transport from the hub to the site."""
    mdq_mmbtu_per_day: NonNegative | None = None
    """Maximum daily quantity (HHV); no limit unless given."""
    hourly_max_mmbtu_per_h: NonNegative | None = None
    """Largest hourly flow (HHV); no limit unless given."""


class FuelStock(Record):
    """Fuel stored on site: diesel for standby sets, LNG or propane-air feeding the gas line."""

    name: Name
    """Name of the stock."""
    fuel: Literal["natural_gas", "diesel"]
    """Which units it feeds."""
    capacity_mmbtu: Positive
    """Usable content (HHV)."""
    price_usd_per_mmbtu: NonNegative
    """Delivered price of a refill."""
    refill_max_mmbtu_per_day: NonNegative
    """Largest refill per day."""
    withdrawal_max_mmbtu_per_h: NonNegative | None = None
    """Largest hourly withdrawal; no limit unless given."""
    fixed_cost_usd_per_yr: NonNegative = 0.0
    """Yearly cost of having it."""
    min_content_frac: Annotated[Fraction, Field(lt=1)] = 0.0
    """Share of the capacity that is never used in normal operation."""
