"""Availability as it is known: one figure, or the range that loss of load leaves it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.schema.result import ReliabilitySummary

__all__ = [
    "availability_ends",
    "availability_text",
    "nines_text",
    "percent_text",
    "range_digits",
    "wide_range",
]

PERCENT = 100.0

ROUNDING = 1e-7
"""Ends as near as that are one figure: the last digit of those that are shown."""

MOST_DIGITS = 9
MOST_NINES = 9.0


def availability_ends(found: ReliabilitySummary) -> tuple[float, float] | None:
    """Return the ends of the interval of availability; none where they are not known.

    They follow from those of the loss of load: the more hours of it, the less is available.
    """
    if not found.hours or found.lole_low_h is None or found.lole_high_h is None:
        return None
    low, high = (1.0 - hours / found.hours for hours in (found.lole_high_h, found.lole_low_h))
    return low, high


def wide_range(found: ReliabilitySummary) -> tuple[float, float] | None:
    """Return the ends of the interval where they are further apart than rounding."""
    ends = availability_ends(found)
    return ends if ends and ends[1] - ends[0] > ROUNDING else None


def range_digits(low: float, high: float) -> int:
    """Return the decimals in percent that tell two ends apart, and the upper from 100 %.

    Examples
    --------
    >>> range_digits(0.981, 0.999), range_digits(0.9999, 0.9999996)
    (1, 5)
    """
    apart = [PERCENT * width for width in (high - low, 1.0 - high) if width > ROUNDING / 2.0]
    needed = (math.ceil(-math.log10(width)) for width in apart)
    return min(MOST_DIGITS, max(1, *needed))


def availability_text(found: ReliabilitySummary) -> str:
    """Return availability in words; empty where it is not known."""
    percent = percent_text(found)
    return f"available {percent} % of the time" if percent else ""


def percent_text(found: ReliabilitySummary) -> str:
    """Return availability in percent, or the range it lies in; empty where it is not known."""
    if found.availability is None:
        return ""
    ends = wide_range(found)
    if ends is None:
        return f"{PERCENT * found.availability:.7g}"
    digits = range_digits(*ends)
    return " to ".join(f"{PERCENT * end:.{digits}f}" for end in ends)


def nines_text(found: ReliabilitySummary) -> str:
    """Return availability as a number of nines; empty where it is not known or complete."""
    ends = wide_range(found)
    if ends is None:
        nines = _nines(found.availability)
        return "" if nines is None else _told(nines)
    low, high = map(_nines, ends)
    if low is None:
        return ""
    if high is None or high > MOST_NINES:
        return f"{low:.2f} nines or more"
    return f"{low:.2f} to {high:.2f} nines"


def _nines(availability: float | None) -> float | None:
    if availability is None or availability >= 1.0:
        return None
    return -math.log10(1.0 - availability)


def _told(nines: float) -> str:
    return f"{nines:.2f} nines" if nines <= MOST_NINES else "more than 9 nines, by these data"
