"""The tie to the grid: withdrawal, prices, charges, availability. Without it a site is islanded."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optmix.schema.base import Day, NonNegative, Positive, Price, Record
from optmix.schema.series import SeriesRef

__all__ = ["CoincidentPeak", "Grid"]


class CoincidentPeak(Record):
    """A charge on the mean import over the declared coincident hours."""

    charge_usd_per_mw_yr: NonNegative
    """Charge per billed MW."""
    months: tuple[Annotated[int, Field(ge=1, le=12, strict=True)], ...] = Field(
        default=(6, 7, 8, 9), min_length=1
    )
    """Calendar months of the candidate hours."""
    hours: tuple[Annotated[int, Field(ge=0, le=23, strict=True)], ...] = Field(
        default=(15, 16, 17, 18), min_length=1
    )
    """Local clock hours of the candidate hours."""
    catch_probability: SeriesRef | None = None
    """Weight of each step instead: the chance that it is a coincident peak."""


class Grid(Record):
    """Contracted withdrawal and what it costs."""

    withdrawal_max_mw: NonNegative
    """Largest withdrawal that may be contracted."""
    withdrawal_min_mw: NonNegative = 0.0
    """Smallest withdrawal if there is a tie at all."""
    energy_price: Price | SeriesRef = 0.0
    """Energy price in USD/MWh: one number or a series."""
    energy_adder_usd_per_mwh: Price = 0.0
    """Added to the price of every imported MWh (losses, fees)."""
    demand_charge_usd_per_mw_month: NonNegative = 0.0
    """Charge on the largest import of each month."""
    coincident_peak: CoincidentPeak | None = None
    """Charge on import in coincident hours."""
    interconnection_usd_per_mw: NonNegative = 0.0
    """Capital per MW of contracted withdrawal."""
    interconnection_fixed_usd: NonNegative = 0.0
    """Capital of having a tie at all."""
    interconnection_life_yr: Annotated[Positive, Field(le=100)] = 30.0
    """Life over which that capital is paid."""
    security_usd_per_mw: NonNegative = 0.0
    """Financial security posted per MW of contracted withdrawal."""
    security_carry_frac_per_yr: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.015
    """Yearly cost of carrying that security."""
    energization_date: Day | None = None
    """No import or export before this day."""
    availability: SeriesRef | None = None
    """Share of the tie available in each step, 0 to 1."""
    export_max_mw: NonNegative = 0.0
    """Largest export; 0 forbids it."""
    export_price: Price | SeriesRef = 0.0
    """Price paid for exported energy, USD/MWh."""
    outages_per_year: Annotated[NonNegative, Field(le=8760)] = 0.0
    """Outage frequency of the tie, for reliability."""
    outage_mean_h: Positive = 4.0
    """Mean duration of such an outage."""
