"""Risk of some numbers of units in every step: by table, by step, or by bins.

Steps with one capability share one table. Where the weather gives nearly every step a capability of
its own, each step is computed for itself; where that would take too long, tables of bins bracket
the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.bins import binned_risk
from optmix.reliability.hourly import combinations_beside_largest, risk_by_step
from optmix.reliability.risk import RiskBracket, StepRisk, risk_below
from optmix.reliability.states import RAREST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.bins import RiskOf
    from optmix.reliability.capability import Capability
    from optmix.reliability.system import System

__all__ = ["MOST_GROUPS", "NEGLIGIBLE", "risk_of_fleet"]

MOST_GROUPS = 64
"""Up to so many capabilities, a table of each takes less time than every step for itself."""

MOST_COMBINATIONS = 100_000_000
"""Most combinations of states over all steps that are computed step by step."""

NEGLIGIBLE = 1e-9
"""Share of a figure that rounding may take; an interval narrower than this is exact."""


def risk_of_fleet(
    capability: Capability, system: System, counts: Sequence[int], accuracy: float
) -> RiskBracket:
    """Return the risk in every step, leaving out no more states than the answer bears.

    Parameters
    ----------
    capability
        That of the system.
    system
        Demand and hours.
    counts
        Units of each class.
    accuracy
        Relative width of the interval of loss hours that is good enough where bins are needed.
    """
    for rarest in RAREST:
        risk = _risk(capability, system, counts, rarest, accuracy)
        hours = system.hours_per_year
        found = np.array([hours @ risk.low.lolp, hours @ risk.low.unserved_mw])
        left_out = risk.dropped * np.array([hours.sum(), hours @ system.load_mw])
        if (left_out <= NEGLIGIBLE * found).all():
            break
    return risk


def _risk(
    capability: Capability, system: System, counts: Sequence[int], rarest: float, accuracy: float
) -> RiskBracket:
    def risk_of(steps: Ints, row: Floats) -> RiskBracket:
        load_mw = system.load_mw[steps]
        top_mw = float(load_mw.max())
        tables = capability.tables(row, counts, rarest, top_mw, with_flow=True)
        high = risk_below(tables.pessimistic, load_mw)
        low = high if tables.is_exact else risk_below(tables.optimistic, load_mw)
        return RiskBracket(low, high, tables.grid_mw, tables.dropped, "")

    if len(capability.groups) <= MOST_GROUPS:
        return _by_group(capability, system, risk_of)
    n_combinations = combinations_beside_largest(
        capability.states(capability.rows[0], counts, rarest)
    )
    if n_combinations * system.n_steps <= MOST_COMBINATIONS:
        return _by_step(capability, system, counts, rarest)
    return binned_risk(
        capability.rows,
        capability.expected_mw(counts),
        system.hours_per_year,
        risk_of,
        accuracy,
    )


def _by_group(capability: Capability, system: System, risk_of: RiskOf) -> RiskBracket:
    low, high = StepRisk.none(system.n_steps), StepRisk.none(system.n_steps)
    grid_mw = dropped = 0.0
    for group in capability.groups:
        part = risk_of(group.steps, group.row)
        low.put(group.steps, part.low)
        high.put(group.steps, part.high)
        grid_mw, dropped = max(grid_mw, part.grid_mw), max(dropped, part.dropped)
    n = len(capability.groups)
    how = "capacity outage table" if n == 1 else f"capacity outage tables of {n} capabilities"
    return RiskBracket(low, high, grid_mw, dropped, how)


def _by_step(
    capability: Capability, system: System, counts: Sequence[int], rarest: float
) -> RiskBracket:
    risk = StepRisk.none(system.n_steps)
    dropped = 0.0
    _, first, where = np.unique(capability.chances, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(where.ravel(), kind="stable")
    sizes = np.bincount(where.ravel(), minlength=len(first))
    for start, steps in zip(first, np.split(order, np.cumsum(sizes)[:-1]), strict=True):
        states = capability.states(capability.rows[start], counts, rarest)
        capacity_mw = capability.capacity_mw[:, steps]
        part, left_out = risk_by_step(states, capacity_mw, system.load_mw[steps], rarest)
        risk.put(steps, part)
        dropped = max(dropped, left_out)
    how = "every step for itself, over all combinations of states"
    return RiskBracket(risk, risk, 0.0, dropped, how)
