"""Write a small linear program column by column and row by row, and solve it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix

from optmix.solve.highs import solve_highs
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.solve.outcome import Outcome

__all__ = ["Program"]


class Program:
    """A mixed-integer program to be minimised."""

    def __init__(self) -> None:
        self._cost: list[float] = []
        self._column: list[tuple[float, float, bool]] = []
        self._row: list[tuple[float, float]] = []
        self._entries: list[tuple[int, int, float]] = []

    def column(self, cost: float, lower: float, upper: float, *, is_integer: bool = False) -> int:
        """Add a column; return its place."""
        self._cost.append(cost)
        self._column.append((lower, upper, is_integer))
        return len(self._cost) - 1

    def row(
        self, terms: Mapping[int, float], lower: float = -math.inf, upper: float = math.inf
    ) -> None:
        """Add a row: the sum of some columns, each times a factor, lies between two numbers."""
        place = len(self._row)
        self._row.append((lower, upper))
        self._entries += [(place, column, factor) for column, factor in terms.items() if factor]

    def solve(self, *, gap: float = 0.0, time_limit_s: float | None = None) -> Outcome:
        """Solve it with HiGHS in this process.

        Raises
        ------
        SolverError
            HiGHS failed.
        """
        rows, columns, factors = zip(*self._entries, strict=True) if self._entries else ((),) * 3
        shape = (len(self._row), len(self._cost))
        matrix = coo_matrix((factors, (rows, columns)), shape=shape, dtype=np.float64).tocsc()
        program = LinearProgram(
            cost=np.array(self._cost),
            offset=0.0,
            start=matrix.indptr.astype(np.int32),
            index=matrix.indices.astype(np.int32),
            value=matrix.data,
            row_lower=np.array([lower for lower, _ in self._row]),
            row_upper=np.array([upper for _, upper in self._row]),
            col_lower=np.array([lower for lower, _, _ in self._column]),
            col_upper=np.array([upper for _, upper, _ in self._column]),
            is_integer=np.array([whole for _, _, whole in self._column], dtype=np.bool_),
        )
        limits = Limits(gap=gap, time_limit_s=time_limit_s, threads=1)
        return solve_highs(program, limits, isolated=False)
