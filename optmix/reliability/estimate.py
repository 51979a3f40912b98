"""Estimates from draws, with their standard errors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats

__all__ = ["Estimate", "Figure", "merged"]


@dataclass(frozen=True)
class Figure:
    """An estimated figure.

    Attributes
    ----------
    value
        The estimate.
    error
        Its standard error.
    open
        How far the estimate may be off, up or down, by histories that were not followed to their
        end; 0 but for storage so large that it is hardly ever full or empty.
    """

    value: float
    error: float
    open: float = 0.0

    def interval(self, quantile: float) -> tuple[float, float]:
        """Return the ends of the interval at so many standard errors, never below 0."""
        reach = quantile * self.error + self.open
        return max(0.0, self.value - reach), self.value + reach

    def merged_with(self, other: Figure, share: float) -> Figure:
        """Return the mean with an independent estimate whose weight is ``1 - share``."""
        rest = 1.0 - share
        return Figure(
            share * self.value + rest * other.value,
            math.hypot(share * self.error, rest * other.error),
            share * self.open + rest * other.open,
        )


@dataclass(frozen=True)
class Estimate:
    """Indices of a year from a number of draws, of which some lose load."""

    lole_h: Figure
    eue_mwh: Figure
    lolf_per_yr: Figure
    draws: int
    losses: int

    @classmethod
    def never(cls, draws: int) -> Estimate:
        """Return the estimate for a system that never loses load."""
        nothing = Figure(0.0, 0.0)
        return cls(nothing, nothing, nothing, draws, 0)

    @classmethod
    def of(cls, low: Floats, high: Floats) -> Estimate:
        """Return the estimate from draws made one in each of equal parts of what is drawn from.

        Parameters
        ----------
        low, high
            Hours, energy and events that each draw stands for, between two ends. Shape (3, N), N
            even.

        Notes
        -----
        The error is that within pairs of neighbouring parts. It is a little too large on average,
        because neighbouring parts differ.
        """
        n = low.shape[1]
        middle = 0.5 * (low + high)
        pairs = middle[:, 0::2] - middle[:, 1::2]
        error = np.sqrt((pairs**2).sum(axis=1)) / n
        still_open = 0.5 * np.abs(high - low).sum(axis=1) / n
        figures = [
            Figure(float(middle[i].mean()), float(error[i]), float(still_open[i])) for i in range(3)
        ]
        losses = int(np.count_nonzero(middle[0]))
        return cls(figures[0], figures[1], figures[2], n, losses)


def merged(first: Estimate | None, second: Estimate) -> Estimate:
    """Return the estimate from the draws of both."""
    if first is None:
        return second
    share = first.draws / (first.draws + second.draws)
    return Estimate(
        first.lole_h.merged_with(second.lole_h, share),
        first.eue_mwh.merged_with(second.eue_mwh, share),
        first.lolf_per_yr.merged_with(second.lolf_per_yr, share),
        first.draws + second.draws,
        first.losses + second.losses,
    )
