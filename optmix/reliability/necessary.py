r"""Planes that every fleet within a target lies above: weighted counts are at least so much.

The least weight is searched best first over counts, with storage as units that never run out, the
schedule left out, no common causes, and only the steps of most load for what could serve it. A node
fixes the counts of some types; the rest is firm capacity at the least weight for each MW, just so
much of it that the target holds and that mean capacity suffices. So the least weight of all open
nodes is proven at any time, and where the search is cut short that is the answer.

Capacity lies on a grid and is rounded up, so that adding one unit to a table is one shifted sum.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.states import binomial
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

MOST_NODES = 800
SLACK = 1e-9
RAREST = 1e-15
MIXES = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 3.0), (3.0, 1.0))
"""Parts of firm and of mean capacity in the sums that open nodes are held to."""


@dataclass(frozen=True)
class Choice:
    """One type or product: its class in the system, weight, and least and most counts.

    ``mean_mw`` is what one unit adds to the mean capacity; see
    :class:`optmix.reliability.energy_row.EnergyRow`.
    """

    place: int
    weight: float
    least: int
    most: int
    mean_mw: float


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
    share
        Share of steps that are looked at, those with most load for what could serve it.
    n_groups
        Groups of steps of like strain that share one table.
    """

    def __init__(
        self,
        system: System,
        most: Sequence[int],
        limit: float,
        *,
        is_hours: bool,
        share: float = SHARE_OF_STEPS,
        n_groups: int = GROUPS,
    ) -> None:
        capacity_mw = np.array([unit.capacity_mw for unit in system.units])
        outage = np.array([unit.unavailable_frac for unit in system.units])
        offered_mw = np.asarray(most, dtype=np.float64) @ capacity_mw
        strain = system.load_mw / np.maximum(offered_mw, SURPLUS_TOLERANCE_MW)
        kept = max(1, math.ceil(share * system.n_steps))
        steps = np.argsort(-strain, kind="stable")[:kept]
        self._limit = limit
        self._grid_mw = max(float(system.load_mw[steps].max()), SURPLUS_TOLERANCE_MW) / PLACES
        groups = np.array_split(steps, min(n_groups, kept))
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

    def with_units(self, table: Floats, place: int, count: int) -> Floats:
        """Return a table with several units more of a class."""
        found = np.zeros_like(table)
        for g, rise in enumerate(self._rise[:, place].tolist()):
            chance = binomial(count, 1.0 - float(self._out[g, place]))
            for running in np.flatnonzero(chance > RAREST).tolist():
                first = running * rise
                if first >= PLACES:
                    break
                found[g, first:] += chance[running] * table[g, : PLACES - first]
        return found

    def lacking_mw(self, table: Floats) -> float:
        """Return firm capacity too little beside some units; 0 if they may do alone."""
        return self.firm_for(table, self._limit)

    def firm_for(self, table: Floats, loss: float) -> float:
        """Return firm capacity with which more is lost than this; 0 if that never is so."""
        if self._loss(table, 0) <= loss:
            return 0.0
        low, high = 0, PLACES
        while high - low > 1:
            middle = (low + high) // 2
            if self._loss(table, middle) > loss:
                low = middle
            else:
                high = middle
        return low * self._grid_mw

    def loss(self, table: Floats, firm_mw: float) -> float:
        """Return no more than the hours, or energy, lost beside firm capacity."""
        return self._loss(table, min(PLACES, math.ceil(firm_mw / self._grid_mw - SLACK)))

    def _loss(self, table: Floats, firm: int) -> float:
        above = self._above[:, firm : firm + PLACES]
        return float(np.einsum("gp,gp->", table, above)) * (1.0 - SLACK)


@dataclass(order=True)
class _Node:
    """Counts of the first types fixed, that of type ``at`` at least what ``table`` holds.

    ``fixed`` is their weight, and ``lacking_mw`` the mean capacity that they leave to others.
    """

    weight: float
    number: int
    at: int = field(compare=False)
    count: int = field(compare=False)
    fixed: float = field(compare=False)
    lacking_mw: float = field(compare=False)
    table: Floats = field(compare=False)


def least_weight(
    firm: FirmCapacity,
    choices: Sequence[Choice],
    mean_mw: float = 0.0,
    most_nodes: int = MOST_NODES,
) -> float:
    """Return a weight that no fleet within the target is below; infinite if there is none.

    Parameters
    ----------
    firm
        What fleets lack.
    choices
        What can be built.
    mean_mw
        Mean capacity that all must reach together.
    most_nodes
        Nodes after which what is proven then is returned.
    """
    order = sorted(choices, key=lambda choice: -float(firm.firm_mw[choice.place]))
    search = _Search(firm, order, mean_mw)
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

    def __init__(self, firm: FirmCapacity, order: Sequence[Choice], mean_mw: float) -> None:
        self._firm, self._order, self._number = firm, order, 0
        self._mean_mw = mean_mw

    def start(self) -> Iterator[_Node]:
        """Yield the node of all fleets: the least counts of every type."""
        table, fixed, lacking_mw = self._firm.empty(), 0.0, self._mean_mw
        for choice in self._order:
            fixed += choice.weight * choice.least
            lacking_mw -= choice.mean_mw * choice.least
            table = self._firm.with_units(table, choice.place, choice.least)
        yield from self._node(_Node(0.0, 0, 0, 0, fixed, lacking_mw, table))

    def children(self, node: _Node) -> Iterator[_Node]:
        """Yield the node that builds one more, and the one that goes on to the next type."""
        choice = self._order[node.at]
        if choice.least + node.count < choice.most:
            more = replace(
                node,
                count=node.count + 1,
                fixed=node.fixed + choice.weight,
                lacking_mw=node.lacking_mw - choice.mean_mw,
                table=self._firm.with_unit(node.table, choice.place),
            )
            yield from self._node(more)
        yield from self._node(replace(node, at=node.at + 1, count=0))

    def _node(self, node: _Node) -> Iterator[_Node]:
        """Yield the node with its number, and the least weight below it, unless there is none."""
        firm_mw = self._firm.lacking_mw(node.table)
        lacking = np.array([firm_mw, max(0.0, node.lacking_mw)])
        rest = max(self._cheapest(mix, lacking, node.at, node.count) for mix in MIXES)
        if rest < math.inf:
            self._number += 1
            yield replace(node, weight=node.fixed + rest, number=self._number)

    def _cheapest(self, mix: tuple[float, float], lacking: Floats, at: int, count: int) -> float:
        """Return the least weight of what types still open must add to firm and mean capacity.

        Both must be reached, so any sum of the two must be.
        """
        needed_mw = mix[0] * float(lacking[0]) + mix[1] * float(lacking[1])
        offers = []
        for k, choice in enumerate(self._order[at:]):
            size_mw = mix[0] * float(self._firm.firm_mw[choice.place]) + mix[1] * choice.mean_mw
            number = choice.most - choice.least - (0 if k else count)
            if size_mw > 0:
                offers.append((choice.weight / size_mw, size_mw * number))
        weight = 0.0
        for per_mw, size_mw in sorted(offers):
            if needed_mw <= 0:
                break
            weight += per_mw * min(needed_mw, size_mw)
            needed_mw -= size_mw
        return weight if needed_mw <= 0 else math.inf
