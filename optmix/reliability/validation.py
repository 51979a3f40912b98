"""The assessment by plain sequential simulation, to hold against the other engines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from optmix.reliability.bracket import bracket
from optmix.reliability.result import Interval, ReliabilityResult
from optmix.reliability.sampling import CONFIDENCE, quantile
from optmix.reliability.sequential import SequentialEstimate, simulate_years

if TYPE_CHECKING:
    from optmix.reliability.chains import Convention
    from optmix.reliability.system import System

__all__ = ["simulated"]

FIRST_YEARS = 1_024
MOST_YEARS = 16_384
FEWEST_EVENTS = 50
MARGIN = 1.1


def simulated(
    system: System, accuracy: float, seed: int, convention: Convention
) -> ReliabilityResult:
    """Return the reliability of a system by simulating years one after the other.

    Parameters
    ----------
    system
        The system, with or without storage.
    accuracy
        Reach of the interval to either side, relative to the loss of load expectation.
    seed
        Seed of random numbers.
    convention
        How steps sample failures and repairs.
    """
    began = time.perf_counter()
    found = simulate_years(system, FIRST_YEARS, seed, convention)
    needed = MARGIN * FIRST_YEARS * (_reach(found) / accuracy) ** 2
    if needed > FIRST_YEARS:
        years = round(min(needed, MOST_YEARS))
        found = simulate_years(system, years, seed, convention)
    lole = _interval(found.lole_h, found.lole_error_h)
    eue = _interval(found.eue_mwh, found.eue_error_mwh)
    warnings: tuple[str, ...] = ()
    if found.lolf_per_yr * found.years < FEWEST_EVENTS:
        # So few events say next to nothing; tables bound what they may have missed.
        known = bracket(system, accuracy)
        lole = Interval(lole.value, known.lole_low_h, max(lole.value, known.lole_high_h))
        eue = Interval(eue.value, known.eue_low_mwh, max(eue.value, known.eue_high_mwh))
        warnings = (
            f"{found.years:,} simulated years hold too few losses for an interval; tables give it",
        )
    return ReliabilityResult(
        lole_h=lole,
        eue_mwh=eue,
        hours=system.hours,
        demand_mwh=system.demand_mwh,
        kind="confidence",
        method=(
            f"sequential simulation of {found.years:,} years; intervals at {CONFIDENCE:.1%} "
            "confidence"
        ),
        seconds=time.perf_counter() - began,
        lolf_per_yr=_interval(found.lolf_per_yr, found.lolf_error_per_yr),
        warnings=warnings,
    )


def _reach(found: SequentialEstimate) -> float:
    return quantile() * found.lole_error_h / found.lole_h if found.lole_h > 0 else float("inf")


def _interval(value: float, error: float) -> Interval:
    reach = quantile() * error
    return Interval(value, max(0.0, value - reach), value + reach)
