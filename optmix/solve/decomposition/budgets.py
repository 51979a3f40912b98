"""Annual budgets that windows draw on together: cycles, curtailed energy, emissions.

A budget that is not short costs nothing, and linking it would only slow the search. So each window
may at first use all of it, which keeps the bound a bound; a budget that the windows together would
overdraw is linked, and from then on the master shares it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.solve.decomposition.linking import BUDGETS

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.solve.decomposition.linking import Key
    from optmix.solve.decomposition.master import Master, Point

__all__ = ["Budget", "list_budgets", "overdrawn", "shared_out"]

OVERDRAWN: Final = 1e-6
"""Share of a budget by which windows may overdraw it before it counts."""


@dataclass(frozen=True, eq=False)
class Budget:
    """One budget of one operating year.

    Attributes
    ----------
    places
        Places of its parts in a point, one a window of the year.
    windows
        Numbers of these windows.
    limit
        The budget, if no size changes it.
    size_place, per_size
        The place of the size that it grows with, if any, and how much of it each adds.
    """

    places: Ints
    windows: Ints
    limit: float
    size_place: int | None = None
    per_size: float = 0.0

    def at(self, point: Point) -> float:
        """Return the budget at a point."""
        if self.size_place is None:
            return self.limit
        return self.per_size * float(point.values[self.size_place])


def list_budgets(case: Case, master: Master) -> list[Budget]:
    """Return all budgets of a case."""
    parts: dict[Key, list[tuple[int, int]]] = {}
    for place, (name, index) in enumerate(master.keys):
        if name in BUDGETS:
            of, window = index
            parts.setdefault((name, of), []).append((window, place))
    budgets = []
    products = {battery.name: battery for battery in case.batteries}
    for (name, of), members in parts.items():
        windows, places = (
            np.array(column, dtype=np.int64) for column in zip(*members, strict=True)
        )
        limit = float(master.upper[places[0]])
        if name == "discharge_allotment_mwh":
            product, year = of
            battery = products[product]
            cycles = battery.cycles_per_year / float(case.axis.annual_factor[year])
            size = master.place["n_modules", product]
            budgets.append(Budget(places, windows, limit, size, cycles * battery.usable_mwh))
        elif name == "rule_allotment" and of in master.rule_fleet:
            unit, per_unit = master.rule_fleet[of]
            size = master.place["n_units", unit]
            budgets.append(Budget(places, windows, limit, size, per_unit))
        else:
            budgets.append(Budget(places, windows, limit))
    return budgets


def overdrawn(budgets: list[Budget], point: Point, used: Floats) -> list[Budget]:
    """Return the budgets that windows together overdraw at a point."""
    return [
        budget
        for budget in budgets
        if np.isnan(point.values[budget.places]).any()
        and used[budget.places].sum() > budget.at(point) * (1 + OVERDRAWN) + OVERDRAWN
    ]


def shared_out(
    budgets: list[Budget], point: Point, used: Floats, is_done: Floats | None = None
) -> Floats:
    """Return the values of a point with every budget shared out in full.

    Parameters
    ----------
    budgets
        All budgets.
    point
        The sizes that budgets grow with.
    used
        What each window uses, one a linking quantity; windows keep that much where it fits.
    is_done
        Whether a part is no more to be changed, 1 or 0, one a linking quantity.
    """
    values = point.values.copy()
    for budget in budgets:
        done = np.zeros(len(budget.places)) if is_done is None else is_done[budget.places]
        wanted, open_parts = used[budget.places], done == 0
        left = budget.at(point) - float(wanted[~open_parts].sum())
        total = float(wanted[open_parts].sum())
        parts = wanted.copy()
        if total > left:
            parts[open_parts] *= max(left, 0.0) / total if total > 0 else 0.0
        elif open_parts.any():
            parts[open_parts] += (left - total) / open_parts.sum()
        values[budget.places] = parts
    return values
