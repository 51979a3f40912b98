"""Bounds on loss of load, and whether they are good enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optmix.reliability.result import Interval

if TYPE_CHECKING:
    from optmix.reliability.adequacy import Loss

__all__ = ["Bounds", "Target"]


@dataclass(frozen=True)
class Target:
    """Most loss of load that is accepted in a year; none where an index does not matter."""

    lole_h: float | None = None
    eue_mwh: float | None = None


@dataclass(frozen=True)
class Bounds:
    """Intervals of hours and energy lost; their values are what is thought most likely."""

    lole_h: Interval
    eue_mwh: Interval

    @classmethod
    def of(cls, loss: Loss) -> Bounds:
        """Return the bounds that tables give."""
        return cls(
            Interval.between(loss.lole_low_h, loss.lole_high_h),
            Interval.between(loss.eue_low_mwh, loss.eue_high_mwh),
        )

    def within(self, other: Bounds) -> Bounds:
        """Return the bounds that both give."""
        return Bounds(_both(self.lole_h, other.lole_h), _both(self.eue_mwh, other.eue_mwh))

    def valued(self, guess: Bounds) -> Bounds:
        """Return these bounds with the values of a guess, as far as they lie inside."""
        return Bounds(
            _with_value(self.lole_h, guess.lole_h.value),
            _with_value(self.eue_mwh, guess.eue_mwh.value),
        )

    def answers(self, accuracy: float, target: Target | None) -> bool:
        """Return whether the target is decided, or else whether the intervals are narrow."""
        if target is None:
            return all(x.width <= accuracy * x.high for x in (self.lole_h, self.eue_mwh))
        asked = [
            (interval, limit)
            for interval, limit in ((self.lole_h, target.lole_h), (self.eue_mwh, target.eue_mwh))
            if limit is not None
        ]
        is_missed = any(interval.low > limit for interval, limit in asked)
        return is_missed or all(interval.high <= limit for interval, limit in asked)


def _both(first: Interval, second: Interval) -> Interval:
    """Return what two intervals share, with the value of the first as far as it lies there."""
    low, high = max(first.low, second.low), min(first.high, second.high)
    if low > high:  # they touch, and rounding parts them
        low = high = 0.5 * (low + high)
    return _with_value(Interval(low, low, high), first.value)


def _with_value(interval: Interval, value: float) -> Interval:
    """Return an interval with another value, or the end next to it."""
    inside = min(max(value, interval.low), interval.high)
    return Interval(inside, interval.low, interval.high)
