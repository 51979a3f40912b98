r"""The least loss over all schedules of maintenance: certified bounds, and the best weeks.

The loss of a year is the sum over its weeks of what the counts out in each bring. The best
schedule is a small integer program, one binary a week and combination of counts out. Its bound by
multipliers,

.. math:: \sum_k \min_s (L_{k,s} - \lambda \cdot m_s) + \lambda \cdot N,

holds for any :math:`\lambda \ge 0`, so it is computed here from the multipliers that the linear
relaxation gives, and no tolerance of a solver enters it.

Losses are looked up only where they matter: with more units out a week has no less loss, so what is
not known yet is at least what is known for fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.weeks import Calendar, States

    LossOf = Callable[[tuple[int, ...]], Floats]
    """Loss of each week with some units out. Shape (K,)."""

__all__ = ["best_schedule", "least_loss"]

USED = 1e-6


class _Table:
    """Loss of each combination in each open week, as far as it is known. Shape (S, K)."""

    def __init__(self, states: States, calendar: Calendar, loss_of: LossOf) -> None:
        self.out, self.need = states.out, states.need
        self.year = calendar.year[calendar.is_open]
        self._is_open, self._loss_of = calendar.is_open, loss_of
        whole = loss_of(tuple(self.out[0].tolist()))
        self.closed = float(whole[~calendar.is_open].sum())
        self.loss = np.tile(whole[calendar.is_open], (len(self.out), 1))
        self.is_known = np.zeros(len(self.out), dtype=np.bool_)
        self.is_known[0] = True

    def look_up(self, s: int) -> None:
        """Look up one combination, and raise all with more units out."""
        found = self._loss_of(tuple(self.out[s].tolist()))[self._is_open]
        more = (self.out >= self.out[s]).all(axis=1)
        self.loss[more] = np.maximum(self.loss[more], found)
        self.is_known[s] = True

    def bound(self, multiplier: Floats) -> float:
        """Return the bound by multipliers. Shape (G, Y)."""
        gain = self.out @ multiplier[:, self.year]
        least = (self.loss - gain).min(axis=0).sum()
        return self.closed + float(least) + float((multiplier * self.need).sum())


def least_loss(states: States, calendar: Calendar, loss_of: LossOf, enough: float) -> float:
    """Return a certified lower bound on the loss under any schedule.

    Parameters
    ----------
    states
        Combinations of units out in one week, and what is needed of them.
    calendar
        The weeks.
    loss_of
        Loss of each week with some units out; never less with more of them.
    enough
        Once the bound is above this, it need not be better.
    """
    table = _Table(states, calendar, loss_of)
    if not states.need.any():
        return table.closed + float(table.loss[0].sum())
    while True:
        share, multiplier = _relaxed(table, enough)
        bound = table.bound(multiplier)
        missing = np.flatnonzero((share > USED).any(axis=1) & ~table.is_known)
        if bound > enough or not missing.size:
            return bound
        for s in missing.tolist():
            table.look_up(s)


def best_schedule(states: States, calendar: Calendar, loss_of: LossOf, scale: float) -> Ints:
    """Return how many units of each type are out in each week, with the least loss. Shape (G, K).

    Parameters
    ----------
    states, calendar, loss_of
        As for :func:`least_loss`.
    scale
        A loss that matters; programs are solved in units of it.
    """
    weeks = np.zeros((states.out.shape[1], calendar.n_blocks), dtype=np.int64)
    if not states.need.any():
        return weeks
    table = _Table(states, calendar, loss_of)
    while True:
        picked = _whole(table, scale)
        missing = [s for s in np.unique(picked).tolist() if not table.is_known[s]]
        if not missing:
            break
        for s in missing:
            table.look_up(s)
    weeks[:, calendar.is_open] = table.out[picked].T
    return weeks


def _rows(table: _Table) -> tuple[csr_matrix, csr_matrix, Floats]:
    """Return one row a week, and one row a type and year with a need, and the needs.

    Columns are weeks within combinations.
    """
    from scipy.sparse import csr_matrix, hstack, identity

    n_weeks = len(table.year)
    one = hstack([identity(n_weeks, format="csr")] * len(table.out), format="csr")
    g, y = np.nonzero(table.need)
    in_year = (table.year == y[:, None]).astype(np.float64)
    out = [in_year * count[:, None] for count in table.out[:, g]]
    return one, csr_matrix(np.hstack(out)), table.need[g, y]


def _relaxed(table: _Table, scale: float) -> tuple[Floats, Floats]:
    """Return shares of weeks, shape (S, K), and multipliers, shape (G, Y)."""
    from scipy.optimize import linprog

    one, out, need = _rows(table)
    found = linprog(
        (table.loss / scale).ravel(),
        A_ub=-out,
        b_ub=-need,
        A_eq=one,
        b_eq=np.ones(one.shape[0]),
        method="highs",
    )
    multiplier = np.zeros_like(table.need)
    if found.x is None:  # no multipliers: the bound is then that of no maintenance at all
        return np.zeros_like(table.loss), multiplier
    multiplier[np.nonzero(table.need)] = np.maximum(-found.ineqlin.marginals * scale, 0.0)
    return found.x.reshape(table.loss.shape), multiplier


def _whole(table: _Table, scale: float) -> Ints:
    """Return the combination of each open week in the best schedule. Shape (K,)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    one, out, need = _rows(table)
    cost = (table.loss / scale).ravel()
    found = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one, 1, 1), LinearConstraint(out, need, np.inf)],
        options={"mip_rel_gap": 1e-9},
    )
    return np.asarray(found.x.reshape(table.loss.shape).argmax(axis=0), dtype=np.int64)
