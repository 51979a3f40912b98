"""Steps grouped by what units can do in them, and the grid that capacities are rounded to.

Only the draws of shortages use this. Rounding makes them somewhat more frequent than true ones, and
the weights of the draws put that right, so a few levels are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population
    from optmix.reliability.system import System

__all__ = ["StepGroups", "grid_mw", "group_steps"]

MOST_LEVELS = 16
MOST_GROUPS = 250
TIDY_STEPS_MW = (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
FINEST_PLACES = 4000
TABLE_NUMBERS = 4_000_000
FEWEST_PLACES = 200


@dataclass(frozen=True, eq=False)
class StepGroups:
    """Groups of steps with the same rounded capacities and laws, and the same counts.

    Attributes
    ----------
    of_step
        Group of each step. Shape (T,).
    capacity_mw
        Capacity of one unit, rounded down. Shape (groups, K).
    law
        For each class, the law of one unit, outages rounded up. Shape (groups, S) each.
    count
        Units not in planned maintenance. Shape (groups, K).
    """

    of_step: Ints
    capacity_mw: Floats
    law: tuple[Floats, ...]
    count: Ints


def group_steps(system: System, units: Sequence[Population]) -> StepGroups:
    """Return the groups of the steps of a system; levels get fewer until the groups are few."""
    levels = MOST_LEVELS
    while True:
        columns = [
            column
            for unit, chain in zip(system.units, units, strict=True)
            for column in (
                _rounded_down(unit.capacity_mw, levels),
                1.0 - _rounded_down(chain.law[:, 0], levels),
                chain.count.astype(np.float64),
            )
        ]
        keys = np.stack([*columns, np.zeros(system.n_steps)], axis=1)
        found, of_step = np.unique(keys, axis=0, return_inverse=True)
        if len(found) <= MOST_GROUPS or levels == 1:
            break
        levels //= 2
    laws = tuple(_law(chain, found[:, 3 * k + 1]) for k, chain in enumerate(units))
    return StepGroups(
        of_step.ravel(), found[:, 0:-1:3], laws, np.rint(found[:, 2:-1:3]).astype(np.int64)
    )


def grid_mw(system: System, units: Sequence[Population], n_tables: int) -> float:
    """Return the step of the grid: one that divides all capacities, if that is coarse enough."""
    top_mw = max(float(system.load_mw.max()), 1e-6)
    places = min(FINEST_PLACES, TABLE_NUMBERS // max(1, n_tables * (len(units) + 1)))
    places = max(places, FEWEST_PLACES)
    capacities = np.unique(
        np.concatenate(
            [
                np.outer(np.unique(unit.capacity_mw), chain.output_frac).ravel()
                for unit, chain in zip(system.units, units, strict=True)
            ]
            or [np.zeros(1)]
        )
    )
    for step_mw in TIDY_STEPS_MW:
        parts = capacities / step_mw
        if top_mw <= step_mw * places and np.allclose(parts, np.rint(parts), rtol=0, atol=1e-9):
            return step_mw
    return top_mw / places


def _rounded_down(values: Floats, levels: int) -> Floats:
    """Return the values as they are if they are few, else rounded down to some of them."""
    found = np.unique(values)
    if len(found) <= levels:
        return values
    kept = np.unique(np.quantile(found, np.arange(levels) / levels, method="lower"))
    return np.asarray(kept[np.searchsorted(kept, values, side="right") - 1])


def _law(chain: Population, out: Floats) -> Floats:
    """Return laws with so much chance of any outage, shared among outages as on average."""
    mean = chain.law[:, 1:].mean(axis=0)
    share = mean / max(float(mean.sum()), np.finfo(float).tiny)
    return np.concatenate([1.0 - out[:, None], out[:, None] * share], axis=1)
