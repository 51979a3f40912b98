"""A cut by scipy: a supporting line of a block's relaxed cost, made of its dual solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import vstack

if TYPE_CHECKING:
    from decomposition.block_angular import Cut
    from numpy.typing import NDArray

    from optmix.solve.linear_program import LinearProgram

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["reference_cut"]


def reference_cut(program: LinearProgram, link_columns: Ints, values: Floats) -> Cut:
    """Return intercept and slope of a line that lies nowhere above the cost of a block.

    The multipliers of the rows price the linking columns; whatever they are, the other columns can
    do no better than at one of their bounds. So the line is valid even where the multipliers are
    not quite optimal.

    Parameters
    ----------
    program
        The block; what is whole in it is relaxed, and every column has two bounds.
    link_columns
        Columns that others decide.
    values
        Where they stand, and where the line touches the relaxed cost.
    """
    lower, upper = program.col_lower.copy(), program.col_upper.copy()
    lower[link_columns] = upper[link_columns] = values
    has_upper, has_lower = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    rows = program.matrix.tocsr()
    result = linprog(
        program.cost,
        A_ub=vstack([rows[has_upper], -rows[has_lower]]),
        b_ub=np.concatenate([program.row_upper[has_upper], -program.row_lower[has_lower]]),
        bounds=np.column_stack([lower, upper]),
        method="highs-ds",
    )
    assert result.success, result.message
    price = np.minimum(result.ineqlin.marginals, 0.0)
    n_upper = int(has_upper.sum())
    of_row = np.zeros(program.n_rows)
    of_row[has_upper] += price[:n_upper]
    of_row[has_lower] -= price[n_upper:]
    reduced = program.cost - rows.T @ of_row
    own = np.ones(program.n_columns, dtype=np.bool_)
    own[link_columns] = False
    at_best = np.where(reduced >= 0.0, program.col_lower, program.col_upper)
    intercept = (
        price[:n_upper] @ program.row_upper[has_upper]
        - price[n_upper:] @ program.row_lower[has_lower]
        + reduced[own] @ at_best[own]
    )
    return float(intercept) + program.offset, reduced[link_columns]
