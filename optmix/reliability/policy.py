r"""Least loss of load of each week with storage: backward induction.

Storage is run greedily: it gives all it can in each shortage. That wastes the least energy but not
the fewest hours: a shortage that takes all that is stored can cost several hours later on. So with
more power, greedy operation may lose more hours, and a proof for storage of any power needs the
best policy. With ``s`` the units out and ``e`` the stored energy on bins,

.. math:: V_t(s, e) = \min \{ W_t(s, e - x),\; h_t + W_t(s, e) \}, \qquad
   W_t(s, e) = E [V_{t+1}(s', e) \mid s]

in a shortage that storage can cover by drawing ``x``, and :math:`V_t(s, e) = W_t(s, e + c)` with
as much charged as goes in where capacity is to spare. For unserved energy greedy operation is best,
and the same induction evaluates it.

Between two powers greedy operation loses no less than if shortages up to the least power drew what
they lack, and deeper ones nothing, with an hour lost only beyond the most power: then never less is
stored. That is a much closer bound for storage whose power is nearly known, and takes no choice.

Everything that is not exact makes the loss less: stored energy is rounded up, each week starts full
and ends with nothing asked for, modules have no outages, several products are one pool with the
best of their efficiencies, flexible demand gives way to charging, and counts of units out that are
next to impossible lose nothing. Fewer units or modules never lose less, because more of them can be
run as if they were fewer. Weeks are computed side by side, since each stands for itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.chains import populations
from optmix.reliability.count_space import CountSpace, count_axes
from optmix.reliability.pool import Pool
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
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

WHOLE = 1e-9
SINGLE_PRECISION = 1.0 - 2e-4
"""All terms are positive, so figures of single precision lose far less than this share."""


@dataclass(frozen=True, eq=False)
class _Moves:
    """What one step of each week and count does. Shapes (S, B)."""

    shift: Ints
    deficit_mw: Floats
    power_mw: Floats
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
        Probability, in any step, of the counts that may be left out.
    is_hours
        Whether hours are counted, else unserved energy.
    bins
        Bins of stored energy.
    least_mw
        Power that the storage has at least, if it is one product run greedily; by default its power
        is anything up to that of the system, and it is run in the best way.
    """

    def __init__(
        self,
        system: System,
        block: Ints,
        tail: float,
        *,
        is_hours: bool,
        bins: int = BINS,
        least_mw: float | None = None,
    ) -> None:
        self._system = _eased(system)
        self._is_hours, self._bins = is_hours, bins
        self._least_mw = least_mw if is_hours else None
        self._first = np.searchsorted(block, np.arange(int(block[-1]) + 1))
        self._length = np.bincount(block)
        self._pool = _best_pool(self._system)
        parts = populations(self._system)
        self._axes = count_axes(self._system, *parts, tail)
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
        for back in range(int(length[0])):
            n = int(np.count_nonzero(length > back))
            steps = first[:n] + length[:n] - 1 - back
            after = value[:, :n]
            if back:
                after = self._expected(after, steps + 1)
            value[:, :n] = self._step(space, wide[:, :n], after, steps)
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

    def _step(self, space: CountSpace, wide: Singles, after: Singles, steps: Ints) -> Singles:
        """Return the values at the beginning of some steps, given those after them."""
        bins = self._bins
        moves = self._moves(space, steps)
        is_choice = self._is_hours and self._least_mw is None
        wide[:, :, : bins + 1] = np.inf if is_choice else after[:, :, :1]
        wide[:, :, bins + 1 : 2 * bins + 2] = after
        wide[:, :, 2 * bins + 2 :] = after[:, :, -1:]
        windows = np.lib.stride_tricks.sliding_window_view(wide, bins + 1, axis=2)
        row, week = np.ogrid[: wide.shape[0], : wide.shape[1]]
        value = windows[row, week, bins + 1 + moves.shift]
        rows, weeks = np.nonzero(moves.deficit_mw > SURPLUS_TOLERANCE_MW)
        if rows.size:
            hours = self._system.hours_per_year[steps[weeks]].astype(np.float32)
            value[rows, weeks] = self._short(
                value[rows, weeks], after[rows, weeks], hours, moves, (rows, weeks)
            )
        return value

    def _short(
        self, served: Singles, after: Singles, hours: Singles, moves: _Moves, at: tuple[Ints, Ints]
    ) -> Singles:
        """Return the values of shortages, one a row, ``served`` being those of drawing."""
        if not self._is_hours:
            per_bin_mw = self._pool.most_mwh / self._bins * self._pool.mw_per_mwh
            most_mw = np.minimum(moves.deficit_mw[at], moves.power_mw[at])[:, None]
            given = np.minimum(most_mw, np.arange(self._bins + 1) * per_bin_mw)
            short = np.maximum(moves.deficit_mw[at][:, None] - given, 0.0)
            return np.asarray(served + hours[:, None] * short.astype(np.float32))
        if self._least_mw is not None:
            return self._greedily(served, after, hours, moves, at, self._least_mw)
        lost = after + hours[:, None]
        # Between whole bins more is needed than the bins drawn: the lowest of them is not enough.
        low = np.flatnonzero(
            (moves.needed[at] > -moves.shift[at]) & (-moves.shift[at] <= self._bins)
        )
        served[low, -moves.shift[at][low]] = np.inf
        return np.asarray(np.minimum(served, lost))

    def _greedily(
        self,
        served: Singles,
        after: Singles,
        hours: Singles,
        moves: _Moves,
        at: tuple[Ints, Ints],
        least_mw: float,
    ) -> Singles:
        deficit_mw = moves.deficit_mw[at]
        is_empty = np.arange(self._bins + 1) < moves.needed[at][:, None]
        value = served + hours[:, None] * is_empty
        deep = np.flatnonzero(deficit_mw > least_mw)
        is_lost = deficit_mw[deep] - moves.power_mw[at][deep] > SURPLUS_TOLERANCE_MW
        value[deep] = after[deep] + (hours[deep] * is_lost)[:, None]
        return np.asarray(value, dtype=np.float32)

    def _moves(self, space: CountSpace, steps: Ints) -> _Moves:
        limits = space.limits(steps)
        pool = self._pool
        per_mwh = self._bins / pool.most_mwh
        power_mw = np.asarray(limits.power_mw)
        charged = np.minimum(limits.surplus_mw, power_mw) * (pool.eta_charge * pool.step_h)
        drawn_mw = np.minimum(limits.deficit_mw, power_mw)
        needed = drawn_mw * (pool.step_h / pool.eta_discharge) * per_mwh - WHOLE
        up = np.ceil(charged * per_mwh - WHOLE)
        shift = np.minimum(up, self._bins + 1) - np.minimum(
            np.maximum(np.floor(needed + 2 * WHOLE), 0.0), self._bins + 1
        )
        if self._is_hours:
            beyond = limits.deficit_mw - power_mw > SURPLUS_TOLERANCE_MW
            shift = np.where(beyond, -(self._bins + 1), shift)
        return _Moves(shift.T.astype(np.int64), limits.deficit_mw.T, power_mw.T, needed.T)


def _eased(system: System) -> System:
    """Return the system with flexible demand given up always, and modules without outages."""
    storage = tuple(replace(item, outage_frac=0.0) for item in system.storage if item.modules > 0)
    eased = replace(
        system,
        demand_mw=system.load_mw,
        relief_mw=np.zeros(system.n_steps),
        storage=storage,
        common_causes=(),
    )
    eased = replace(eased, units=tuple(unit for unit in system.units if unit.count > 0))
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
