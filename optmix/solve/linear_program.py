"""A mixed-integer linear program as plain numpy arrays.

This is what passes between the model and a solver: it knows nothing of Pyomo, pickles small, and
can judge a plan on its own, so that no solver has to be believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int32]
    Booleans = NDArray[np.bool_]

__all__ = ["LinearProgram", "Residuals"]

RESIDUAL_TOLERANCE = 1e-5
"""Largest residual of an acceptable plan: ten times the feasibility tolerance of HiGHS's MIP
solver (1e-6), because undoing presolve and scaling may enlarge a residual."""


@dataclass(frozen=True)
class Residuals:
    """By how much a plan misses the rows, bounds and integrality of a program.

    Attributes
    ----------
    row
        Largest violation of a row, in the row's unit.
    row_relative
        Largest violation of a row, as a share of the sum of its terms' magnitudes where that sum
        exceeds one: rounding errors grow with the terms.
    worst_row
        The row with the largest relative violation, or -1 if no row is violated.
    bound
        Largest violation of a column's bound.
    integrality
        Largest distance of an integer column from an integer.
    """

    row: float
    row_relative: float
    worst_row: int
    bound: float
    integrality: float

    @property
    def acceptable(self) -> bool:
        """Whether the plan is feasible for all practical purposes."""
        worst = np.max([self.row_relative, self.bound, self.integrality])  # keeps a NaN, unlike max
        return bool(worst <= RESIDUAL_TOLERANCE)


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """Minimise (or maximise) ``cost @ x + offset`` within rows, bounds and integrality.

    The matrix is stored by columns: the entries of column ``j`` are ``value[start[j]:start[j+1]]``
    in the rows ``index[start[j]:start[j+1]]``. A missing bound is plus or minus infinity.

    Shape
    -----
    ``cost``, ``col_lower``, ``col_upper``, ``is_integer``: one a column. ``row_lower``,
    ``row_upper``: one a row. ``start``: one a column and one more. ``index``, ``value``: one a
    nonzero.

    Raises
    ------
    ValueError
        The lengths of the arrays do not fit together, or a coefficient or bound is not a number.
    """

    cost: Floats
    offset: float
    start: Integers
    index: Integers
    value: Floats
    row_lower: Floats
    row_upper: Floats
    col_lower: Floats
    col_upper: Floats
    is_integer: Booleans
    maximize: bool = False

    def __post_init__(self) -> None:
        """Check that the arrays fit together, so that no solver is handed nonsense."""
        n_columns, n_rows = len(self.cost), len(self.row_lower)
        lengths = {
            "col_lower": (len(self.col_lower), n_columns),
            "col_upper": (len(self.col_upper), n_columns),
            "is_integer": (len(self.is_integer), n_columns),
            "start": (len(self.start), n_columns + 1),
            "row_upper": (len(self.row_upper), n_rows),
            "index": (len(self.index), int(self.start[-1])),
            "value": (len(self.value), int(self.start[-1])),
        }
        for name, (found, expected) in lengths.items():
            if found != expected:
                raise ValueError(f"{name} has {found} entries, expected {expected}")
        if len(self.index) and not 0 <= self.index.min() <= self.index.max() < n_rows:
            raise ValueError(f"index points outside of the {n_rows} rows")
        for name in ("cost", "value"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} has an entry that is not a finite number")
        for name in ("row_lower", "row_upper", "col_lower", "col_upper"):
            if np.isnan(getattr(self, name)).any():
                raise ValueError(f"{name} has an entry that is not a number")
        if not np.isfinite(self.offset):
            raise ValueError("offset is not a finite number")

    @classmethod
    def from_matrix(
        cls,
        cost: ArrayLike,
        matrix: Any,
        *,
        row_bounds: tuple[ArrayLike, ArrayLike],
        col_bounds: tuple[ArrayLike, ArrayLike],
        is_integer: ArrayLike = False,
        offset: float = 0.0,
        maximize: bool = False,
    ) -> Self:
        """Build a program from a dense or sparse matrix; scalars are spread over all columns.

        Parameters
        ----------
        cost
            Objective coefficient of each column.
        matrix
            One row for each constraint, dense or any scipy sparse array.
        row_bounds, col_bounds
            Lower and upper bounds.
        is_integer
            Which columns must take integer values.
        offset
            Constant of the objective.
        maximize
            Whether the objective is maximised.

        Examples
        --------
        >>> program = LinearProgram.from_matrix(
        ...     [2.0, 3.0], [[1.0, 1.0]], row_bounds=([4.5], [np.inf]), col_bounds=(0.0, 10.0)
        ... )
        >>> program.n_columns, program.n_rows, program.objective([4.5, 0.0])
        (2, 1, 9.0)
        """
        from scipy.sparse import csc_array

        costs = np.asarray(cost, dtype=np.float64)
        columns = csc_array(matrix, dtype=np.float64)

        def spread(numbers: ArrayLike, length: int, dtype: type) -> NDArray[Any]:
            return np.broadcast_to(np.asarray(numbers, dtype=dtype), (length,)).copy()

        return cls(
            cost=costs,
            offset=offset,
            start=columns.indptr.astype(np.int32),
            index=columns.indices.astype(np.int32),
            value=columns.data,
            row_lower=spread(row_bounds[0], columns.shape[0], np.float64),
            row_upper=spread(row_bounds[1], columns.shape[0], np.float64),
            col_lower=spread(col_bounds[0], len(costs), np.float64),
            col_upper=spread(col_bounds[1], len(costs), np.float64),
            is_integer=spread(is_integer, len(costs), np.bool_),
            maximize=maximize,
        )

    @property
    def n_columns(self) -> int:
        """Number of columns (variables)."""
        return len(self.cost)

    @property
    def n_rows(self) -> int:
        """Number of rows (constraints)."""
        return len(self.row_lower)

    @property
    def n_nonzeros(self) -> int:
        """Number of stored matrix entries."""
        return len(self.value)

    @cached_property
    def matrix(self) -> Any:
        """The matrix as a ``scipy.sparse.csc_array`` that shares the stored entries."""
        from scipy.sparse import csc_array

        shape = (self.n_rows, self.n_columns)
        return csc_array((self.value, self.index, self.start), shape=shape)

    def objective(self, x: ArrayLike) -> float:
        """Return the objective of a plan, one value for each column."""
        return float(self.cost @ np.asarray(x, dtype=np.float64) + self.offset)

    def residuals(self, x: ArrayLike) -> Residuals:
        """Return by how much a plan misses rows, bounds and integrality.

        Parameters
        ----------
        x
            One value for each column.

        Examples
        --------
        >>> program = LinearProgram.from_matrix(
        ...     [1.0], [[2.0]], row_bounds=([3.0], [3.0]), col_bounds=(0, 9), is_integer=True
        ... )
        >>> program.residuals([1.25])
        Residuals(row=0.5, row_relative=0.2, worst_row=0, bound=0.0, integrality=0.25)
        """
        plan = np.asarray(x, dtype=np.float64)
        activity = self.matrix @ plan
        missing = np.maximum(np.maximum(self.row_lower - activity, activity - self.row_upper), 0.0)
        relative = missing / np.maximum(1.0, abs(self.matrix) @ np.abs(plan))
        outside = np.maximum(np.maximum(self.col_lower - plan, plan - self.col_upper), 0.0)
        whole = plan[self.is_integer]
        return Residuals(
            row=float(missing.max(initial=0.0)),
            row_relative=float(relative.max(initial=0.0)),
            worst_row=int(relative.argmax()) if missing.any() else -1,
            bound=float(outside.max(initial=0.0)),
            integrality=float(np.abs(whole - np.round(whole)).max(initial=0.0)),
        )

    def relaxed(self) -> LinearProgram:
        """Return the same program without integrality: its optimum bounds this one's."""
        from dataclasses import replace

        return replace(self, is_integer=np.zeros(self.n_columns, dtype=np.bool_))

    def write(
        self,
        path: str | Path,
        *,
        column_names: Sequence[str] | None = None,
        row_names: Sequence[str] | None = None,
    ) -> None:
        """Write the program to a file; the suffix ``.mps`` or ``.lp`` says in which format.

        Parameters
        ----------
        path
            File to write.
        column_names, row_names
            Names of columns and rows; characters that the formats forbid are replaced. Without
            names the file counts: ``c0``, ``r0``.

        Raises
        ------
        SolverError
            The file cannot be written.
        """
        from optmix.solve.highs_model import write_model

        write_model(self, path, column_names=column_names, row_names=row_names)
