r"""Markov chain of units out and state of charge, with certified bounds.

The state of charge lives on bins. Rounded *down* in every step, from an empty start, it is never
above the true one, in any history of the units: loss of load and unserved energy come out too high,
never too low. Rounded *up*, from a full start, they come out too low. So the two runs enclose the
truth, whatever the bins. A third run splits each move between the two neighbouring bins such that
its mean is right. Unserved energy is convex in the state of charge, so by Jensen's inequality that
run is another upper bound on it, and a much closer one: its error falls with the square of the bin.

Counts of units out are cut off where more are next to impossible. Histories that were beyond the
cut come back with an empty store in the pessimistic runs and a full one in the optimistic run, and
a step beyond the cut counts as loss in the former and as none in the latter.

Per count the distribution over bins is kept as running sum. Every move of the state of charge is
then a shift of rows, and a loss is one entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.reliability.chains import populations
from optmix.reliability.count_space import CountSpace, count_axes
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Convention
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["Rounding", "SocBounds", "SocChain"]

Rounding = Literal["down", "up", "split"]

WARM_UP_STEPS = 336
"""Steps before each year that let the guess of the start fade; the bounds hold with any number."""

STEPS_AT_ONCE = 256
WHOLE = 1e-9
"""Share of a bin below which a move counts as whole."""


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
    """

    def __init__(self, system: System, pool: Pool, space: CountSpace) -> None:
        self._system, self._pool, self._space = system, pool, space
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
        return cls(system, pool, CountSpace(system, pool, *parts, axes))

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
            Bins of the state of charge.
        rounding
            Where moves between bins go.

        Notes
        -----
        The hours of ``split`` are close to the truth, and not a bound.
        """
        run = _Run(self._system, self._pool, self._space, bins, rounding)
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


class _Run:
    """One pass over all years."""

    def __init__(
        self, system: System, pool: Pool, space: CountSpace, bins: int, rounding: Rounding
    ) -> None:
        self._system, self._pool, self._space = system, pool, space
        self._bins, self._rounding = bins, rounding
        self.lole_h = self.eue_mwh = 0.0
        # Left of the bins lies nothing, right of them everything: a shift then needs no clipping.
        self._wide = np.zeros((space.size, 3 * bins + 3))
        self._core = self._wide[:, bins + 1 : 2 * bins + 2]
        self._windows = np.lib.stride_tricks.sliding_window_view(self._wide, bins + 1, axis=1)
        self._rows = np.arange(space.size)

    def year(self, steps: Ints, warm_up: int) -> None:
        """Add the losses of one year; the first steps only warm up."""
        law = self._space.law(steps[:1])[0]
        self._core[:] = 0.0 if self._rounding == "up" else law[:, None]
        self._core[:, -1] = law
        for first in range(0, len(steps), STEPS_AT_ONCE):
            part = steps[first : first + STEPS_AT_ONCE]
            # The law that the last step of a part leads to is that of the step after.
            following = np.append(part[1:], steps[(first + len(part)) % len(steps)])
            self._part(part, following, warm_up - first)

    def _part(self, steps: Ints, following: Ints, warm_up: int) -> None:
        limits = self._space.limits(steps)
        bin_mwh = self._space.energy_mwh / self._bins
        some = bin_mwh > 0
        gain = self._pool.gain_mwh(limits.surplus_mw, limits.deficit_mw, limits.power_mw)
        move = np.divide(gain, bin_mwh, out=np.zeros_like(gain), where=some)
        if self._rounding != "up":
            # What a store loses by itself is counted as if it were full; upwards it is left out.
            move -= np.where(some, (1.0 - self._pool.retention) * self._bins, 0.0)
        shift, share = _rounded(move, self._bins, self._rounding)
        laws = self._space.law(following)
        hours = self._system.hours_per_year[steps]
        for i, step in enumerate(following.tolist()):
            if i >= warm_up:
                self._count(limits.deficit_mw[i], limits.power_mw[i], bin_mwh, float(hours[i]))
            self._move(shift[i], None if share is None else share[i], laws[i], step)

    def _count(self, deficit_mw: Floats, power_mw: Floats, bin_mwh: Floats, hours: float) -> None:
        """Add what one step loses."""
        rows = np.flatnonzero(deficit_mw > SURPLUS_TOLERANCE_MW)
        if not rows.size:
            return
        sums = self._core[rows]
        deficit, power = deficit_mw[rows], power_mw[rows]
        bin_mw = bin_mwh[rows] * self._pool.mw_per_mwh
        everything = sums[:, -1]
        never = (deficit - power > SURPLUS_TOLERANCE_MW) | (bin_mw <= 0)
        bin_mw = np.where(bin_mw > 0, bin_mw, 1.0)
        needed = np.ceil((deficit - SURPLUS_TOLERANCE_MW) / bin_mw).astype(np.int64) - 1
        pick = np.arange(len(rows))
        lost = np.where(never, everything, sums[pick, np.clip(needed, 0, self._bins)])
        lost[(needed < 0) & ~never] = 0.0
        self.lole_h += hours * float(lost.sum())
        # What the store cannot give of what the modules could: the integral of the running sum.
        given = np.minimum(deficit, power)
        reach = given / bin_mw
        whole = np.minimum(reach.astype(np.int64), self._bins)
        before = np.cumsum(sums[:, : int(whole.max()) + 1], axis=1)
        integral = before[pick, whole] + (reach - whole - 1.0) * sums[pick, whole]
        short = (deficit - given) * everything + np.where(
            self._space.energy_mwh[rows] > 0, integral * bin_mw, given * everything
        )
        self.eue_mwh += hours * float(short.sum())

    def _move(self, shift: Ints, share: Floats | None, law: Floats, step: int) -> None:
        """Move the state of charge, then the counts."""
        self._wide[:, 2 * self._bins + 2 :] = self._core[:, -1:]
        moved = self._windows[self._rows, self._bins + 1 - shift]
        if share is not None:
            further = self._windows[self._rows, self._bins - shift]
            moved += share[:, None] * (further - moved)
        moved[:, -1] = self._core[:, -1]
        now = self._space.advance(moved, step, up=self._rounding == "up")
        if self._rounding == "up":
            self._core[:] = now
            self._core[:, -1] = law
        else:
            missing = np.maximum(law - now[:, -1], 0.0)
            np.add(now, missing[:, None], out=self._core)


def _rounded(move: Floats, bins: int, rounding: Rounding) -> tuple[Ints, Floats | None]:
    """Return moves in whole bins, and the share that goes one bin further."""
    whole = np.ceil(move - WHOLE) if rounding == "up" else np.floor(move + WHOLE)
    shift = np.clip(whole, -bins, bins).astype(np.int64)
    if rounding != "split":
        return shift, None
    share = np.where(np.abs(whole) < bins, np.clip(move - whole, 0.0, 1.0), 0.0)
    return shift, share
