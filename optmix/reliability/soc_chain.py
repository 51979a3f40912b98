r"""Markov chain of units out and state of charge, with certified bounds.

The state of charge lives on points. Rounded *down* to them, from an empty start, it is never above
the true one, in any history of the units: loss of load and unserved energy come out too high, never
too low. Rounded *up*, from a full start, they come out too low. So the two runs enclose the truth,
whatever the points. Their points move along with what is stored, so only failures and repairs
round: see :mod:`optmix.reliability.moving_points`.

A third run has bins that stay, and splits each move between the two neighbouring ones such that its
mean is right: see :mod:`optmix.reliability.split_bins`. Unserved energy is convex in the state of
charge, so by Jensen's inequality that run is another upper bound on it, and a much closer one: its
error falls with the square of the bin.

Counts of units out are cut off where more are next to impossible. Histories that were beyond the
cut come back with an empty store in the pessimistic runs and a full one in the optimistic run, and
a step beyond the cut counts as loss in the former and as none in the latter.

Per count the distribution over points is kept as running sum. Every move of the state of charge is
then a shift of rows, and a loss is one entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.reliability.chains import populations
from optmix.reliability.count_space import CountSpace, count_axes
from optmix.reliability.moving_points import MovingPoints
from optmix.reliability.split_bins import SplitBins

if TYPE_CHECKING:
    from optmix.reliability.chains import Convention
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["Rounding", "SocBounds", "SocChain"]

Rounding = Literal["down", "up", "split"]

WARM_UP_STEPS = 336
"""Steps before each year that let the guess of the start fade; the bounds hold with any number."""

SHARE_PER_CHANGE = 1e-3
"""Share of the probability that may be left out, for one change of the count of modules out."""


@dataclass(frozen=True)
class SocBounds:
    """Hours and energy of one run: both upper bounds, or both lower ones."""

    lole_h: float
    eue_mwh: float


class SocChain:
    """The chain of a system with storage.

    Parameters
    ----------
    system
        The system, whose units have no partial outages.
    pool
        Its storage; modules of one product at most have outages.
    space
        Its counts.
    tail
        Probability, in any step, of what may be left out.
    """

    def __init__(self, system: System, pool: Pool, space: CountSpace, tail: float) -> None:
        self._system, self._pool, self._space = system, pool, space
        self._tail = tail
        self.size = space.size

    @classmethod
    def build(
        cls,
        system: System,
        pool: Pool,
        tail: float,
        convention: Convention = "exact",
        most_states: int = 10_000,
    ) -> SocChain | None:
        """Return the chain, or none where there are too many counts or the chain does not apply.

        Parameters
        ----------
        system, pool
            The system and its storage.
        tail
            Probability, in any step, of the counts that may be left out.
        convention
            How steps sample failures and repairs.
        most_states
            Most combinations of counts.
        """
        if not cls.can_do(system):
            return None
        parts = populations(system, convention)
        axes = count_axes(system, *parts, tail)
        if math.prod(axis.size for axis in axes) > most_states:
            return None
        return cls(system, pool, CountSpace(system, pool, *parts, axes), tail)

    @property
    def beyond(self) -> float:
        """Highest probability of the counts left out in any step."""
        return float(self._space.beyond.max())

    @staticmethod
    def can_do(system: System) -> bool:
        """Whether the chain covers the system: two states a unit, one product with outages."""
        whole = not any(unit.derated for unit in system.units)
        with_outages = sum(item.outage_frac > 0 for item in system.storage)
        return whole and with_outages <= 1

    def run(self, bins: int, rounding: Rounding) -> SocBounds:
        """Return upper bounds for ``down`` and ``split``, lower bounds for ``up``.

        Parameters
        ----------
        bins
            Points or bins of the state of charge.
        rounding
            Where moves between bins go.

        Notes
        -----
        The hours of ``split`` are close to the truth, and not a bound.
        """
        parts, tail = (self._system, self._pool, self._space), SHARE_PER_CHANGE * self._tail
        run: SplitBins | MovingPoints = (
            SplitBins(*parts, bins, tail)
            if rounding == "split"
            else MovingPoints(*parts, bins, rounding, tail)
        )
        starts = np.flatnonzero(np.diff(self._system.year, prepend=-1))
        ends = [*starts[1:].tolist(), self._system.n_steps]
        for start, end in zip(starts.tolist(), ends, strict=True):
            warm_up = min(end - start, WARM_UP_STEPS)
            steps = np.concatenate([np.arange(end - warm_up, end), np.arange(start, end)])
            run.year(steps, warm_up)
        beyond_h, beyond_mwh = 0.0, 0.0
        if rounding != "up":
            beyond = self._space.beyond * self._system.hours_per_year
            beyond_h = float(beyond.sum())
            beyond_mwh = float(beyond @ self._system.load_mw)
        return SocBounds(run.lole_h + beyond_h, run.eue_mwh + beyond_mwh)
