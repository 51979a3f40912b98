"""How the plant must be run: security, maintenance, emissions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optmix.schema.base import Flag, NonNegative, Positive, Record

__all__ = ["EmissionLimit", "Emissions", "Maintenance", "Pollutant", "Security"]

Pollutant = Literal["nox", "co", "voc", "co2"]


class Security(Record):
    """Operating reserve that every step must hold."""

    loss_of_unit: Flag | None = None
    """RES-1, the loss of one unit; on by default where the site is islanded."""
    loss_of_grid: Flag | None = None
    """RES-2, the loss of the grid while importing; on by default where there is a grid tie."""
    swing_mw: NonNegative = 0.0
    """RES-3, the load step to be met at once; 0 switches it off."""
    bridge_h: Annotated[Positive, Field(le=24)] = 0.25
    """How long a battery that counts as reserve must be able to hold its share."""


class Maintenance(Record):
    """Planned maintenance."""

    mode: Literal["scheduled", "derate", "none"] = "scheduled"
    """``scheduled`` places outages by week, ``derate`` lowers capability, ``none`` ignores."""
    blackout_weeks: tuple[Annotated[int, Field(ge=1, le=53, strict=True)], ...] = ()
    """Weeks of the horizon, counted from 1, in which no unit may be in planned maintenance."""


class EmissionLimit(Record):
    """Cap and price of one pollutant."""

    cap_tpy: NonNegative | None = None
    """Annual cap in short tons; none unless given."""
    basis: Literal["actual", "pte"] = "actual"
    """``actual`` limits operation; ``pte`` limits the potential of the fleet at 8,760 h a year."""
    price_usd_per_ton: NonNegative = 0.0
    """Price of each short ton emitted."""


class Emissions(Record):
    """Caps and prices by pollutant."""

    nox: EmissionLimit = EmissionLimit()
    """Nitrogen oxides."""
    co: EmissionLimit = EmissionLimit()
    """Carbon monoxide."""
    voc: EmissionLimit = EmissionLimit()
    """Volatile organic compounds."""
    co2: EmissionLimit = EmissionLimit()
    """Carbon dioxide."""
