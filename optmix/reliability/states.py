"""Capacity states of one class of independent units: binomial, or multinomial with derated states.

Every sum here is of positive terms, so the smallest probabilities keep their relative accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.reliability.components import UnitClass

__all__ = ["RAREST", "ClassStates", "UnitChances", "binomial", "chances", "class_states"]

RAREST = (1e-16, 1e-25, 1e-60)
"""States rarer than this are left out, and their probability is counted as loss: the next figure
where one would leave a loss uncertain."""


@dataclass(frozen=True)
class UnitChances:
    """Chances of one unit in one step: out, and each derated state with its capacity left.

    ``repair_per_h`` and each third figure of ``derated`` are the rates of leaving those states.
    """

    outage_frac: float
    repair_per_h: float
    derated: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class ClassStates:
    """What a class of units gives, in units: 3.0 is three whole units, or six at half output.

    Attributes
    ----------
    units
        Rising. Shape (S,).
    probability
        Of each state. Shape (S,).
    repair_flow_per_h
        Probability times repairs less failures per hour. Shape (S,).
    is_whole
        Whether ``units`` counts whole units.
    dropped
        Probability of the states left out because each is so rare.
    """

    units: Floats
    probability: Floats
    repair_flow_per_h: Floats
    is_whole: bool
    dropped: float

    @classmethod
    def common(
        cls, units: Floats, probability: Floats, flow: Floats, rarest: float, *, is_whole: bool
    ) -> ClassStates:
        """Return states without those rarer than ``rarest``."""
        kept = probability >= rarest
        dropped = float(probability[~kept].sum())
        return cls(units[kept], probability[kept], flow[kept], is_whole, dropped)


def chances(unit: UnitClass, step: int) -> UnitChances:
    """Return the chances of one unit of a class in a step."""
    return UnitChances(
        float(unit.unavailable_frac[step]),
        1.0 / unit.mttr_h,
        tuple(
            (state.capacity_frac, state.probability, 1.0 / (state.mean_h or unit.mttr_h))
            for state in unit.derated
        ),
    )


def binomial(n: int, p: float) -> Floats:
    """Return the probabilities of 0 to n successes, each to about 1e-13 of itself.

    Notes
    -----
    Ratios of neighbours, multiplied outwards from the most likely count and divided by their sum.
    No logarithm or complement loses digits, and only figures below 1e-300 underflow.

    Examples
    --------
    >>> binomial(2, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    if p <= 0 or p >= 1 or n == 0:
        certain = np.zeros(n + 1)
        certain[n if p >= 1 else 0] = 1.0
        return certain
    mode = min(n, int((n + 1) * p))
    odds = p / (1.0 - p)
    k = np.arange(1.0, n + 1.0)
    ratio = (n + 1.0 - k) / k * odds  # probability of k over that of k - 1
    weight = np.ones(n + 1)
    np.cumprod(ratio[mode:], out=weight[mode + 1 :])
    weight[:mode] = np.cumprod(1.0 / ratio[:mode][::-1])[::-1]
    return np.asarray(weight / weight.sum())


@lru_cache(maxsize=4096)
def class_states(n: int, unit: UnitChances, rarest: float = RAREST[-1]) -> ClassStates:
    """Return the states of ``n`` units that fail independently.

    Parameters
    ----------
    n
        How many.
    unit
        Chances of one.
    rarest
        States rarer than this are left out.

    Notes
    -----
    Loss of load is left by repairs and entered by failures. In a stationary, reversible system the
    transitions inside the set of lost states cancel, so the sum of ``repair_flow_per_h`` over it is
    the frequency of leaving it (Billinton & Allan, Reliability Evaluation of Power Systems, ch. 3).
    """
    if unit.derated:
        return _derated_states(n, unit, rarest)
    up = np.arange(n + 1.0)
    probability = binomial(n, 1.0 - unit.outage_frac)
    failure_per_h = unit.repair_per_h * unit.outage_frac / (1.0 - unit.outage_frac)
    flow = probability * ((n - up) * unit.repair_per_h - up * failure_per_h)
    return ClassStates.common(up, probability, flow, rarest, is_whole=True)


def _derated_states(n: int, unit: UnitChances, rarest: float) -> ClassStates:
    """Return states by how many units are in each state of one unit, merged by what they give."""
    full = 1.0 - unit.outage_frac - sum(probability for _, probability, _ in unit.derated)
    left, units = np.array([n]), np.zeros(1)
    chance, rate = np.ones(1), np.zeros(1)
    remaining = 1.0
    for frac, probability, repair_per_h in (
        (0.0, unit.outage_frac, unit.repair_per_h),
        *unit.derated,
    ):
        parts = []
        for index, m in enumerate(left.tolist()):
            k = np.arange(m + 1)
            share = chance[index] * binomial(m, probability / remaining)
            parts.append((m - k, units[index] + frac * k, share, rate[index] + k * repair_per_h))
        left, units, chance, rate = (np.concatenate(part) for part in zip(*parts, strict=True))
        remaining -= probability
    leaving = unit.outage_frac * unit.repair_per_h + sum(p * mu for _, p, mu in unit.derated)
    flow = chance * (rate - left * leaving / full)
    total, where = np.unique(np.round(units + left, 12), return_inverse=True)
    return ClassStates.common(
        total,
        np.bincount(where, chance, len(total)).astype(np.float64),
        np.bincount(where, flow, len(total)).astype(np.float64),
        rarest,
        is_whole=False,
    )
