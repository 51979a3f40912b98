"""Random horizons of three days and more, on the real calendar of a real time zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from optmix.data.timeline import Steps, lay_out

if TYPE_CHECKING:
    from decomposition.dice import Dice

    from optmix.data.axis import Axis

__all__ = ["Horizon", "draw_horizon"]

TIMEZONE = "America/Chicago"

STARTS = (
    "2025-01-30",  # the month ends within the horizon
    "2025-03-07",  # a day of 23 hours
    "2025-06-29",
    "2025-07-14",
    "2025-10-31",  # the month ends, and a day of 25 hours
    "2025-12-30",  # the calendar year ends
)
"""First days: borders of months and changes of clocks, or neither."""

KINDS = (*["hourly"] * 4, *["years"] * 2, *["fine"] * 2, "coarse", *["weeks"] * 2)


@dataclass(frozen=True, eq=False)
class Horizon:
    """The steps of a case, and what its length leaves room for."""

    kind: str
    axis: Axis

    @property
    def has_weeks(self) -> bool:
        """Whether it is long enough for scheduled maintenance."""
        return self.kind == "weeks"


def draw_horizon(dice: Dice) -> Horizon:
    """Return one to three operating years of equal steps; not all end with a whole day."""
    kind = dice.one_of(*KINDS)
    step_h, lengths_h = _steps_and_lengths(dice, kind)
    days = dice.some(len(STARTS), len(lengths_h))
    dice.rng.shuffle(days)
    hour = dice.one_of(0, 0, 0, 6, 18)
    years = [
        _year(f"{STARTS[day]}T{hour:02}:00", step_h, hours)
        for day, hours in zip(days, lengths_h, strict=True)
    ]
    names = [f"year {number}" for number in range(len(years))]
    weights = [dice.one_of(1.0, 2.0, 5.0) for _ in years]
    return Horizon(kind, lay_out(years, names, [w / sum(weights) for w in weights]))


def _steps_and_lengths(dice: Dice, kind: str) -> tuple[float, list[int]]:
    match kind:
        case "hourly":
            return 1.0, [24 * dice.one_of(3, 3, 4) + dice.one_of(0, 0, 7)]
        case "years":
            n_years = dice.one_of(2, 3)
            step_h = dice.one_of(2.0, 2.0, 3.0) if n_years == 2 else 4.0
            return step_h, [24 * 3 + dice.one_of(0, 12) for _ in range(n_years)]
        case "fine":
            return dice.one_of(0.5, 0.5, 0.5, 0.25), [24 * 3]
        case "coarse":
            return dice.one_of(2.0, 3.0, 4.0), [24 * dice.whole(4, 6) + dice.one_of(0, 12)]
    n_years = dice.one_of(1, 1, 1, 2)
    step_h = dice.one_of(12.0, 12.0, 8.0) if n_years == 1 else 24.0
    return step_h, [24 * 28 + dice.one_of(0, 0, 0, 72, 168) for _ in range(n_years)]


def _year(start: str, step_h: float, hours: int) -> Steps:
    first = pd.Timestamp(start, tz=TIMEZONE).tz_convert("UTC").tz_localize(None)
    step_s = round(3600 * step_h)
    offsets = np.arange(round(hours / step_h)) * np.timedelta64(step_s, "s")
    return Steps(first.to_datetime64().astype("datetime64[s]") + offsets, step_s, TIMEZONE)
