r"""Planes that every fleet within a target lies above: weighted counts are at least so much.

The least weight is searched best first over counts, with storage as units that never run out, the
schedule left out, no common causes, and only the steps of most load for what could serve it. A node
fixes the counts of some types; the rest is firm capacity at the least weight for each MW, and just
so much of it that the target holds. So the least weight of all open nodes is proven at any time,
and where the search is cut short that is the answer.

Capacity lies on a grid and is rounded up, so that adding one unit to a table is one shifted sum.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.system import System

__all__ = ["Choice", "FirmCapacity", "least_weight"]

PLACES = 3_000
"""Places of the grid of capacity."""

GROUPS = 4
SHARE_OF_STEPS = 0.25
"""Share of steps that are looked at, those with most load for what could serve it."""

MOST_NODES = 800
SLACK = 1e-9


@dataclass(frozen=True)
class Choice:
    """One type or product: its class in the system, weight, and least and most counts."""

    place: int
    weight: float
    least: int
    most: int


class FirmCapacity:
    """How much firm capacity some units lack, at the least.

    Parameters
    ----------
    system
        Every class as units, one each, with no units in maintenance.
    most
        Units of each class on offer.
    limit
        Most loss, in hours or MWh.
    is_hours
        Whether hours are counted, else energy.
    """

    def __init__(
        self, system: System, most: Sequence[int], limit: float, *, is_hours: bool
    ) -> None:
        capacity_mw = np.array([unit.capacity_mw for unit in system.units])
        outage = np.array([unit.unavailable_frac for unit in system.units])
        offered_mw = np.asarray(most, dtype=np.float64) @ capacity_mw
        strain = system.load_mw / np.maximum(offered_mw, SURPLUS_TOLERANCE_MW)
        kept = max(1, math.ceil(SHARE_OF_STEPS * system.n_steps))
        steps = np.argsort(-strain, kind="stable")[:kept]
        self._limit = limit
        self._grid_mw = max(float(system.load_mw[steps].max()), SURPLUS_TOLERANCE_MW) / PLACES
        groups = np.array_split(steps, min(GROUPS, kept))
        self.firm_mw: Floats = capacity_mw[:, steps].max(axis=1)
        """Most that one unit of each class gives in the steps looked at. Shape (K,)."""
        rise = np.stack([capacity_mw[:, part].max(axis=1) for part in groups]) / self._grid_mw
        self._rise: Ints = np.minimum(np.ceil(rise - SLACK), PLACES).astype(np.int64)
        self._out: Floats = np.stack([outage[:, part].min(axis=1) for part in groups])
        self._above = np.stack([self._levels(system, part, is_hours=is_hours) for part in groups])

    def _levels(self, system: System, steps: Ints, *, is_hours: bool) -> Floats:
        """Return hours or energy of load above each place of the grid, and nothing beyond it."""
        load_mw = system.load_mw[steps] - SURPLUS_TOLERANCE_MW
        hours = system.hours_per_year[steps]
        level_mw = np.arange(PLACES) * self._grid_mw
        order = np.argsort(load_mw)
        load_mw, hours = load_mw[order], hours[order]
        above = np.append(np.cumsum(hours[::-1])[::-1], 0.0)
        first = np.searchsorted(load_mw, level_mw, side="right")
        found = np.zeros(2 * PLACES)
        found[:PLACES] = above[first]
        if not is_hours:
            energy = np.append(np.cumsum((hours * load_mw)[::-1])[::-1], 0.0)
            found[:PLACES] = np.maximum(energy[first] - level_mw * above[first], 0.0)
        return found

    def empty(self) -> Floats:
        """Return the table of no units: probability of each capacity. Shape (groups, PLACES)."""
        table = np.zeros((len(self._rise), PLACES))
        table[:, 0] = 1.0
        return table

    def with_unit(self, table: Floats, place: int) -> Floats:
        """Return a table with one unit more of a class."""
        found = table * self._out[:, place, None]
        for g, rise in enumerate(self._rise[:, place].tolist()):
            found[g, rise:] += (1.0 - self._out[g, place]) * table[g, : PLACES - rise]
        return found

    def lacking_mw(self, table: Floats) -> float:
        """Return firm capacity that is too little beside some units; 0 if they may do alone."""
        if self._loss(table, 0) <= self._limit:
            return 0.0
        low, high = 0, PLACES
        while high - low > 1:
            middle = (low + high) // 2
            if self._loss(table, middle) > self._limit:
                low = middle
            else:
                high = middle
        return low * self._grid_mw

    def _loss(self, table: Floats, firm: int) -> float:
        above = self._above[:, firm : firm + PLACES]
        return float(np.einsum("gp,gp->", table, above)) * (1.0 - SLACK)


@dataclass(order=True)
class _Node:
    """Counts of the first types fixed, that of type ``at`` at least what ``table`` holds."""

    weight: float
    number: int
    at: int = field(compare=False)
    count: int = field(compare=False)
    fixed: float = field(compare=False)
    table: Floats = field(compare=False)


def least_weight(
    firm: FirmCapacity, choices: Sequence[Choice], most_nodes: int = MOST_NODES
) -> float:
    """Return a weight that no fleet within the target is below; infinite if there is none.

    Parameters
    ----------
    firm
        What fleets lack.
    choices
        What can be built.
    most_nodes
        Nodes after which what is proven then is returned.
    """
    order = sorted(choices, key=lambda choice: -float(firm.firm_mw[choice.place]))
    search = _Search(firm, order)
    heap = [*search.start()]
    for _ in range(most_nodes):
        if not heap:
            return math.inf
        node = heapq.heappop(heap)
        if node.at == len(order):
            return node.weight
        for child in search.children(node):
            heapq.heappush(heap, child)
    return heap[0].weight if heap else math.inf


class _Search:
    """Nodes of the search; every fleet is below exactly one of the children of its node."""

    def __init__(self, firm: FirmCapacity, order: Sequence[Choice]) -> None:
        self._firm, self._order, self._number = firm, order, 0

    def start(self) -> Iterator[_Node]:
        """Yield the node of all fleets: the least counts of every type."""
        table, fixed = self._firm.empty(), 0.0
        for choice in self._order:
            fixed += choice.weight * choice.least
            for _ in range(choice.least):
                table = self._firm.with_unit(table, choice.place)
        yield from self._node(0, 0, fixed, table)

    def children(self, node: _Node) -> Iterator[_Node]:
        """Yield the node that builds one more, and the one that goes on to the next type."""
        if node.at < len(self._order):
            choice = self._order[node.at]
            if choice.least + node.count < choice.most:
                table = self._firm.with_unit(node.table, choice.place)
                fixed = node.fixed + choice.weight
                yield from self._node(node.at, node.count + 1, fixed, table)
            yield from self._node(node.at + 1, 0, node.fixed, node.table)

    def _node(self, at: int, count: int, fixed: float, table: Floats) -> Iterator[_Node]:
        rest = self._cheapest(self._firm.lacking_mw(table), at, count)
        if rest < math.inf:
            self._number += 1
            yield _Node(fixed + rest, self._number, at, count, fixed, table)

    def _cheapest(self, lacking_mw: float, at: int, count: int) -> float:
        """Return the least weight of firm capacity from types still open."""
        left = [
            (choice.weight / size_mw, size_mw * (choice.most - choice.least - built))
            for choice, built in zip(
                self._order[at:], (count, *(0 for _ in self._order[at + 1 :])), strict=False
            )
            if (size_mw := float(self._firm.firm_mw[choice.place])) > 0
        ]
        weight = 0.0
        for per_mw, size_mw in sorted(left):
            if lacking_mw <= 0:
                break
            weight += per_mw * min(lacking_mw, size_mw)
            lacking_mw -= size_mw
        return weight if lacking_mw <= 0 else math.inf
