r"""State of charge on points that move along with it, rounded down or up at failures and repairs.

For each count of units out, the points lie one bin apart, at whole bins plus an offset. What a step
adds to the stored energy is added to the offset, so no sum changes but at the ends, empty and full.
Sums at points of one count are asked for at points of another only where units fail or come back:
there the next point above gives a running sum that is too high, so the store is counted too low,
and the next point below the opposite. A shortage of many hours is thus rounded once or twice, and
not in every hour.

Going down, sums are of what lies strictly below a point, going up of what lies at it or below; so
what lies exactly at a point is never rounded. The sum below full, or that of empty, has a column of
its own, so that the histories that are exactly full or exactly empty, which are most of them, are
never rounded across that end.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from optmix.reliability.count_moves import change_counts_of_points
from optmix.reliability.module_moves import WHOLE, ModuleMoves, on_moving_points
from optmix.reliability.split_bins import STEPS_AT_ONCE
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.count_space import CountSpace
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["MovingPoints"]

ENDS = 2
"""Columns around the points: before them the sum at one end, behind them that of everything."""

NEAR = 4
"""Points next to an end at which rounding may have left a sum beyond that of the end."""


class MovingPoints:
    """One pass over all years.

    Parameters
    ----------
    system, pool, space
        What is followed.
    bins
        Bins between empty and full.
    rounding
        ``down`` keeps sums that are never too low, so losses are upper bounds; ``up`` the opposite.
    tail
        Probability below which a change of the count of modules is left out.

    Attributes
    ----------
    lole_h, eue_mwh
        Loss so far.
    """

    def __init__(
        self,
        system: System,
        pool: Pool,
        space: CountSpace,
        bins: int,
        rounding: Literal["down", "up"],
        tail: float,
    ) -> None:
        self._system, self._pool, self._space = system, pool, space
        self._is_down = rounding == "down"
        self.lole_h = self.eue_mwh = 0.0
        most_mwh = float(space.energy_mwh.max(initial=0.0))
        self._bin_mwh = most_mwh / bins if most_mwh > 0 else 1.0
        self._full = space.energy_mwh / self._bin_mwh
        self._n = n = bins + 1
        self._n_modules = space.n_modules_out
        self._offset = np.zeros(space.size // self._n_modules)
        # Left of the points lies nothing, right of them everything: a shift needs no clipping.
        self._wide = np.zeros((space.size, 3 * n))
        self._windows = np.lib.stride_tricks.sliding_window_view(self._wide, n, axis=1)
        self._rows, self._columns = np.arange(space.size), np.arange(n)
        self._sums = np.zeros((space.size, n + ENDS))
        self._modules: ModuleMoves | None = None
        if space.module_axis is not None:
            energy = space.energy_mwh[: self._n_modules]
            change = partial(on_moving_points, n_points=n, rounding=rounding)
            self._modules = ModuleMoves(space.module_axis, energy, n + ENDS, change, tail)

    def year(self, steps: Ints, warm_up: int) -> None:
        """Add the losses of one year; the first steps only warm up."""
        law = self._space.law(steps[:1])[0]
        self._sums[:] = law[:, None] if self._is_down else 0.0
        self._sums[:, -1] = law
        self._settle()
        for first in range(0, len(steps), STEPS_AT_ONCE):
            part = steps[first : first + STEPS_AT_ONCE]
            # The law that the last step of a part leads to is that of the step after.
            following = np.append(part[1:], steps[(first + len(part)) % len(steps)])
            self._part(part, following, warm_up - first)

    def _part(self, steps: Ints, following: Ints, warm_up: int) -> None:
        limits = self._space.limits(steps)
        gain = self._pool.gain_mwh(limits.surplus_mw, limits.deficit_mw, limits.power_mw)
        move = gain / self._bin_mwh
        if self._is_down:
            # What a store loses by itself is counted as if it were full; upwards it is left out.
            move -= (1.0 - self._pool.retention) * self._full
        laws = self._space.law(following)
        usual = int(np.argmax(laws[0].reshape(-1, self._n_modules).sum(axis=0)))
        hours = self._system.hours_per_year[steps]
        for i, step in enumerate(following.tolist()):
            if i >= warm_up:
                self._count(limits.deficit_mw[i], limits.power_mw[i], float(hours[i]))
            self._move(move[i], usual)
            self._change(laws[i], step)

    def _count(self, deficit_mw: Floats, power_mw: Floats, hours: float) -> None:
        """Add what one step loses."""
        rows = np.flatnonzero(deficit_mw > SURPLUS_TOLERANCE_MW)
        if not rows.size:
            return
        deficit, power, everything = deficit_mw[rows], power_mw[rows], self._sums[rows, -1]
        bin_mw = self._bin_mwh * self._pool.mw_per_mwh
        needed = (deficit - SURPLUS_TOLERANCE_MW) / bin_mw
        lost = np.where(
            deficit - power > SURPLUS_TOLERANCE_MW, everything, self._less_than(rows, needed)
        )
        self.lole_h += hours * float(lost.sum())
        given = np.minimum(deficit, power)
        short = (deficit - given) * everything + bin_mw * self._integral(rows, given / bin_mw)
        self.eue_mwh += hours * float(short.sum())

    def _less_than(self, rows: Ints, place: Floats) -> Floats:
        """Return the sums of what lies strictly below places, in bins, on the safe side."""
        above = np.ceil(place - self._at(rows) - WHOLE).astype(np.int64)
        if self._is_down:
            found, edge = self._at_points(rows, above), self._sums[rows, 0]
            return np.where(place <= self._full[rows], np.minimum(found, edge), found)
        found = np.maximum(self._at_points(rows, above - 1), self._sums[rows, 0])
        return np.where(place > WHOLE, found, 0.0)

    def _up_to(self, rows: Ints, place: Floats) -> Floats:
        """Return the sums of what lies at or below places above 0, not more than the truth."""
        below = np.floor(place - self._at(rows) + WHOLE).astype(np.int64)
        return np.asarray(np.maximum(self._at_points(rows, below), self._sums[rows, 0]))

    def _integral(self, rows: Ints, reach: Floats) -> Floats:
        """Return the integrals of running sums from empty to places, on the safe side."""
        offset, pick = self._at(rows), np.arange(len(rows))
        beyond = np.maximum(reach - offset, 0.0)
        whole = np.minimum(beyond.astype(np.int64), self._n)
        last = min(int(whole.max()) + 1, self._n)
        before = np.zeros((len(rows), last + 1))
        np.cumsum(self._sums[rows, 1 : last + 1], axis=1, out=before[:, 1:])
        if not self._is_down:
            found = np.minimum(reach, offset) * self._sums[rows, 0]
            found += before[pick, np.minimum(whole, last)]
            return np.asarray(found + (beyond - whole) * self._at_points(rows, whole))
        # Each part between two points counts as the upper one.
        first = self._at_points(rows, np.zeros_like(whole))
        found = np.minimum(reach, offset) * first
        found += before[pick, np.minimum(whole, last - 1) + 1] - first
        return np.asarray(found + (beyond - whole) * self._at_points(rows, whole + 1))

    def _at(self, rows: Ints) -> Floats:
        return np.asarray(self._offset[rows // self._n_modules])

    def _at_points(self, rows: Ints, point: Ints) -> Floats:
        """Return running sums at points: none below the first, everything above the last."""
        found = self._sums[rows, np.clip(point + 1, 0, self._n + 1)]
        return np.where(point < 0, 0.0, found)

    def _move(self, move: Floats, usual: int) -> None:
        """Move stored energy: points along with it, sums only where it meets an end."""
        moves = move.reshape(-1, self._n_modules)
        moved_to = self._offset + moves[:, usual]
        offset = np.maximum(moved_to - np.floor(moved_to + WHOLE), 0.0)
        # Where counts of modules limit what is charged, moves are unlike and some are rounded.
        steps = (moves + (self._offset - offset)[:, None]).ravel()
        whole = np.floor(steps + WHOLE) if self._is_down else np.ceil(steps - WHOLE)
        shift = np.clip(whole, -self._n, self._n).astype(np.int64)
        edge = self._moved_edge(move)
        self._wide[:, self._n : 2 * self._n] = self._sums[:, 1:-1]
        self._wide[:, 2 * self._n :] = self._sums[:, -1:]
        self._sums[:, 1:-1] = self._windows[self._rows, self._n - shift]
        self._sums[:, 0] = edge
        self._offset = offset
        self._settle()

    def _moved_edge(self, move: Floats) -> Floats:
        """Return the sums below full, or those of empty, after a move."""
        edge = self._sums[:, 0].copy()
        out, into = np.flatnonzero(move < 0), np.flatnonzero(move > 0)
        if self._is_down:
            edge[out] = self._sums[out, -1]
            edge[into] = self._less_than(into, np.maximum(self._full[into] - move[into], 0.0))
        else:
            edge[out] = self._up_to(out, -move[out])
            edge[into] = 0.0
        return edge

    def _settle(self) -> None:
        """Make sums at points agree with those at the ends, and with everything from full on."""
        at = np.repeat(self._offset, self._n_modules)
        points, edge, everything = self._sums[:, 1:-1], self._sums[:, :1], self._sums[:, -1:]
        if self._is_down:
            full = np.floor(self._full - at + WHOLE) + 1.0
        else:
            full = np.ceil(self._full - at - WHOLE)
            edge[:, 0] = np.where(self._full > 0, edge[:, 0], everything[:, 0])
            np.maximum(points[:, :NEAR], edge, out=points[:, :NEAR])
        first = max(int(full.min()) - NEAR, 0)
        end = points[:, first:]
        if self._is_down:
            np.minimum(end, edge, out=end)
            points[at <= WHOLE, 0] = 0.0  # nothing lies below empty
        np.copyto(end, everything, where=self._columns[first:] >= full[:, None])

    def _change(self, law: Floats, step: int) -> None:
        """Move the counts."""
        sums = change_counts_of_points(
            self._space, self._sums, step, self._offset, is_down=self._is_down
        )
        if self._modules is not None:
            sums = self._modules.apply(sums, step)
        if self._is_down:
            sums += np.maximum(law - sums[:, -1], 0.0)[:, None]
        else:
            sums[:, -1] = law
        self._sums = sums
        self._settle()
