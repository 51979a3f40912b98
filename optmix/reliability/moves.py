"""Units of many histories at once, one step further back in time.

In most steps of most histories nothing fails and nothing is repaired. One random number decides
that for all classes together; only where something does happen are the counts drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population

__all__ = ["BackwardMoves"]

NEVER = -700.0
"""Logarithm of a probability that cannot be told from 0."""


@dataclass(frozen=True, eq=False)
class _Move:
    """Units of population ``item`` that pass from one state to another, going back in time."""

    item: int
    state: int
    to: int
    chance: Floats  # (T,), or (1,) where it never changes
    log_none: Floats  # logarithm of the chance that one unit does not


class BackwardMoves:
    """Moves of all populations from a step to the step before.

    Parameters
    ----------
    items
        The populations.
    before
        The step before each step.
    """

    def __init__(self, items: Sequence[Population], before: Ints) -> None:
        self._items = tuple(items)
        self._before = before
        self._moves: list[_Move] = []
        for p, item in enumerate(items):
            if int(item.count.max(initial=0)) > 0:
                self._moves += _moves_of(p, item.backward(before))
        self._varying = [p for p, item in enumerate(items) if np.ptp(item.count) > 0]

    def back(self, step: Ints, counts: list[Ints], random: Generator) -> Ints:
        """Move the counts of each history from its step to the one before, in place.

        Parameters
        ----------
        step
            Step of each history. Shape (N,).
        counts
            For each population, units in each state but the first. Shape (S - 1, N) each.
        random
            Source of random numbers.

        Returns
        -------
        Ints
            The step before each. Shape (N,).
        """
        quiet = np.zeros(len(step))
        for move in self._moves:
            quiet += self._in_state(move, step, counts) * _at(move.log_none, step)
        busy = np.flatnonzero(np.log(random.random(len(step))) >= quiet)
        if busy.size:
            self._move(busy, step[busy], counts, random)
        before = self._before[step]
        for p in self._varying:
            self._recount(p, step, before, counts, random)
        return np.asarray(before)

    def _in_state(self, move: _Move, step: Ints, counts: Sequence[Ints]) -> Ints:
        if move.state:
            return np.asarray(counts[move.item][move.state - 1])
        return np.asarray(_at(self._items[move.item].count, step) - counts[move.item].sum(axis=0))

    def _move(self, busy: Ints, step: Ints, counts: list[Ints], random: Generator) -> None:
        """Draw the moves of histories in which at least one unit moves."""
        now = [count[:, busy] for count in counts]
        was = [count.copy() for count in now]
        eligible = [self._in_state(move, step, now) for move in self._moves]
        logs = [_at(move.log_none, step) for move in self._moves]
        none = [n * log for n, log in zip(eligible, logs, strict=True)]
        # Chance that no move from this one on takes place.
        rest = np.cumsum(np.stack(none)[::-1], axis=0)[::-1]
        rest = np.concatenate([rest, np.zeros((1, len(step)))])
        found = np.zeros(len(step), dtype=bool)
        left = {(m.item, m.state): n.copy() for m, n in zip(self._moves, eligible, strict=True)}
        for m, move in enumerate(self._moves):
            pool = left[move.item, move.state]
            later = -np.expm1(rest[m + 1])
            none_if_first = np.exp(none[m]) * later / np.maximum(-np.expm1(rest[m]), 1e-300)
            moved = np.zeros(len(step), dtype=np.int64)
            first = np.flatnonzero(~found & (random.random(len(step)) >= none_if_first))
            again = np.flatnonzero(found & (pool > 0))
            chance = np.full(step.shape, _at(move.chance, step), dtype=np.float64)
            if first.size:
                moved[first] = _at_least_one(pool[first], chance[first], random)
            if again.size:
                moved[again] = random.binomial(pool[again], chance[again])
            found[first] = True
            pool -= moved
            if move.state:
                now[move.item][move.state - 1] -= moved
            if move.to:
                now[move.item][move.to - 1] += moved
        for count, old, new in zip(counts, was, now, strict=True):
            if not np.array_equal(old, new):
                count[:, busy] = new

    def _recount(
        self, p: int, step: Ints, before: Ints, counts: list[Ints], random: Generator
    ) -> None:
        """Take units out of the count, or add some in states drawn anew, where it changes."""
        item = self._items[p]
        change = item.count[before] - item.count[step]
        for h in np.flatnonzero(change).tolist():
            states = counts[p][:, h]
            size = int(item.count[step[h]])
            if change[h] < 0:
                whole = np.concatenate([[size - states.sum()], states])
                kept = random.multivariate_hypergeometric(whole, size + int(change[h]))
                counts[p][:, h] = kept[1:]
            else:
                counts[p][:, h] += random.multinomial(int(change[h]), item.law[before[h]])[1:]


def _moves_of(p: int, backward: Floats) -> list[_Move]:
    """Return the moves of one population; moves from one state are drawn one after the other."""
    moves = []
    n_states = backward.shape[1]
    for state in range(n_states):
        remaining = np.ones(len(backward))
        for to in range(n_states):
            if to == state:
                continue
            share = backward[:, state, to]
            chance = np.divide(share, remaining, out=np.zeros_like(share), where=remaining > 0)
            chance = np.clip(chance, 0.0, 1.0)
            if chance.max() > 0:
                if np.ptp(chance) <= np.finfo(float).eps * chance.max():
                    chance = chance[:1]
                with np.errstate(divide="ignore"):
                    log_none = np.maximum(np.log1p(-chance), NEVER)
                moves.append(_Move(p, state, to, chance, log_none))
            remaining = remaining - share
    return moves


def _at(values: Floats | Ints, step: Ints) -> Floats | Ints:
    """Return the value of each step; one that never changes stays a single number."""
    return values if len(values) == 1 else values[step]


def _at_least_one(n: Ints, chance: Floats, random: Generator) -> Ints:
    """Draw binomial counts given that they are not 0, by inversion."""
    none = np.exp(n * np.maximum(np.log1p(-np.minimum(chance, 1 - 1e-16)), NEVER))
    target = random.random(len(n)) * (1.0 - none)
    odds = chance / np.maximum(1.0 - chance, 1e-16)
    drawn = np.ones(len(n), dtype=np.int64)
    term = none * n * odds
    reached = term.copy()
    active = np.flatnonzero((reached <= target) & (drawn < n))
    while active.size:
        drawn[active] += 1
        k = drawn[active]
        term[active] *= (n[active] - k + 1) / k * odds[active]
        reached[active] += term[active]
        active = active[(reached[active] <= target[active]) & (k < n[active])]
    return drawn
