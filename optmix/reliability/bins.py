"""Steps of like capability in bins, with proven bounds, refined until they are close enough.

Within a bin the least capacity, the highest outage probability and the fewest units available give
a risk that no step of it exceeds; the opposite edge gives one that none falls below. For capability
that follows the weather these are the hot and the cold edge.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.risk import RiskBracket, StepRisk

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.arrays import Floats, Ints

    RiskOf = Callable[[Ints, Floats], RiskBracket]

__all__ = ["MOST_TABLES", "binned_risk"]

MOST_TABLES = 3_000
"""Where so many tables do not reach the accuracy, the interval is returned as wide as it is."""

FIRST_BINS = 16


def binned_risk(
    capability: Floats, order: Floats, hours: Floats, risk_of: RiskOf, accuracy: float
) -> RiskBracket:
    """Return a risk whose expected hours and energy of loss are known to a relative width.

    Parameters
    ----------
    capability
        What decides the table of a step, each column falling as risk rises. Shape (T, C).
    order
        A figure that steps of like capability share nearly. Shape (T,).
    hours
        Weight of each step. Shape (T,).
    risk_of
        Returns the risk of some steps if all had one capability.
    accuracy
        Relative width to stop at.
    """
    low, high = StepRisk.none(len(order)), StepRisk.none(len(order))
    grid_mw = dropped = 0.0
    widths: list[tuple[float, int, Ints]] = []
    n_tables = 0

    def fill(steps: Ints) -> None:
        nonlocal grid_mw, dropped, n_tables
        rows = capability[steps]
        best, worst = rows.max(axis=0), rows.min(axis=0)
        pessimistic = risk_of(steps, worst)
        is_one = bool((best == worst).all())
        optimistic = pessimistic if is_one else risk_of(steps, best)
        low.put(steps, optimistic.low)
        high.put(steps, pessimistic.high)
        grid_mw = max(grid_mw, pessimistic.grid_mw)
        dropped = max(dropped, pessimistic.dropped)
        n_tables += 1 if is_one else 2
        if not is_one:
            heapq.heappush(widths, (-_width(low, high, hours, steps), n_tables, steps))

    for steps in np.array_split(np.argsort(order, kind="stable"), FIRST_BINS):
        if steps.size:
            fill(steps)
    while widths and n_tables < MOST_TABLES:
        if _width(low, high, hours, np.arange(len(order))) <= accuracy:
            break
        steps = heapq.heappop(widths)[2]
        half = _middle(capability[steps], order[steps])
        fill(steps[:half])
        fill(steps[half:])
    how = f"capacity outage tables of {n_tables} capabilities that bracket those of all steps"
    return RiskBracket(low, high, grid_mw, dropped, how)


def _width(low: StepRisk, high: StepRisk, hours: Floats, steps: Ints) -> float:
    """Return what some steps leave open of the hours of loss or of the energy, as a share."""
    shares = [0.0]
    for below, above in ((low.lolp, high.lolp), (low.unserved_mw, high.unserved_mw)):
        whole = float(hours @ above)
        if whole > 0:
            shares.append(float(hours[steps] @ (above[steps] - below[steps])) / whole)
    return max(shares)


def _middle(rows: Floats, order: Floats) -> int:
    """Return where to split a bin sorted by ``order``: in the middle, but not between equals."""
    differs = np.flatnonzero((np.diff(order) != 0) | (np.diff(rows, axis=0) != 0).any(axis=1)) + 1
    return int(differs[np.argmin(np.abs(differs - len(order) // 2))])
