"""Proven bounds from the chain of counts and state of charge, with as many bins as needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optmix.reliability.bounds import Bounds
from optmix.reliability.result import Interval
from optmix.reliability.soc_chain import SocChain

if TYPE_CHECKING:
    from optmix.reliability.bounds import Target
    from optmix.reliability.chains import Convention
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["Enclosure", "enclose"]

FIRST_BINS = 50
MOST_BINS = 3_200
NEXT_BINS = 4
"""Times as many bins where a target is undecided."""

MOST_WORK = 2.5e8
"""Counts times bins times steps of the finest run; about two seconds."""

MOST_WORK_FOR_TARGET = 1e9
MOST_STATES = 6_000
SHARE_BEYOND = 0.01
"""Share of the accuracy that counts beyond the cut may take."""


@dataclass(frozen=True)
class Enclosure:
    """Proven bounds, how they were found, and the probability of the counts left out."""

    bounds: Bounds
    how: str
    beyond: float


def enclose(
    system: System,
    pool: Pool,
    convention: Convention,
    proven: Bounds,
    accuracy: float,
    target: Target | None,
    guess: Bounds,
) -> Enclosure | None:
    """Return proven bounds, or none where there are too many counts.

    Parameters
    ----------
    system, pool, convention
        What is assessed.
    proven
        Bounds that tables give.
    accuracy
        Relative width that is narrow enough.
    target
        Where only this has to be decided.
    guess
        What is known or thought of the answer; it sets how rare counts may be left out.
    """
    scale_h = guess.lole_h.value or 1e-3 * guess.lole_h.high
    tail = SHARE_BEYOND * accuracy * scale_h / system.hours
    most_work = MOST_WORK if target is None else MOST_WORK_FOR_TARGET
    chain = SocChain.build(system, pool, max(tail, 1e-60), convention, MOST_STATES)
    if chain is None or chain.size * FIRST_BINS * system.n_steps > most_work:
        return None
    most_bins = min(MOST_BINS, int(most_work / (chain.size * system.n_steps)))
    bins, bounds = FIRST_BINS, proven
    while True:
        before = bounds.lole_h.width
        bounds = bounds.within(_run(chain, bins))
        if bins >= most_bins or bounds.answers(accuracy, target):
            break
        wanted = NEXT_BINS * bins
        if target is None:
            # The width falls as bins get finer, so the second run is the last.
            excess = bounds.lole_h.width / (accuracy * bounds.lole_h.high)
            wanted = int(1.1 * excess * bins)
            if before == bounds.lole_h.width:
                wanted = most_bins
        bins = max(bins + 1, min(most_bins, wanted))
    how = f"a chain of {chain.size:,} counts of units out and {bins} bins of state of charge"
    return Enclosure(bounds, how, chain.beyond)


def _run(chain: SocChain, bins: int) -> Bounds:
    """Return the bounds of three runs, with the middle of each as value."""
    high, low, near = (chain.run(bins, rounding) for rounding in ("down", "up", "split"))
    eue_high = min(high.eue_mwh, near.eue_mwh)
    return Bounds(
        Interval(min(max(near.lole_h, low.lole_h), high.lole_h), low.lole_h, high.lole_h),
        Interval(max(eue_high, low.eue_mwh), min(low.eue_mwh, eue_high), eue_high),
    )
