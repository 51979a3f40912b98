"""What can fail besides single units, and which units stand by, with every default resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.schema.site import Site, UnitChoice
    from optmix.schema.targets import Reliability
    from optmix.schema.technology import ThermalKind

__all__ = ["FailureData", "LossLimit", "SharedOutage", "failure_data"]

CURVE_OF_KIND: dict[ThermalKind, str] = {
    "aero-turbine": "combustion-turbine",
    "industrial-turbine": "combustion-turbine",
    "frame-turbine": "combustion-turbine",
    "combined-cycle": "combined-cycle",
    "high-speed-engine": "diesel",
    "medium-speed-engine": "diesel",
    "diesel-standby": "diesel",
}
"""Curve of outages against temperature; reciprocating engines share that of diesel engines."""


@dataclass(frozen=True)
class SharedOutage:
    """An outage that takes every unit of several types and products at once."""

    name: str
    outages_per_year: float
    mean_h: float
    affects: tuple[str, ...]


@dataclass(frozen=True)
class LossLimit:
    """Most loss of load that is accepted; the one figure that is not none is the limit.

    Attributes
    ----------
    availability
        Least share of time without loss of load.
    lole_h
        Most expected hours of loss in a year.
    eue_mwh
        Most expected unserved energy in a year.
    eue_ppm
        The same in millionths of gross demand.
    """

    availability: float | None = None
    lole_h: float | None = None
    eue_mwh: float | None = None
    eue_ppm: float | None = None


@dataclass(frozen=True)
class FailureData:
    """What the outage rates of the units do not say.

    Attributes
    ----------
    accuracy_frac
        Relative width of an interval that is narrow enough.
    n_plus
        Largest units that the site asks to be able to do without in every step.
    shared
        Outages with a common cause.
    beta_frac
        Share of forced outages that take all units of a type.
    standby
        Names of unit types on standby.
    outage_curve
        Curve of outages against temperature by unit type, where there is one.
    target
        The reliability target, if there is one.
    """

    accuracy_frac: float = 0.01
    n_plus: int = 0
    shared: tuple[SharedOutage, ...] = ()
    beta_frac: float = 0.0
    standby: tuple[str, ...] = ()
    outage_curve: dict[str, str] = field(default_factory=dict)
    target: LossLimit | None = None


def failure_data(site: Site) -> FailureData:
    """Return what the site says about failures."""
    table = site.reliability
    shared = tuple(
        SharedOutage(cause.name, cause.outages_per_year, cause.mean_h, cause.affects)
        for cause in table.common_cause
    )
    standby = tuple(unit.name for unit in site.unit if unit.kind == "diesel-standby")
    return FailureData(
        accuracy_frac=table.accuracy_frac,
        n_plus=int(table.n_plus),
        shared=shared,
        beta_frac=table.beta_frac,
        standby=standby if table.standby is None else table.standby,
        outage_curve={} if table.outage_temperature == "none" else _curves(site.unit),
        target=_limit(table),
    )


def _limit(table: Reliability) -> LossLimit | None:
    """Return the figure that the table names as its target; others it gives are not held."""
    if table.target == "nines":
        return LossLimit(availability=table.availability)
    if table.target == "lole":
        return LossLimit(lole_h=table.lole_h_per_yr)
    if table.target == "eue":
        return LossLimit(eue_mwh=table.eue_mwh_per_yr, eue_ppm=table.eue_ppm)
    return None


def _curves(units: tuple[UnitChoice, ...]) -> dict[str, str]:
    found = {unit.name: CURVE_OF_KIND.get(unit.kind) for unit in units}
    return {name: curve for name, curve in found.items() if curve is not None}
