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

__all__ = ["LossTable"]

USED = 1e-6
AT_ONCE = 3
"""Combinations looked up between two programs."""

PARTS = (4, 2, 1)


class LossTable:
    """Loss of each combination of units out in each open week, as far as it is known.

    Parameters
    ----------
    states
        Combinations of units out in one week, and what is needed of them.
    calendar
        The weeks.
    scale
        A loss that matters; programs are solved in units of it.
    """

    def __init__(self, states: States, calendar: Calendar, scale: float) -> None:
        self.out, self.need, self.given = states.out, states.need, states.given
        self._scale = scale
        self._row = {tuple(row): s for s, row in enumerate(states.out.tolist())}
        self._open = np.flatnonzero(calendar.is_open if states.need.any() else [])
        self._closed = np.setdiff1d(np.arange(calendar.n_blocks), self._open)
        self.year = calendar.year[self._open]
        self.loss = np.zeros((len(self.out), len(self._open)))
        self._closed_loss = np.zeros(len(self._closed))
        self._is_known = np.zeros(len(self.out), dtype=np.bool_)

    def least(self, loss_of: LossOf, enough: float) -> float:
        """Return a certified lower bound on the loss under any schedule.

        Parameters
        ----------
        loss_of
            Lower bounds on the loss, never less with more units out. They raise what earlier ones
            have left in the table.
        enough
            Once the bound is above this, it need not be better.
        """
        self._start(loss_of)
        while True:
            share, multiplier = self._relaxed()
            bound = self._bound(multiplier)
            used = share.sum(axis=1)
            is_missing = (used > USED) & ~self._is_known
            if bound > enough or not is_missing.any():
                return bound
            for s in np.argsort(-used * is_missing, kind="stable")[:AT_ONCE].tolist():
                if is_missing[s]:
                    self._look_up_below(s, loss_of)
            whole = self._closed_loss.sum() + (share * self.loss).sum()
            if self._is_known[used > USED].all() and whole <= enough:
                # These shares are a schedule of a kind, so no bound of this kind is higher.
                return self._bound(multiplier)

    def best(self, loss_of: LossOf) -> Ints:
        """Return the combination of each week, as units out of each type. Shape (G, K).

        Parameters
        ----------
        loss_of
            The loss that is made least.
        """
        weeks = np.zeros((self.out.shape[1], len(self._open) + len(self._closed)), dtype=np.int64)
        if not self.need.any():
            return weeks
        self._start(loss_of)
        while True:
            picked = _whole(self, self._scale)
            missing = [s for s in np.unique(picked).tolist() if not self._is_known[s]]
            if not missing:
                break
            for s in missing:
                self._look_up_below(s, loss_of)
        weeks[:, self._open] = self.out[picked].T
        return weeks

    def _start(self, loss_of: LossOf) -> None:
        """Look up all weeks with no unit out."""
        self._is_known[:] = False
        found = loss_of(tuple(self.out[0].tolist()))
        self._closed_loss = np.maximum(self._closed_loss, found[self._closed])
        self._raise(0, found)

    def _look_up_below(self, s: int, loss_of: LossOf) -> None:
        """Look up a part of a combination, or all of it if its parts are known.

        Programs ask for whatever is unknown, which is many units out at once. A part of them is
        mostly enough to show that this does not pay.
        """
        for part in PARTS:
            row = self._row[tuple((-(-self.out[s] // part)).tolist())]
            if not self._is_known[row]:
                self._raise(row, loss_of(tuple(self.out[row].tolist())))
                return

    def _raise(self, s: int, found: Floats) -> None:
        """Enter a loss, for all combinations with more units out too."""
        more = (self.out >= self.out[s]).all(axis=1)
        self.loss[more] = np.maximum(self.loss[more], found[self._open])
        self._is_known[s] = True

    def _bound(self, multiplier: Floats) -> float:
        """Return the bound by multipliers. Shape (G, Y)."""
        gain = self.given @ multiplier[:, self.year]
        least = (self.loss - gain).min(axis=0).sum()
        return float(self._closed_loss.sum() + least + (multiplier * self.need).sum())

    def _relaxed(self) -> tuple[Floats, Floats]:
        """Return shares of weeks, shape (S, K), and multipliers, shape (G, Y)."""
        from scipy.optimize import linprog

        multiplier = np.zeros_like(self.need)
        if not self.need.any():
            return np.zeros_like(self.loss), multiplier
        one, out, need = _rows(self)
        found = linprog(
            (self.loss / self._scale).ravel(),
            A_ub=-out,
            b_ub=-need,
            A_eq=one,
            b_eq=np.ones(one.shape[0]),
            method="highs",
        )
        if found.x is None:  # no multipliers: the bound is then that of no maintenance at all
            return np.zeros_like(self.loss), multiplier
        dual = -found.ineqlin.marginals * self._scale
        multiplier[np.nonzero(self.need)] = np.maximum(dual, 0.0)
        return found.x.reshape(self.loss.shape), multiplier


def _rows(table: LossTable) -> tuple[csr_matrix, csr_matrix, Floats]:
    """Return one row a week, and one row a type and year with a need, and the needs.

    Columns are weeks within combinations.
    """
    from scipy.sparse import csr_matrix, hstack, identity

    n_weeks = len(table.year)
    one = hstack([identity(n_weeks, format="csr")] * len(table.out), format="csr")
    g, y = np.nonzero(table.need)
    in_year = (table.year == y[:, None]).astype(np.float64)
    out = [in_year * count[:, None] for count in table.given[:, g]]
    return one, csr_matrix(np.hstack(out)), table.need[g, y]


def _whole(table: LossTable, scale: float) -> Ints:
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
