"""Capacity-outage probability tables of several classes of units.

Three ways, in this order:

1. *Enumeration*: every combination of class states, with capacities as they are. Exact.
2. *Grid that divides every capacity*: convolution by strides, cut off at the highest load, because
   only states below it lose load. Exact.
3. *Any grid*: capacities rounded down give the pessimistic table, rounded up the optimistic one.
   Loss hours and unserved energy fall when capacity rises, so the two bracket the truth.

No fast Fourier transform: its noise of 1e-16 of the largest term drowns the tail that matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.states import ClassStates

    Rounding = Callable[[Floats], Floats]

__all__ = ["Block", "OutageTable", "TableBracket", "outage_tables"]

FEW_STATES = 500
"""Up to so many combinations, enumeration takes less time than looking for a grid."""

POINTS_PER_STATE = 60
"""Points shifted on a grid in the time that enumeration takes for one combination."""

MOST_STATES = 200_000
"""Most combinations to enumerate where no grid divides the capacities."""

MOST_EXACT_POINTS = 100_000
"""Most points of a grid that divides every capacity."""

MOST_POINTS = 40_000
"""Most points of any other grid."""

FINEST_MW = Fraction(1, 1_000_000)
"""Capacities are taken to be given to the watt."""

SAME_MW = 1e-12
"""Two capacities closer than this are the same written differently."""

WHOLE = 1e-9
"""Share of a grid step below which a place counts as whole; far below the tolerance of a loss."""


@dataclass(frozen=True, eq=False)
class Block:
    """A class of units with the capacity of one unit."""

    capacity_mw: float
    states: ClassStates


@dataclass(frozen=True, eq=False)
class OutageTable:
    """Available capacity and its distribution, below the highest load.

    Attributes
    ----------
    available_mw
        Rising. Shape (S,).
    probability
        Shape (S,).
    repair_flow_per_h
        Probability times repairs less failures per hour; empty where not asked for. Shape (S,).
    """

    available_mw: Floats
    probability: Floats
    repair_flow_per_h: Floats


@dataclass(frozen=True, eq=False)
class TableBracket:
    """Two tables that bracket the truth; one and the same where the table is exact.

    ``grid_mw`` is the step of the grid, 0 where capacities are as they are; ``dropped`` the
    probability of states left out.
    """

    optimistic: OutageTable
    pessimistic: OutageTable
    grid_mw: float
    dropped: float

    @property
    def is_exact(self) -> bool:
        """Whether there is nothing between the two."""
        return self.optimistic is self.pessimistic


def outage_tables(
    blocks: Sequence[Block],
    top_mw: float,
    *,
    with_flow: bool = True,
    most_points: int = MOST_POINTS,
) -> TableBracket:
    """Return the table of several classes, exact if that is cheap, else a bracket.

    Parameters
    ----------
    blocks
        The classes.
    top_mw
        The highest load; states at or above it are left out.
    with_flow
        Whether frequencies are wanted.
    most_points
        Most points of a grid that divides no capacity.
    """
    present = [block for block in blocks if block.capacity_mw > 0]
    dropped = math.fsum(block.states.dropped for block in present)
    sizes = [len(block.states.units) for block in present]
    n_states = math.prod(sizes)
    grid_mw = 0.0 if n_states <= FEW_STATES else _common_step_mw(_capacities(present))
    divides = 0 < top_mw <= grid_mw * MOST_EXACT_POINTS
    if n_states <= (_worth_listing(sizes, top_mw / grid_mw) if divides else MOST_STATES):
        table = _enumerated(present, top_mw, with_flow=with_flow)
        return TableBracket(table, table, 0.0, dropped)
    if divides:
        table = _on_grid(present, top_mw, grid_mw, _nearest, with_flow=with_flow)
        return TableBracket(table, table, grid_mw, dropped)
    grid_mw = top_mw / most_points
    optimistic = _on_grid(present, top_mw, grid_mw, _up, with_flow=with_flow)
    pessimistic = _on_grid(present, top_mw, grid_mw, _down, with_flow=with_flow)
    return TableBracket(optimistic, pessimistic, grid_mw, dropped)


def _worth_listing(sizes: Sequence[int], n_points: float) -> float:
    """Return how many combinations can be listed in the time that a grid takes."""
    return n_points * (sum(sizes) - max(sizes)) / POINTS_PER_STATE


def _enumerated(blocks: Sequence[Block], top_mw: float, *, with_flow: bool) -> OutageTable:
    x, weight = np.zeros(1), _nothing(with_flow=with_flow)
    for block in sorted(blocks, key=lambda block: -block.capacity_mw):
        x = np.add.outer(x, block.capacity_mw * block.states.units).ravel()
        weight = _both(weight, block.states)
        low = x < top_mw
        x, weight = x[low], weight[:, low]
    order = np.argsort(x)
    return _table(x[order], weight[:, order])


def _nothing(*, with_flow: bool) -> Floats:
    """Return the weights of no capacity at all: it is certain, and nothing is repaired."""
    return np.array([[1.0], [0.0]] if with_flow else [[1.0]])


def _both(weight: Floats, states: ClassStates) -> Floats:
    """Return the weights of every pair of states; the second row obeys the product rule."""
    joint = weight[:, :, None] * states.probability
    if len(weight) > 1:
        joint[1] += np.multiply.outer(weight[0], states.repair_flow_per_h)
    return joint.reshape(len(weight), -1)


def _table(available_mw: Floats, weight: Floats) -> OutageTable:
    return OutageTable(available_mw, weight[0], weight[1] if len(weight) > 1 else np.zeros(0))


def _capacities(blocks: Sequence[Block]) -> tuple[float, ...]:
    """Return every capacity that some state of one class has, for one unit or part of it."""
    found = {
        block.capacity_mw * part
        for block in blocks
        for part in ([1.0] if block.states.is_whole else block.states.units.tolist())
        if part > 0
    }
    return tuple(sorted(found))


@lru_cache(maxsize=1024)
def _common_step_mw(capacities_mw: tuple[float, ...]) -> float:
    """Return the largest step that divides all capacities, or 0 if that is finer than a watt."""
    whole = [Fraction(round(value / FINEST_MW)) * FINEST_MW for value in capacities_mw]
    if any(
        abs(float(near) - value) > SAME_MW for near, value in zip(whole, capacities_mw, strict=True)
    ):
        return 0.0
    return float(reduce(_common_divisor, whole, Fraction(0)))


def _common_divisor(a: Fraction, b: Fraction) -> Fraction:
    scale = math.lcm(a.denominator, b.denominator)
    return Fraction(math.gcd(int(a * scale), int(b * scale)), scale)


def _on_grid(
    blocks: Sequence[Block],
    top_mw: float,
    grid_mw: float,
    rounding: Rounding,
    *,
    with_flow: bool,
) -> OutageTable:
    """Return the table with the capacity of each class state rounded to a grid."""
    places = [
        rounding(block.states.units * (block.capacity_mw / grid_mw)).astype(np.int64)
        for block in blocks
    ]
    # Every combination has at least what the least states of all classes add up to.
    first = sum(int(place[0]) for place in places)
    size = max(0, math.ceil(top_mw / grid_mw) - first)
    weight = _nothing(with_flow=with_flow)[:, :size]
    # The largest class is laid down as it is, and only the others cost a shift for each state.
    for b in sorted(range(len(blocks)), key=lambda b: -len(places[b])):
        weight = _convolved(weight, places[b] - places[b][0], blocks[b].states, size)
    used = np.flatnonzero(weight[0]) if size else np.zeros(0, np.int64)
    return _table((used + first).astype(np.float64) * grid_mw, weight[:, used])


def _convolved(weight: Floats, places: Ints, states: ClassStates, size: int) -> Floats:
    """Return the convolution with a class, cut off at ``size``."""
    width = weight.shape[1]
    joint = np.zeros((len(weight), min(size, width + int(places[-1]))))
    flows = states.repair_flow_per_h.tolist()
    for s, (place, chance) in enumerate(
        zip(places.tolist(), states.probability.tolist(), strict=True)
    ):
        if place >= size:
            break
        end = min(size, place + width)
        joint[:, place:end] += chance * weight[:, : end - place]
        if len(weight) > 1:
            joint[1, place:end] += flows[s] * weight[0, : end - place]
    return joint


def _nearest(places: Floats) -> Floats:
    return np.rint(places)


def _down(places: Floats) -> Floats:
    """Round down; a place that is whole but for rounding stays."""
    return np.floor(places + WHOLE)


def _up(places: Floats) -> Floats:
    return np.ceil(places - WHOLE)
