"""State of charge on bins that are shares of the energy in service, means kept.

Unserved energy is convex in the state of charge, so this run is an upper bound on it. Its hours are
close to the truth, and not a bound.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.count_moves import change_counts
from optmix.reliability.module_moves import WHOLE, ModuleMoves, on_shares
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.count_space import CountSpace
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["STEPS_AT_ONCE", "SplitBins"]

STEPS_AT_ONCE = 256


class SplitBins:
    """One pass over all years.

    Parameters
    ----------
    system, pool, space
        What is followed.
    bins
        Bins of the state of charge.
    tail
        Probability below which a change of the count of modules is left out.

    Attributes
    ----------
    lole_h, eue_mwh
        Loss so far.
    """

    def __init__(
        self, system: System, pool: Pool, space: CountSpace, bins: int, tail: float
    ) -> None:
        self._system, self._pool, self._space = system, pool, space
        self._bins = bins
        self.lole_h = self.eue_mwh = 0.0
        # Left of the bins lies nothing, right of them everything: a shift then needs no clipping.
        self._wide = np.zeros((space.size, 3 * bins + 3))
        self._core = self._wide[:, bins + 1 : 2 * bins + 2]
        self._windows = np.lib.stride_tricks.sliding_window_view(self._wide, bins + 1, axis=1)
        self._rows = np.arange(space.size)
        self._modules: ModuleMoves | None = None
        if space.module_axis is not None:
            energy = space.energy_mwh[: space.n_modules_out]
            change = partial(on_shares, bins=bins)
            self._modules = ModuleMoves(space.module_axis, energy, bins + 1, change, tail)

    def year(self, steps: Ints, warm_up: int) -> None:
        """Add the losses of one year; the first steps only warm up."""
        law = self._space.law(steps[:1])[0]
        self._core[:] = law[:, None]
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
        # What a store loses by itself is counted as if it were full.
        move -= np.where(some, (1.0 - self._pool.retention) * self._bins, 0.0)
        whole = np.floor(move + WHOLE)
        shift = np.clip(whole, -self._bins, self._bins).astype(np.int64)
        share = np.where(np.abs(whole) < self._bins, np.clip(move - whole, 0.0, 1.0), 0.0)
        laws = self._space.law(following)
        hours = self._system.hours_per_year[steps]
        for i, step in enumerate(following.tolist()):
            if i >= warm_up:
                self._count(limits.deficit_mw[i], limits.power_mw[i], bin_mwh, float(hours[i]))
            self._move(shift[i], share[i], laws[i], step)

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

    def _move(self, shift: Ints, share: Floats, law: Floats, step: int) -> None:
        """Move the state of charge, then the counts."""
        self._wide[:, 2 * self._bins + 2 :] = self._core[:, -1:]
        moved = self._windows[self._rows, self._bins + 1 - shift]
        further = self._windows[self._rows, self._bins - shift]
        moved += share[:, None] * (further - moved)
        moved[:, -1] = self._core[:, -1]
        now = change_counts(self._space, moved, step)
        if self._modules is not None:
            now = self._modules.apply(now, step)
        missing = np.maximum(law - now[:, -1], 0.0)
        np.add(now, missing[:, None], out=self._core)
