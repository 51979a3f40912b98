"""What the campus draws: a measured series, IT load with a PUE, or a synthetic profile."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optmix.schema.base import Flag, Fraction, Name, NonNegative, Positive, Record
from optmix.schema.series import SeriesRef

__all__ = ["Demand", "FlexibleTier", "Pue"]


class Pue(Record):
    """Power usage effectiveness as a function of ambient temperature."""

    base: Annotated[float, Field(ge=1, le=5, strict=True)] = 1.2
    """PUE at and below ``start_temp_c``."""
    start_temp_c: Annotated[float, Field(ge=-60, le=60, strict=True)] = 15.0
    """Ambient temperature above which cooling takes more."""
    rise_per_c: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.0
    """PUE added per degC above ``start_temp_c``."""
    largest: Annotated[float, Field(ge=1, le=5, strict=True)] = 5.0
    """PUE never exceeds this."""


class FlexibleTier(Record):
    """Demand that may be curtailed for a price, within an annual budget."""

    name: Name
    """Name of the tier."""
    frac: Fraction
    """Largest share of demand that may be curtailed in a step."""
    cost_usd_per_mwh: NonNegative
    """Cost of curtailed energy."""
    hours_per_year: Annotated[NonNegative, Field(le=8784)] = 8760.0
    """Annual budget in hours of full curtailment at peak demand."""
    is_fast: Flag = False
    """Whether it acts within seconds and so counts as operating reserve."""


class Demand(Record):
    """Demand at the site bus. Give one of ``series``, ``it_series`` and ``profile``."""

    series: SeriesRef | None = None
    """Gross demand in MW."""
    it_series: SeriesRef | None = None
    """IT load in MW, multiplied by the PUE of each step."""
    profile: Literal["flat", "inference", "ai-training", "mixed"] | None = None
    """A synthetic profile of gross demand (or of IT load, where ``pue`` is given)."""
    peak_mw: Positive | None = None
    """Largest value of the profile; a series is scaled to this peak if both are given."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1, strict=True)
    """Seed of the synthetic profile."""
    pue: Pue | None = None
    """PUE by temperature; needed with ``it_series``."""
    flexible: tuple[FlexibleTier, ...] = ()
    """Tiers of demand that may be curtailed."""
    voll_usd_per_mwh: Positive | None = None
    """Value of lost load. Without it, every step must be served in full."""
