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
FIRST_SUMS = 10_000
"""Counts times bins up to which finer bins take hardly more time."""

MOST_BINS = 3_200
MOST_SPLIT_BINS = 200
"""Bins of the run that splits moves, whose error falls with their square."""

NEXT_BINS = 4
"""Times as many bins where a target is undecided."""

MOST_WORK = 5e8
"""Counts times bins times steps of the finest run; about ten seconds."""

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
    first = FIRST_SUMS // chain.size
    bins, bounds, is_first = min(max(FIRST_BINS, first), MOST_SPLIT_BINS, most_bins), proven, True
    for_energy = target is not None and target.eue_mwh is not None
    while True:
        before = bounds.lole_h.width
        bounds = _run(chain, bins, with_split=for_energy or not is_first).within(bounds)
        is_first = False
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


def _run(chain: SocChain, bins: int, *, with_split: bool) -> Bounds:
    """Return the bounds of two runs, and of a third for energy; values are in the middle."""
    high, low = chain.run(bins, "down"), chain.run(bins, "up")
    eue_mwh = Interval.between(low.eue_mwh, high.eue_mwh)
    if with_split:
        near = chain.run(min(bins, MOST_SPLIT_BINS), "split")
        eue_high = max(min(high.eue_mwh, near.eue_mwh), low.eue_mwh)
        eue_mwh = Interval(min(eue_mwh.value, eue_high), low.eue_mwh, eue_high)
    return Bounds(Interval.between(low.lole_h, high.lole_h), eue_mwh)
