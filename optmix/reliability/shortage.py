"""Draws of steps and states in which units alone do not serve demand.

Steps are drawn in proportion to the probability that demand is not met without storage, and the
state of every unit from its law given that. The draw works backwards through the convolution: the
tables hold the distribution of the first ``k`` classes together, so the last class is drawn first.

The tables may be coarse: capacities are rounded down to a grid, and outage probabilities up to a
few levels. Every shortage is then among the draws; each carries as weight the ratio of its true
probability to the one it was drawn with. Estimates are unbiased whatever the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.configurations import chances, configurations
from optmix.reliability.levels import grid_mw, group_steps
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population
    from optmix.reliability.system import System

__all__ = ["Draws", "ShortageTable"]

DRAWN_AT_ONCE = 4096
WHOLE = 1e-9  # share of a grid step below which a place counts as whole


@dataclass(frozen=True, eq=False)
class Draws:
    """Steps and states drawn. N draws, in the order of steps.

    Attributes
    ----------
    step
        Step of each draw. Shape (N,).
    counts
        For each class, units in each state but the first. Shape (N, S - 1) each.
    causes
        1 where a common cause lasts, else 0. Shape (N, C).
    weight_h
        Hours a year that the mean of one draw stands for: that times what is lost in a draw, over
        all draws, is the expectation. Some draws serve demand after all. Shape (N,).
    """

    step: Ints
    counts: tuple[Ints, ...]
    causes: Ints
    weight_h: Floats


@dataclass(frozen=True, eq=False)
class _ClassTable:
    """What one class adds. G groups of steps, M configurations of the class."""

    states: Ints
    chance: Floats  # (G, M)
    size: Ints  # (G, M), capacity in service in steps of the grid
    log_law: Floats  # (G, S), what states are drawn with
    log_true: Floats  # (T, S)
    count: Ints  # (T,)
    is_lost: Ints  # (combinations of causes,)


class ShortageTable:
    """Tables of the capacity in service, from which shortages are drawn.

    Parameters
    ----------
    system
        The system; its storage is left aside.
    units, causes
        Its populations.
    """

    def __init__(
        self, system: System, units: Sequence[Population], causes: Sequence[Population]
    ) -> None:
        n_combinations = 2 ** len(causes)
        self._bits = (np.arange(n_combinations)[:, None] >> np.arange(len(causes))) & 1
        groups = group_steps(system, units)
        self._group = groups.of_step
        self.grid_mw = grid_mw(system, units, len(groups.capacity_mw) * n_combinations)
        limit = np.ceil((system.load_mw - SURPLUS_TOLERANCE_MW) / self.grid_mw) - 1
        self._limit = limit.astype(np.int64)
        self._places = max(1, int(self._limit.max()) + 1)
        self._classes: list[_ClassTable] = []
        # Axes: group of steps, combination of causes, capacity at most so many steps of the grid.
        self._below = [np.ones((len(groups.capacity_mw), n_combinations, self._places))]
        for k, unit in enumerate(units):
            item = _class_table(
                unit,
                groups.capacity_mw[:, k] / self.grid_mw,
                groups.law[k],
                groups.count[:, k],
                _lost(system, unit.name, self._bits),
            )
            self._classes.append(item)
            self._below.append(_with_class(self._below[-1], item))
        hours = np.empty((system.n_steps, n_combinations))
        for s in range(n_combinations):
            chance = 1.0
            for c, cause in enumerate(causes):
                chance *= float(cause.law[0, self._bits[s, c]])
            combination = np.full(system.n_steps, s)
            hours[:, s] = chance * self._chance_below(
                len(units), self._group, combination, self._limit
            )
        self._cumulative_h = np.cumsum(hours * system.hours_per_year[:, None])
        self.shortage_h = float(self._cumulative_h[-1])
        """Hours a year in which draws fall; about the hours of shortage without storage."""

    def draw(self, n: int, random: Generator) -> Draws:
        """Return ``n`` draws, one from each of ``n`` equal parts of the hours of shortage."""
        places = (np.arange(n) + random.random(n)) / n * self.shortage_h
        flat = np.searchsorted(self._cumulative_h, places, side="right")
        flat = np.minimum(flat, len(self._cumulative_h) - 1)
        step, combination = np.divmod(flat, len(self._bits))
        weight = np.full(n, self.shortage_h)
        counts = [np.zeros((n, item.states.shape[1]), dtype=np.int64) for item in self._classes]
        for first in range(0, n, DRAWN_AT_ONCE):
            part = slice(first, first + DRAWN_AT_ONCE)
            self._draw_states(step[part], combination[part], [c[part] for c in counts], random)
        for item, drawn in zip(self._classes, counts, strict=True):
            weight *= self._ratio(item, step, drawn)
        return Draws(step, tuple(counts), self._bits[combination], weight)

    def _chance_below(self, k: int, group: Ints, combination: Ints, limit: Ints) -> Floats:
        """Return the probability that the first ``k`` classes have at most ``limit``."""
        inside = np.minimum(np.maximum(limit, 0), self._places - 1)
        return np.where(limit >= 0, self._below[k][group, combination, inside], 0.0)

    def _draw_states(
        self, step: Ints, combination: Ints, counts: list[Ints], random: Generator
    ) -> None:
        """Fill in the states of every class, last class first."""
        group, limit = self._group[step], self._limit[step].copy()
        for k in range(len(self._classes) - 1, -1, -1):
            item = self._classes[k]
            size = item.size[group] * (1 - item.is_lost[combination])[:, None]
            left = limit[:, None] - size
            weight = item.chance[group] * self._chance_below(
                k, group[:, None], combination[:, None], left
            )
            reached = np.cumsum(weight, axis=1)
            threshold = random.random(len(step)) * reached[:, -1]
            picked = (reached <= threshold[:, None]).sum(axis=1)
            picked = np.minimum(picked, size.shape[1] - 1)
            counts[k][:] = item.states[picked]
            limit = left[np.arange(len(step)), picked]

    def _ratio(self, item: _ClassTable, step: Ints, drawn: Ints) -> Floats:
        """Return the true probability of the states of a class over that they are drawn with."""
        if np.allclose(item.log_true, item.log_law[self._group], rtol=0, atol=1e-13):
            return np.ones(len(step))
        difference = item.log_true[step] - item.log_law[self._group[step]]
        first = item.count[step] - drawn.sum(axis=1)
        exponent = first * difference[:, 0] + (drawn * difference[:, 1:]).sum(axis=1)
        return np.asarray(np.exp(exponent))


def _class_table(
    unit: Population, capacity: Floats, law: Floats, count: Ints, is_lost: Ints
) -> _ClassTable:
    states = configurations(int(unit.count.max(initial=0)), len(unit.output_frac))
    out = states.sum(axis=1)
    in_service = np.maximum(count[:, None] - out, 0) + states @ unit.output_frac[1:]
    size = np.floor(capacity[:, None] * in_service + WHOLE).astype(np.int64)
    chance = np.stack(
        [chances(states, n, part) for n, part in zip(count.tolist(), law, strict=True)]
    )
    tiny = np.finfo(float).tiny
    return _ClassTable(
        states,
        chance,
        size,
        np.log(np.maximum(law, tiny)),
        np.log(np.maximum(unit.law, tiny)),
        unit.count,
        is_lost,
    )


def _with_class(below: Floats, item: _ClassTable) -> Floats:
    """Return the tables with one class more."""
    now = np.zeros_like(below)
    places = below.shape[2]
    for g in range(len(below)):
        for chance, size in zip(item.chance[g].tolist(), item.size[g].tolist(), strict=True):
            if chance > 0 and size < places:
                now[g, :, size:] += chance * below[g, :, : places - size]
    lost = np.flatnonzero(item.is_lost)
    now[:, lost] = below[:, lost]
    return now


def _lost(system: System, name: str, bits: Ints) -> Ints:
    """Return 1 for the combinations of common causes that take a class, else 0."""
    hits = np.array([name in cause.affects for cause in system.common_causes], dtype=np.int64)
    return np.asarray((bits @ hits > 0).astype(np.int64))
