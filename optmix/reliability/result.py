"""What an assessment says: each index with the interval that holds it, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optmix.schema.result import ReliabilitySummary

__all__ = ["Interval", "IntervalKind", "ReliabilityResult"]

IntervalKind = Literal["exact", "certified", "confidence"]
"""``exact`` up to rounding; ``certified`` holds the true value by proof; ``confidence`` holds it
with the confidence that the method states."""

PARTS_PER_MILLION = 1e6


@dataclass(frozen=True)
class Interval:
    """A figure with the ends of the interval that holds it."""

    value: float
    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Interval:
        """Return the interval of a figure that is known."""
        return cls(value, value, value)

    @classmethod
    def between(cls, low: float, high: float) -> Interval:
        """Return the interval of a figure known to lie between two others, and its middle."""
        return cls(0.5 * (low + high), low, high)

    def scaled(self, factor: float) -> Interval:
        """Return it times a factor of 0 or more."""
        return Interval(self.value * factor, self.low * factor, self.high * factor)

    def less_from(self, whole: float) -> Interval:
        """Return ``whole`` less it."""
        return Interval(whole - self.value, whole - self.high, whole - self.low)

    @property
    def width(self) -> float:
        """Distance of its ends."""
        return self.high - self.low


@dataclass(frozen=True)
class ReliabilityResult:
    """Reliability of one system.

    Attributes
    ----------
    lole_h
        Loss of load expectation: expected hours of the year with demand not met.
    eue_mwh
        Expected unserved energy in the year.
    hours
        Length of the year that both are for: 8736, 8760 or 8784 h.
    demand_mwh
        Gross energy demanded in that year.
    has_failure_data
        Whether the data give anything that is built a chance to fail.
    kind
        What the intervals mean.
    method
        How they were found, in words.
    seconds
        Wall time.
    lole_days
        Expected days of the year with demand not met at the worst step of the day.
    lolf_per_yr
        Expected events of loss of load in the year, transitions in continuous time.
    grid_mw
        Step of the capacity grid; 0 where capacities were taken as they are.
    truncated_probability
        Probability of states left out, counted into the upper ends.
    relief_h
        Expected hours in which flexible demand is given up.
    n_plus
        Largest units that may be out at every step.
    n_plus_asked
        The same as the site asks for.
    common_cause_floor_h
        Loss of load expectation that common causes alone force on any number of units.
    transient_h
        Hours a year between a trip that nothing covers and the start of standby units; never part
        of ``lole_h``.
    warnings
        What the user should know.
    """

    lole_h: Interval
    eue_mwh: Interval
    hours: float
    demand_mwh: float
    kind: IntervalKind
    method: str
    seconds: float
    lole_days: Interval | None = None
    lolf_per_yr: Interval | None = None
    grid_mw: float = 0.0
    truncated_probability: float = 0.0
    has_failure_data: bool = True
    relief_h: float | None = None
    n_plus: int | None = None
    n_plus_asked: int = 0
    common_cause_floor_h: float | None = None
    transient_h: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def availability(self) -> Interval:
        """Share of time without loss of load."""
        return self.lole_h.scaled(1.0 / self.hours).less_from(1.0)

    @property
    def eue_ppm(self) -> Interval:
        """Expected unserved energy in millionths of demand; 0 where nothing is demanded."""
        return self.eue_mwh.scaled(PARTS_PER_MILLION / self.demand_mwh if self.demand_mwh else 0.0)

    @property
    def energy_availability(self) -> Interval:
        """Share of energy that is served."""
        return self.eue_ppm.scaled(1.0 / PARTS_PER_MILLION).less_from(1.0)

    @property
    def mean_duration_h(self) -> Interval | None:
        """Mean duration of an event; none where there are no events."""
        events = self.lolf_per_yr
        if events is None or not events.low > 0:
            return None
        return Interval(
            self.lole_h.value / events.value,
            self.lole_h.low / events.high,
            self.lole_h.high / events.low,
        )

    def summary(self) -> ReliabilitySummary:
        """Return it as ``result.json`` holds it."""
        events, days, duration = self.lolf_per_yr, self.lole_days, self.mean_duration_h
        return ReliabilitySummary(
            method=self.method,
            interval_kind=self.kind,
            has_failure_data=self.has_failure_data,
            hours=self.hours,
            lole_h=self.lole_h.value,
            lole_low_h=self.lole_h.low,
            lole_high_h=self.lole_h.high,
            lole_days=None if days is None else days.value,
            eue_mwh=self.eue_mwh.value,
            eue_low_mwh=self.eue_mwh.low,
            eue_high_mwh=self.eue_mwh.high,
            eue_ppm=self.eue_ppm.value,
            availability=self.availability.value,
            energy_availability=self.energy_availability.value,
            lolf_per_yr=None if events is None else events.value,
            mean_duration_h=None if duration is None else duration.value,
            n_plus=self.n_plus,
            n_plus_asked=self.n_plus_asked,
            common_cause_floor_h=self.common_cause_floor_h,
            transient_h=self.transient_h,
            relief_h=self.relief_h,
            seconds=self.seconds,
            warnings=self.warnings,
        )
