"""Reliability with storage: tables first, then simulation, then proven bounds.

1. Tables bracket the answer. Where that is narrow enough, or lies on one side of the target, they
   are the answer.
2. Reverse-time simulation estimates it, as far as the accuracy or the target asks for.
3. Where the counts of units are few enough, the chain of counts and state of charge encloses it,
   with bins as fine as the accuracy, the target and the time allow.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.reliability.bounds import Bounds, Target
from optmix.reliability.bracket import bracket
from optmix.reliability.enclosure import enclose
from optmix.reliability.pool import common_durations_h, pool_of
from optmix.reliability.result import Interval, ReliabilityResult
from optmix.reliability.reverse_time import ReverseTime
from optmix.reliability.sampling import CONFIDENCE, confidence_bounds, quantile, sampled
from optmix.reliability.validation import simulated

if TYPE_CHECKING:
    from optmix.reliability.chains import Convention
    from optmix.reliability.estimate import Estimate
    from optmix.reliability.pool import Pool
    from optmix.reliability.result import IntervalKind
    from optmix.reliability.system import System

__all__ = ["StorageMethod", "Target", "assess_with_storage"]

StorageMethod = Literal["auto", "exact", "tables", "estimate", "simulate"]
"""``auto`` takes all engines as needed; ``exact`` only those with proven bounds; ``tables`` stops
after the tables; ``estimate`` after the reverse-time simulation; ``simulate`` is the plain
sequential simulation."""

SHARE_OF_TABLES = 0.1
"""Share of the accuracy that tables may leave open."""

DRAWS_BESIDE_BOUNDS = 100_000
MOST_DRAWS = 2_000_000
TRIAL_DRAWS = 4_000
BY_TABLES = "capacity outage tables with storage as units, and without it"


def assess_with_storage(
    system: System,
    accuracy: float,
    *,
    seed: int = 0,
    target: Target | None = None,
    method: StorageMethod = "auto",
    convention: Convention = "exact",
) -> ReliabilityResult:
    """Return the reliability of a system with storage.

    Parameters
    ----------
    system
        The system.
    accuracy
        Relative width that is narrow enough for proven bounds of the loss of load expectation, and
        relative reach to either side for confidence intervals.
    seed
        Seed of random numbers.
    target
        Where only this has to be decided: the assessment ends as soon as its interval lies on one
        side.
    method
        Which engines to use.
    convention
        How steps sample failures and repairs.

    Returns
    -------
    ReliabilityResult
        Of kind ``certified`` where tables or the chain have proven the interval.
    """
    began = time.perf_counter()
    if method == "simulate":
        return simulated(system, accuracy, seed, convention)
    proven = Bounds.of(bracket(system, SHARE_OF_TABLES * accuracy))
    if not system.storage or method == "tables" or proven.answers(accuracy, target):
        return _result(system, proven, None, "certified", BY_TABLES, began)
    pool, warnings = _pool(system, seed, convention)
    if method == "exact":
        enclosure = enclose(system, pool, convention, proven, accuracy, target, proven)
        bounds, words = (enclosure.bounds, enclosure.how) if enclosure else (proven, BY_TABLES)
        return _result(system, bounds, None, "certified", words, began, warnings)
    engine, random = ReverseTime(system, pool, convention), np.random.default_rng(seed)
    most_draws = DRAWS_BESIDE_BOUNDS if method == "auto" and target is None else MOST_DRAWS
    found = sampled(engine, random, accuracy, proven, target, most_draws)
    guess = confidence_bounds(found, proven)
    if method == "auto" and (target is None or not guess.answers(accuracy, target)):
        enclosure = enclose(system, pool, convention, proven, accuracy, target, guess)
        if enclosure is not None:
            words = f"{enclosure.how}; frequency by {_words(found)}"
            return _result(system, enclosure.bounds, found, "certified", words, began, warnings)
        found = sampled(engine, random, accuracy, proven, target, MOST_DRAWS, found)
        guess = confidence_bounds(found, proven)
    words = f"{_words(found)}; intervals at {CONFIDENCE:.1%} confidence"
    return _result(system, guess, found, "confidence", words, began, warnings)


def _pool(system: System, seed: int, convention: Convention) -> tuple[Pool, tuple[str, ...]]:
    """Return the pool, products of unlike duration at the duration that serves best."""
    durations = common_durations_h(system)
    if len(durations) <= 1:
        return pool_of(system), ()
    pools = [pool_of(system, duration) for duration in durations]
    trials = [
        ReverseTime(system, pool, convention)
        .estimate(TRIAL_DRAWS, np.random.default_rng(seed))
        .eue_mwh.value
        for pool in pools
    ]
    best = int(np.argmin(trials))
    warning = (
        f"storage of unlike duration is run as one pool of {durations[best]:.3g} h; run each by "
        "itself, it serves at least as much energy"
    )
    return pools[best], (warning,)


def _words(found: Estimate) -> str:
    value = found.lole_h.value
    error = f" (standard error {found.lole_h.error / value:.2%})" if value > 0 else ""
    return f"reverse-time simulation of {found.draws:,} shortages{error}"


def _result(
    system: System,
    bounds: Bounds,
    found: Estimate | None,
    kind: IntervalKind,
    words: str,
    began: float,
    warnings: tuple[str, ...] = (),
) -> ReliabilityResult:
    events = None
    if found is not None:
        events = Interval(found.lolf_per_yr.value, *found.lolf_per_yr.interval(quantile()))
    return ReliabilityResult(
        lole_h=bounds.lole_h,
        eue_mwh=bounds.eue_mwh,
        hours=system.hours,
        demand_mwh=system.demand_mwh,
        kind=kind,
        method=words,
        seconds=time.perf_counter() - began,
        lolf_per_yr=events,
        warnings=warnings,
    )
