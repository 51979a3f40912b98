r"""Least loss of load of each week with storage: backward induction.

Storage is run greedily: it gives all it can in each shortage. That wastes the least energy but not
the fewest hours: a shortage that takes all that is stored can cost several hours later on. So with
more power, greedy operation may lose more hours, and power is known from below and above only. With
``s`` the units out and ``e`` the stored energy on bins,

.. math:: W_t(s, e) = E [V_{t+1}(s', e) \mid s], \qquad V_t(s, e) = W_t(s, e + c)

with as much charged as goes in where capacity is to spare. In a shortage of ``x``,

.. math:: V_t(s, e) = \begin{cases}
   W_t(s, e - x) & x \le \underline{p},\; x \le e \\
   h_t + W_t(s, 0) & x \le \underline{p},\; x > e \\
   \min \{ W_t(s, e - x),\; h_t + W_t(s, e - \underline{p}) \} & \underline{p} < x \le \bar{p} \\
   h_t + W_t(s, e - \underline{p}) & x > \bar{p}
   \end{cases}

where the third is a choice only while so much is stored: whatever the power, storage that does not
serve a shortage draws the least power for it. With no least power this is the best way of all to
run storage. For unserved energy greedy operation is best, and the same induction evaluates it.

Everything that is not exact makes the loss less: stored energy is rounded up, each week starts full
and ends with nothing asked for, modules have no outages, several products are one pool with the
best of their efficiencies, flexible demand gives way to charging, and more units out than are told
apart count as just so many. Fewer units or modules never lose less, because more of them can be run
as if they were fewer. Weeks are computed side by side, since each stands for itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.chains import populations
from optmix.reliability.count_matrices import held_at_most
from optmix.reliability.count_space import CountSpace, count_axes
from optmix.reliability.pool import Pool
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.count_matrices import CountAxis
    from optmix.reliability.system import System

    Singles = NDArray[np.float32]

__all__ = ["BINS", "WeekPolicy"]

BINS = 128
"""Bins of stored energy."""

MOST_CELLS = 100_000
"""Counts times weeks times bins held at once; more would leave the cache."""

FEWEST_WEEKS = 6
"""Weeks computed side by side at least."""

MOST_STATES = 600
"""Most combinations of counts out."""

STEPS_AT_ONCE = 24
"""Steps of each week whose moves are worked out at once."""

WHOLE = 1e-9
SINGLE_PRECISION = 1.0 - 2e-4
"""All terms are positive, so figures of single precision lose far less than this share."""


@dataclass(frozen=True, eq=False)
class _Moves:
    """What some steps of each week do to each count. Shapes (B, N, S), ``hours`` (B, N)."""

    hours: Singles
    shift: Ints
    deficit_mw: Floats
    needed: Floats


class WeekPolicy:
    """Induction for one fleet in service.

    Parameters
    ----------
    system
        Units in service with storage; none in planned maintenance.
    block
        Week of each step. Shape (T,).
    tail
        Probability, in any step, of the counts that are not told apart.
    is_hours
        Whether hours are counted, else unserved energy.
    bins
        Bins of stored energy.
    least_mw
        Power that the storage has at least.
    most_out
        Most units out that are told apart, of classes where these are fewer than the tail allows.
    """

    def __init__(
        self,
        system: System,
        block: Ints,
        tail: float,
        *,
        is_hours: bool,
        bins: int = BINS,
        least_mw: float = 0.0,
        most_out: Mapping[str, int] | None = None,
    ) -> None:
        self._system = _eased(system)
        self._is_hours, self._bins = is_hours, bins
        self._first = np.searchsorted(block, np.arange(int(block[-1]) + 1))
        self._length = np.bincount(block)
        self._pool = _best_pool(self._system)
        self._least_mw = min(least_mw, self._pool.most_mw)
        parts = populations(self._system)
        axes = count_axes(self._system, *parts, tail)
        names = [item.name for part in (parts[0], parts[2]) for item in part]
        held = most_out or {}
        self._axes = [
            held_at_most(axis, held.get(name, axis.most_out))
            for name, axis in zip(names, axes, strict=True)
        ]
        self.size = math.prod(axis.size for axis in self._axes)
        self._parts = parts

    @property
    def is_feasible(self) -> bool:
        """Whether the counts are few enough."""
        return self.size <= MOST_STATES

    def loss(self, weeks: Ints) -> Floats:
        """Return a lower bound on the loss of some weeks, hours or energy. Shape (B,)."""
        space = CountSpace(self._system, self._pool, *self._parts, self._axes)
        at_once = max(FEWEST_WEEKS, MOST_CELLS // (self.size * (self._bins + 1)))
        order = weeks[np.argsort(-self._length[weeks], kind="stable")]
        found: dict[int, float] = {}
        for start in range(0, len(order), at_once):
            part = order[start : start + at_once]
            found.update(zip(part.tolist(), self._run(space, part).tolist(), strict=True))
        return SINGLE_PRECISION * np.array([found[week] for week in weeks.tolist()])

    def _run(self, space: CountSpace, weeks: Ints) -> Floats:
        """Return the bound of weeks ordered by length, the longest first."""
        first, length = self._first[weeks], self._length[weeks]
        shape = (space.size, len(weeks), self._bins + 1)
        value = np.zeros(shape, dtype=np.float32)
        wide = np.empty((*shape[:2], 3 * (self._bins + 1)), dtype=np.float32)
        for start in range(0, int(length[0]), STEPS_AT_ONCE):
            backs = np.arange(start, min(start + STEPS_AT_ONCE, int(length[0])))
            steps = (first + length)[:, None] - 1 - backs
            moves = self._moves(space, np.maximum(steps, first[:, None]))
            for place, back in enumerate(backs.tolist()):
                n = int(np.count_nonzero(length > back))
                after = value[:, :n]
                if back:
                    after = self._expected(after, steps[:n, place] + 1)
                value[:, :n] = self._step(wide[:, :n], after, moves, place)
        law = space.law(first)
        return np.asarray((law * value[:, :, -1].T).sum(axis=1), dtype=np.float64)

    def _expected(self, value: Singles, following: Ints) -> Singles:
        """Return the mean of values in the following steps, given the counts before them."""
        n_weeks, width = value.shape[1:]
        sizes = [axis.size for axis in self._axes]
        for a, axis in enumerate(self._axes):
            pre = math.prod(sizes[:a])
            block = value.reshape(pre, axis.size, -1, n_weeks, width)
            value = _through(axis, block, following).reshape(-1, n_weeks, width)
        return value

    def _step(self, wide: Singles, after: Singles, moves: _Moves, place: int) -> Singles:
        """Return the values at the beginning of a step of each week, given those after it."""
        bins, n_weeks = self._bins, after.shape[1]
        wide[:, :, : bins + 1] = after[:, :, :1]
        wide[:, :, bins + 1 : 2 * bins + 2] = after
        wide[:, :, 2 * bins + 2 :] = after[:, :, -1:]
        windows = np.lib.stride_tricks.sliding_window_view(wide, bins + 1, axis=2)
        row, week = np.ogrid[: wide.shape[0], :n_weeks]
        value: Singles = windows[row, week, bins + 1 + moves.shift[:n_weeks, place].T]
        weeks, rows = np.nonzero(moves.deficit_mw[:n_weeks, place] > SURPLUS_TOLERANCE_MW)
        if rows.size:
            value[rows, weeks] = self._short(value, windows, moves, (rows, weeks), place)
        return np.asarray(value)

    def _short(
        self, served: Singles, windows: Singles, moves: _Moves, at: tuple[Ints, Ints], place: int
    ) -> Singles:
        """Return the values of shortages, one a row, ``served`` being those of drawing."""
        rows, weeks = at
        hours = moves.hours[weeks, place, None]
        deficit_mw = moves.deficit_mw[weeks, place, rows]
        if not self._is_hours:
            unserved = hours * self._unserved_mw(deficit_mw)
            return np.asarray(served[at] + unserved, dtype=np.float32)
        needed = moves.needed[weeks, place, rows, None]
        is_enough = np.arange(self._bins + 1) >= needed
        value = served[at] + hours * ~is_enough
        deep = np.flatnonzero(deficit_mw > self._least_mw + SURPLUS_TOLERANCE_MW)
        if deep.size:
            drawn = self._bins_for(np.array(self._least_mw))
            lost = windows[rows[deep], weeks[deep], self._bins + 1 - int(drawn)] + hours[deep]
            is_beyond = deficit_mw[deep] - self._pool.most_mw > SURPLUS_TOLERANCE_MW
            is_choice = is_enough[deep] & ~is_beyond[:, None]
            value[deep] = np.where(is_choice, np.minimum(lost, value[deep]), lost)
        return np.asarray(value, dtype=np.float32)

    def _unserved_mw(self, deficit_mw: Floats) -> Singles:
        """Return what greedy operation leaves of shortages. Shape (R, bins + 1)."""
        per_bin_mw = self._pool.most_mwh / self._bins * self._pool.mw_per_mwh
        most_mw = np.minimum(deficit_mw, self._pool.most_mw)[:, None]
        given = np.minimum(most_mw, np.arange(self._bins + 1) * per_bin_mw)
        return np.asarray(np.maximum(deficit_mw[:, None] - given, 0.0), dtype=np.float32)

    def _moves(self, space: CountSpace, steps: Ints) -> _Moves:
        """Return what steps do. Shape of steps: (B, N)."""
        limits, pool = space.limits(steps.ravel()), self._pool
        surplus_mw = np.minimum(limits.surplus_mw, pool.most_mw)
        per_mw = pool.eta_charge * pool.step_h * self._bins / pool.most_mwh
        up = np.minimum(np.ceil(surplus_mw * per_mw - WHOLE), self._bins + 1)
        drawn_mw = np.minimum(limits.deficit_mw, pool.most_mw)
        shift = up - self._bins_for(drawn_mw)
        shape = (*steps.shape, space.size)
        return _Moves(
            self._system.hours_per_year[steps].astype(np.float32),
            shift.astype(np.int64).reshape(shape),
            limits.deficit_mw.reshape(shape),
            (drawn_mw * self._bins_per_mw - WHOLE).reshape(shape),
        )

    @property
    def _bins_per_mw(self) -> float:
        pool = self._pool
        return pool.step_h / pool.eta_discharge * self._bins / pool.most_mwh

    def _bins_for(self, drawn_mw: Floats) -> Floats:
        """Return the whole bins that giving some power takes at least."""
        found = np.floor(drawn_mw * self._bins_per_mw + WHOLE)
        return np.minimum(np.maximum(found, 0.0), self._bins + 1)


def _eased(system: System) -> System:
    """Return the system with all that the induction leaves out, which makes its loss less."""
    storage = tuple(replace(item, outage_frac=0.0) for item in system.storage if item.modules > 0)
    eased = replace(
        system,
        demand_mw=system.load_mw,
        relief_mw=np.zeros(system.n_steps),
        storage=storage,
        common_causes=(),
    )
    units = tuple(replace(unit, derated=()) for unit in system.units if unit.count > 0)
    eased = replace(eased, units=units)
    known = {unit.name for unit in eased.units} | {item.name for item in storage}
    causes = tuple(
        replace(cause, affects=tuple(name for name in cause.affects if name in known))
        for cause in system.common_causes
        if cause.probability > 0 and known & set(cause.affects)
    )
    return replace(eased, common_causes=causes)


def _best_pool(system: System) -> Pool:
    """Return one pool that can do whatever the products can, each by itself."""
    items = system.storage
    return Pool(
        module_mw=np.array([item.module_mw for item in items]),
        module_mwh=np.array([item.usable_mwh for item in items]),
        modules=np.array([item.modules for item in items], dtype=np.float64),
        eta_charge=max(item.eta_charge for item in items),
        eta_discharge=max(item.eta_discharge for item in items),
        retention=1.0,
        step_h=system.step_h,
    )


def _through(axis: CountAxis, block: Singles, following: Ints) -> Singles:
    """Return the mean over the next count of one population.

    Parameters
    ----------
    axis
        The population.
    block
        Axes: populations before it, its count, those after it, weeks, bins.
    following
        The step after, in each week.
    """
    kinds = axis.kind[following]
    shape = block.shape
    if (kinds == kinds[0]).all():
        matrix = axis.matrices[kinds[0]].T.astype(np.float32)
        flat = block.reshape(shape[0], shape[1], -1)
        return np.asarray((matrix @ flat).reshape(shape))
    moved = np.empty_like(block)
    for kind in np.unique(kinds).tolist():
        here = np.flatnonzero(kinds == kind)
        matrix = axis.matrices[kind].T.astype(np.float32)
        part = block[:, :, :, here]
        flat = part.reshape(shape[0], shape[1], -1)
        moved[:, :, :, here] = (matrix @ flat).reshape(part.shape)
    return moved
