"""Cuts: planes that no operation of a window can cost less than.

A cut is computed from the row duals alone, with every column at its better bound. Rounding in the
solver makes it weaker, never wrong (Neumaier and Shcherbina, Math. Program. 99, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array, hstack

from optmix.solve.highs_model import new_highs, to_highs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.solve.linear_program import LinearProgram

__all__ = ["Cut", "Cutter"]

NO_SHORTFALL = 1e-7
"""Less than this is the rounding of the solver."""

LARGEST_DUAL = 1e9
"""Greater duals than these, thousand USD a unit, are no prices but the noise of a broken basis."""

ROUNDING = float(np.finfo(np.float64).eps)
"""Share of itself by which a number may be off."""

BROKEN = 1e-3
"""A row of the pool that an optimum breaks by less tightens hardly anything."""


@dataclass(frozen=True, eq=False)
class Cut:
    """``cost >= intercept + slope @ linking``, and what was found where it was made.

    Attributes
    ----------
    intercept, slope
        The plane. Shape of ``slope``: one a linking column.
    cost, shortfall
        Optimal cost and total shortfall at the point.
    used
        Reading of each meter at the optimum.
    need
        Where something is missing, a second plane that every point without shortfall keeps:
        ``0 >= intercept + slope @ linking``.
    """

    intercept: float
    slope: Floats
    cost: float
    shortfall: float
    used: Floats
    need: tuple[float, Floats] | None = None


class Cutter:
    """The relaxed operation of one window, kept warm between calls.

    Parameters
    ----------
    program
        The window. Every column needs finite bounds: a cut is as tight as they allow.
    link
        Columns of the linking quantities.
    n_own
        Columns before those of shortfall; by default there is no shortfall.
    meter
        What to read off at the optimum, over the columns before those of shortfall.
    pool
        Returns rows that hold for every plan, and their lower sides; asked once, when cuts are
        first to be tight. Rows that an optimum breaks then join the program.
    """

    def __init__(
        self,
        program: LinearProgram,
        link: NDArray[np.int32],
        n_own: int | None = None,
        meter: csr_array | None = None,
        pool: Callable[[], tuple[csr_array, Floats]] | None = None,
    ) -> None:
        self.program = program
        self._n_own = program.n_columns if n_own is None else n_own
        self._meter = csr_array((0, self._n_own)) if meter is None else meter
        self._link = np.asarray(link, dtype=np.int32)
        self._missing = np.zeros(program.n_columns)
        self._missing[self._n_own :] = 1.0
        self._matrix_t = csr_array(program.matrix.T)
        self._size_t = abs(self._matrix_t)
        self._row_lower, self._row_upper = program.row_lower, program.row_upper
        self._make_pool = pool
        self._pool: tuple[csr_array, Floats] | None = None
        self._highs = new_highs()
        self._highs.setOptionValue("threads", 1)
        self._highs.passModel(to_highs(program.relaxed()))

    def cut(self, values: Floats, *, tight: bool = False) -> Cut:
        """Return the cut at a point.

        Parameters
        ----------
        values
            One value for each linking column; NaN leaves the window free to choose, and then the
            cut does not depend on that quantity.
        tight
            Whether rows of the pool that the optimum breaks are to join first.
        """
        is_free = np.isnan(values)
        lower = np.where(is_free, self.program.col_lower[self._link], values)
        upper = np.where(is_free, self.program.col_upper[self._link], values)
        self._highs.changeColsBounds(len(self._link), self._link, lower, upper)
        x, row_dual, solved = self._run()
        if tight and self._add_broken(x):
            x, row_dual, solved = self._run()
        intercept, slope = self._plane(self.program.cost, row_dual, is_free)
        shortfall = float(self._missing @ x)
        return Cut(
            intercept=intercept,
            slope=slope,
            # What was not solved says nothing of what a point costs; its cut holds all the same.
            cost=float(self.program.cost @ x) if solved else np.inf,
            shortfall=shortfall,
            used=self._meter @ x[: self._n_own],
            need=self._need(is_free) if shortfall > NO_SHORTFALL else None,
        )

    def _add_broken(self, x: Floats) -> bool:
        """Add the rows of the pool that an optimum breaks, and say whether there were any."""
        if self._make_pool is None:
            return False
        if self._pool is None:
            self._pool = self._make_pool()
        rows, lower = self._pool
        is_broken = lower - rows @ x > BROKEN
        if not is_broken.any():
            return False
        new, new_lower = csr_array(rows[is_broken]), lower[is_broken]
        n = len(new_lower)
        infinite = np.full(n, highspy.kHighsInf)
        start, index = new.indptr[:-1].astype(np.int32), new.indices.astype(np.int32)
        self._highs.addRows(n, new_lower, infinite, new.nnz, start, index, new.data)
        self._matrix_t = csr_array(hstack([self._matrix_t, new.T]))
        self._size_t = abs(self._matrix_t)
        self._row_lower = np.concatenate([self._row_lower, new_lower])
        self._row_upper = np.concatenate([self._row_upper, np.full(n, np.inf)])
        self._pool = csr_array(rows[~is_broken]), lower[~is_broken]
        return True

    def _need(self, is_free: NDArray[np.bool_]) -> tuple[float, Floats]:
        """Return the plane that says what the linking quantities must be for nothing to miss."""
        self._set_cost(self._missing)
        _, row_dual, _ = self._run()
        self._set_cost(self.program.cost)
        return self._plane(self._missing, row_dual, is_free)

    def _set_cost(self, cost: Floats) -> None:
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(cost), columns, cost)

    def _run(self) -> tuple[Floats, Floats, bool]:
        """Return optimum and row duals, and whether HiGHS found them."""
        for _ in range(2):
            self._highs.run()
            solution = self._highs.getSolution()
            x, row_dual = np.asarray(solution.col_value), np.asarray(solution.row_dual)
            solved = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            if solved and np.abs(row_dual).max(initial=0.0) < LARGEST_DUAL:
                return x, row_dual, True
            # A basis that leads nowhere, or to figures beyond all sense: once more from scratch.
            self._highs.clearSolver()
        # Duals of nothing prove little, but what they prove is true.
        return x, np.zeros(len(row_dual)), solved

    def _plane(
        self, cost: Floats, row_dual: Floats, is_free: NDArray[np.bool_]
    ) -> tuple[float, Floats]:
        """Return the plane that the duals prove, whatever their rounding and that of the sums."""
        p = self.program
        side = np.where(row_dual > 0, self._row_lower, self._row_upper)
        # A dual that points to a side the row does not have proves nothing: drop it.
        row_dual = np.where(np.isfinite(side), row_dual, 0.0)
        side = np.where(row_dual != 0, side, 0.0)
        reduced = cost - self._matrix_t @ row_dual
        # A sum is off by at most a rounding for each of its terms (Higham, Accuracy and Stability
        # of Numerical Algorithms, 2002, chapter 3).
        n_terms = np.diff(self._size_t.indptr) + 2
        off = ROUNDING * n_terms * (np.abs(cost) + self._size_t @ np.abs(row_dual))
        largest = np.maximum(np.abs(p.col_lower), np.abs(p.col_upper))
        held = self._link[~is_free]
        slope = np.zeros(len(self._link))
        slope[~is_free] = reduced[held]
        reduced[held] = 0.0
        at = np.where(reduced > 0, p.col_lower, p.col_upper)
        at = np.where(reduced != 0, at, 0.0)
        summed = float(np.abs(row_dual) @ np.abs(side) + np.abs(reduced) @ np.abs(at))
        error = float(off @ largest) + ROUNDING * len(row_dual) * summed
        return float(row_dual @ side + reduced @ at) - error, slope
