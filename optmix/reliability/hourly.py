"""Loss of load where capability changes from step to step: each step for itself, no grid, no bins.

The class with most units is taken out of the table. For every combination of the others, load is
lost exactly when fewer than ``m`` of its units run, and a running sum of the binomial tells how
likely that is. Steps that share chances and counts share these combinations; their capacities are
one matrix product.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.risk import StepRisk
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.states import ClassStates

__all__ = ["combinations_beside_largest", "risk_by_step"]

MOST_AT_ONCE = 400_000
"""Combinations times steps held in memory at once; more would leave the cache."""


@dataclass(frozen=True, eq=False)
class _Others:
    """Combinations of the states of all classes but one.

    Attributes
    ----------
    units
        Units of each class that run. Shape (K - 1, S).
    probability, repair_flow_per_h
        Shape (S,).
    dropped
        Probability of combinations left out.
    """

    units: Floats
    probability: Floats
    repair_flow_per_h: Floats
    dropped: float


@dataclass(frozen=True, eq=False)
class _Sums:
    """Running sums over the states of the class taken out, from none upwards. Shapes (S + 1,)."""

    units: Floats
    probability: Floats
    units_probability: Floats
    repair_flow_per_h: Floats


def combinations_beside_largest(states: Sequence[ClassStates]) -> int:
    """Return how many combinations one step costs."""
    sizes = [len(each.units) for each in states]
    return math.prod(sizes) // max(sizes, default=1)


def risk_by_step(
    states: Sequence[ClassStates], capacity_mw: Floats, load_mw: Floats, rarest: float
) -> tuple[StepRisk, float]:
    """Return the risk of steps that share the states of every class, and what it leaves out.

    Parameters
    ----------
    states
        States of each class. Length K.
    capacity_mw
        Capacity of one unit of each class in each step. Shape (K, T).
    load_mw
        Shape (T,).
    rarest
        Combinations rarer than this are left out; the second result is their probability, with
        that of the states left out before.
    """
    largest = max(range(len(states)), key=lambda k: len(states[k].units))
    others = _others([each for k, each in enumerate(states) if k != largest], rarest)
    dropped = others.dropped + sum(each.dropped for each in states)
    sums = _running_sums(states[largest])
    own_mw = capacity_mw[largest]
    other_mw = np.delete(capacity_mw, largest, axis=0)
    risk = StepRisk.none(len(load_mw))
    size = max(1, MOST_AT_ONCE // max(1, len(others.probability)))
    for start in range(0, len(load_mw), size):
        steps = np.arange(start, min(start + size, len(load_mw)))
        left_mw = load_mw[steps, None] - other_mw[:, steps].T @ others.units
        risk.put(steps, _risk(left_mw, own_mw[steps], others, sums))
    return risk, dropped


def _risk(left_mw: Floats, own_mw: Floats, others: _Others, sums: _Sums) -> StepRisk:
    """Return the risk of some steps.

    Parameters
    ----------
    left_mw
        Load less what the other classes give. Shape (T, S).
    own_mw
        Capacity of one unit of the class taken out. Shape (T,).
    others, sums
        Combinations, and running sums of the class taken out.
    """
    lost = _lost_states(left_mw - SURPLUS_TOLERANCE_MW, own_mw, sums.units)
    lolp = sums.probability[lost]
    short_mw = left_mw * lolp - own_mw[:, None] * sums.units_probability[lost]
    loss_per_h = lolp @ others.repair_flow_per_h
    loss_per_h += sums.repair_flow_per_h[lost] @ others.probability
    return StepRisk(
        lolp @ others.probability, short_mw @ others.probability, np.maximum(loss_per_h, 0.0)
    )


def _lost_states(short_mw: Floats, own_mw: Floats, units: Floats) -> Ints:
    """Return how many states of the class, from none upwards, are too few. Shape (T, S)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = short_mw / own_mw[:, None]  # a class without capacity helps nothing: infinite
    # Where neither is load left nor has the class capacity, nothing is needed.
    needed = np.nan_to_num(needed, nan=0.0, posinf=np.inf, neginf=-np.inf)
    is_run = bool((np.diff(units) == 1.0).all())
    if is_run:
        counted: Ints = np.clip(np.ceil(needed - units[0]), 0, len(units)).astype(np.int64)
        return counted
    return np.searchsorted(units, needed, side="left").astype(np.int64)


def _others(states: Sequence[ClassStates], rarest: float) -> _Others:
    units, p, f = np.zeros((0, 1)), np.ones(1), np.zeros(1)
    dropped = 0.0
    for each in states:
        n_old, n_new = len(p), len(each.units)
        units = np.vstack([np.repeat(units, n_new, axis=1), np.tile(each.units, n_old)])
        f = (
            np.multiply.outer(f, each.probability) + np.multiply.outer(p, each.repair_flow_per_h)
        ).ravel()
        p = np.multiply.outer(p, each.probability).ravel()
        kept = p >= rarest
        dropped += float(p[~kept].sum())
        units, p, f = units[:, kept], p[kept], f[kept]
    return _Others(units, p, f, dropped)


def _running_sums(states: ClassStates) -> _Sums:
    def sums(values: Floats) -> Floats:
        return np.concatenate(([0.0], np.cumsum(values)))

    return _Sums(
        states.units,
        sums(states.probability),
        sums(states.probability * states.units),
        sums(states.repair_flow_per_h),
    )
