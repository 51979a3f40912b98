"""How many shortages to draw, and what the draws say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import ndtri

from optmix.reliability.bounds import Bounds
from optmix.reliability.estimate import merged
from optmix.reliability.result import Interval

if TYPE_CHECKING:
    from numpy.random import Generator

    from optmix.reliability.bounds import Target
    from optmix.reliability.estimate import Estimate, Figure
    from optmix.reliability.reverse_time import ReverseTime

__all__ = ["CONFIDENCE", "FIRST_DRAWS", "confidence_bounds", "quantile", "sampled"]

CONFIDENCE = 0.999
"""Confidence of every interval from draws, and of every decision on a target."""

FIRST_DRAWS = 20_000
FEWEST_LOSSES = 50
"""With fewer lost draws no interval is made of them."""

MARGIN = 1.1
"""More draws than the first ones call for, because their error is itself an estimate."""


def quantile(look: int = 0) -> float:
    """Return the standard errors that an interval reaches to either side.

    Parameters
    ----------
    look
        Which look at growing numbers of draws this is, from 1; later ones spend less of the chance
        to be wrong, so that all together keep the confidence. 0 for an only look.
    """
    wrong = (1.0 - CONFIDENCE) / (look * (look + 1) if look else 1)
    return float(ndtri(1.0 - 0.5 * wrong))


def sampled(
    engine: ReverseTime,
    random: Generator,
    accuracy: float,
    proven: Bounds,
    target: Target | None,
    most_draws: int,
    found: Estimate | None = None,
) -> Estimate:
    """Return an estimate from as many draws as the question needs.

    Parameters
    ----------
    engine
        The simulation.
    random
        Source of random numbers.
    accuracy
        Reach of the interval to either side, relative to the loss of load expectation.
    proven
        Bounds that tables give.
    target
        Where only this has to be decided.
    most_draws
        Draws at which to stop in any case.
    found
        An estimate from earlier draws, to go on from.
    """
    look, n = 0, FIRST_DRAWS
    while True:
        found = merged(found, engine.estimate(n, random))
        look += 1
        left = most_draws - found.draws
        if target is not None:
            if left < found.draws or confidence_bounds(found, proven, look).answers(0.0, target):
                return found
            n = found.draws
            continue
        needed = found.draws * (_reach(found) / accuracy) ** 2
        if left <= 0 or found.draws >= needed:
            return found
        n = 2 * round(0.5 * min(left, max(FIRST_DRAWS, MARGIN * needed - found.draws)))


def confidence_bounds(found: Estimate, proven: Bounds, look: int = 0) -> Bounds:
    """Return the confidence intervals of an estimate, within proven bounds.

    Parameters
    ----------
    found
        The estimate.
    proven
        Bounds that tables give; with few losses they are all that can be said.
    look
        As in :func:`quantile`.
    """
    if found.losses < FEWEST_LOSSES:
        return proven.valued(_bounds(found, 0.0))
    return _bounds(found, quantile(look)).within(proven)


def _reach(found: Estimate) -> float:
    """Return the reach of the interval relative to the loss of load expectation."""
    value = found.lole_h.value
    return quantile() * found.lole_h.error / value if value > 0 else float("inf")


def _bounds(found: Estimate, reach: float) -> Bounds:
    return Bounds(_interval(found.lole_h, reach), _interval(found.eue_mwh, reach))


def _interval(figure: Figure, reach: float) -> Interval:
    return Interval(figure.value, *figure.interval(reach))
