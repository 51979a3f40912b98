r"""Reverse-time simulation of storage, conditioned on a shortage of units.

.. math:: \text{LOLE} = \sum_t h_t\,P(X_t < L_t)\,P(\text{storage does not cover} \mid X_t < L_t)

The first factor comes from tables, however small it is. For the second, a shortage is drawn from
them, and the units are followed *backwards* in time. Each earlier step moves the state of charge by
a map :math:`s \mapsto \min(\max(\alpha s + \beta, l), u)`; maps of this kind are closed under
composition. Once the composed map sends every state of charge to the same outcome the past before
it no longer matters: the state of charge is then the stationary one exactly, with no warm-up and no
first guess (coupling from the past). The estimate is unbiased, and its cost does not grow with the
nines that redundancy buys. Where very large storage buys them few draws lose load; the SoC chain
then does better.

References
----------
Propp and Wilson, "Exact sampling with coupled Markov chains and applications to statistical
mechanics", Random Structures and Algorithms 9 (1996) 223-252.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.chains import populations
from optmix.reliability.estimate import Estimate
from optmix.reliability.moves import BackwardMoves
from optmix.reliability.risk import step_before
from optmix.reliability.shortage import ShortageTable
from optmix.reliability.steps import StepLimits, Steps
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Convention, Population
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["ReverseTime"]

AT_ONCE = 20_000
"""Histories followed together; their arrays then stay in the cache of the processor."""

STEPS_BETWEEN_CHECKS = 3
SAME_MW = 1e-9


@dataclass(eq=False)
class _Map:
    """State of charge at a later step as a function of that at an earlier one. Shapes (N,)."""

    slope: Floats
    offset: Floats
    low: Floats
    high: Floats

    def after(self, slope: Floats | float, offset: Floats, most: Floats) -> _Map:
        """Return this map after another that ends between 0 and ``most``."""
        return _Map(
            self.slope * slope,
            self.slope * offset + self.offset,
            self.at(0.0),
            self.at(most),
        )

    def at(self, stored_mwh: Floats | float) -> Floats:
        """Return where a state of charge ends up."""
        return np.minimum(np.maximum(self.slope * stored_mwh + self.offset, self.low), self.high)

    def only(self, kept: Ints) -> _Map:
        """Return the map of some of the histories."""
        return _Map(self.slope[kept], self.offset[kept], self.low[kept], self.high[kept])


@dataclass(frozen=True, eq=False)
class _Last:
    """The step of the shortage, and the one before. Arrays of shape (N,)."""

    pool: Pool
    now: StepLimits
    previous: StepLimits

    def outcome(self, stored_mwh: Floats) -> tuple[Floats, Floats]:
        """Return what is not served in the step before and in the step of the shortage."""
        pool, was = self.pool, self.previous
        unserved_before = pool.unserved_mw(was.deficit_mw, was.power_mw, stored_mwh)
        gained = pool.retention * stored_mwh + pool.gain_mwh(
            was.surplus_mw, was.deficit_mw, was.power_mw
        )
        stored = _shrink(was, self.now) * np.clip(gained, 0.0, was.energy_mwh)
        return unserved_before, pool.unserved_mw(self.now.deficit_mw, self.now.power_mw, stored)

    def only(self, kept: Ints) -> _Last:
        """Return some of the histories."""
        return _Last(self.pool, _some(self.now, kept), _some(self.previous, kept))


class ReverseTime:
    """Estimates the indices of a system with storage.

    Parameters
    ----------
    system
        The system.
    pool
        Its storage.
    convention
        How steps sample failures and repairs.
    """

    def __init__(self, system: System, pool: Pool, convention: Convention = "exact") -> None:
        units, storage, causes = populations(system, convention)
        self._system, self._pool = system, pool
        self._storage = storage
        self.table = ShortageTable(system, units, causes)
        self._steps = Steps(system, pool, units, storage, causes)
        self._moves = BackwardMoves(self._steps.populations, step_before(system.year))
        self._most_steps = 2 * system.n_steps + 2

    def estimate(self, n: int, random: Generator) -> Estimate:
        """Return the estimate from ``n`` draws.

        Parameters
        ----------
        n
            Draws, an even number.
        random
            Source of random numbers.
        """
        if self.table.shortage_h <= 0:
            return Estimate.never(n)
        draws = self.table.draw(n, random)
        low, high = np.zeros((3, n)), np.zeros((3, n))
        for first in range(0, n, AT_ONCE):
            part = slice(first, min(first + AT_ONCE, n))
            step = draws.step[part]
            counts = [item[part].T.copy() for item in draws.counts]
            counts += [self._modules_out(item, random, len(step)) for item in self._storage]
            counts += [draws.causes[part, c][None, :].copy() for c in range(draws.causes.shape[1])]
            low[:, part], high[:, part] = self._follow(step, counts, random)
        weight = draws.weight_h
        scale = np.stack([weight, weight, weight / self._system.step_h])
        return Estimate.of(scale * low, scale * high)

    def _modules_out(self, item: Population, random: Generator, n: int) -> Ints:
        """Draw the modules out: they have nothing to do with the units. Shape (1, n)."""
        return random.binomial(int(item.count[0]), float(item.law[0, 1]), n)[None, :]

    def _follow(self, step: Ints, counts: list[Ints], random: Generator) -> tuple[Floats, Floats]:
        """Follow histories back until the state of charge before them does not matter.

        Returns
        -------
        low, high
            For each history: 1 if load is lost, unserved power, 1 if the loss begins in this step;
            for the full and the empty store, equal but where the history was not followed to its
            end. Shape (3, N) each.
        """
        low, high = np.zeros((3, len(step))), np.zeros((3, len(step)))
        now = self._steps.limits(step, counts)
        who = np.flatnonzero(now.deficit_mw > SURPLUS_TOLERANCE_MW)
        if not who.size:
            return low, high
        step, counts = step[who], [count[:, who] for count in counts]
        step = self._moves.back(step, counts, random)
        later = self._steps.limits(step, counts)
        last = _Last(self._pool, _some(now, who), later)
        n = len(who)
        past = _Map(np.ones(n), np.zeros(n), np.zeros(n), later.energy_mwh)
        for k in range(1, self._most_steps):
            step = self._moves.back(step, counts, random)
            limits = self._steps.limits(step, counts)
            past = past.after(*self._one_step(limits, later))
            later = limits
            if k % STEPS_BETWEEN_CHECKS and k < self._most_steps - 1:
                continue
            empty = last.outcome(past.at(0.0))
            full = last.outcome(past.at(limits.energy_mwh))
            done = _same(empty, full)
            ready = np.flatnonzero(done) if k < self._most_steps - 1 else np.arange(len(who))
            low[:, who[ready]] = _figures(full[0][ready], full[1][ready])
            high[:, who[ready]] = _figures(empty[0][ready], empty[1][ready])
            kept = np.flatnonzero(~done)
            if not kept.size:
                break
            if len(kept) < len(who):
                who, step, counts = who[kept], step[kept], [count[:, kept] for count in counts]
                last, past, later = last.only(kept), past.only(kept), _some(later, kept)
        return low, high

    def _one_step(self, limits: StepLimits, later: StepLimits) -> tuple[Floats, Floats, Floats]:
        """Return slope, offset and upper end of what a step does to the state of charge."""
        shrink = _shrink(limits, later)
        gain = self._pool.gain_mwh(limits.surplus_mw, limits.deficit_mw, limits.power_mw)
        return shrink * self._pool.retention, shrink * gain, shrink * limits.energy_mwh


def _shrink(limits: StepLimits, later: StepLimits) -> Floats:
    """Return the share of stored energy whose modules are still in service in the next step."""
    ratio = np.divide(
        later.energy_mwh,
        limits.energy_mwh,
        out=np.ones_like(later.energy_mwh),
        where=limits.energy_mwh > 0,
    )
    return np.minimum(ratio, 1.0)


def _some(limits: StepLimits, kept: Ints) -> StepLimits:
    return StepLimits(
        limits.surplus_mw[kept],
        limits.deficit_mw[kept],
        limits.power_mw[kept],
        limits.energy_mwh[kept],
    )


def _same(empty: tuple[Floats, Floats], full: tuple[Floats, Floats]) -> NDArray[np.bool_]:
    """Return where both ends lose load in the same steps, and as much of it."""
    return np.asarray(
        ((empty[0] > 0) == (full[0] > 0))
        & ((empty[1] > 0) == (full[1] > 0))
        & (np.abs(empty[1] - full[1]) <= SAME_MW)
    )


def _figures(before: Floats, now: Floats) -> Floats:
    """Return loss, unserved power and begin of loss. Shape (3, N)."""
    lost = now > 0
    return np.stack([lost.astype(np.float64), now, (lost & ~(before > 0)).astype(np.float64)])
