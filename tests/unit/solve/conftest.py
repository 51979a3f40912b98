"""Small programs with known answers, and one that no solver finishes."""

import numpy as np
import pytest

from optmix.solve.linear_program import LinearProgram


@pytest.fixture
def two_columns() -> LinearProgram:
    """Least 2x + 3z + 5 with x + z >= 4.5, z whole: x = 4.5, z = 0, cost 14."""
    return LinearProgram.from_matrix(
        [2.0, 3.0],
        [[1.0, 1.0]],
        row_bounds=([4.5], [np.inf]),
        col_bounds=(0.0, 10.0),
        is_integer=[False, True],
        offset=5.0,
    )


@pytest.fixture
def infeasible() -> LinearProgram:
    """x + z >= 25 where each is at most 10."""
    return LinearProgram.from_matrix(
        [2.0, 3.0], [[1.0, 1.0]], row_bounds=([25.0], [np.inf]), col_bounds=(0.0, 10.0)
    )


@pytest.fixture
def knapsack() -> LinearProgram:
    """Forty rows and 400 items: plans come at once, and no proof within any patience."""
    rng = np.random.default_rng(7)
    weights = rng.integers(5, 100, size=(40, 400)).astype(float)
    profit = weights.mean(axis=0) + rng.integers(0, 20, size=400)
    return LinearProgram.from_matrix(
        profit,
        weights,
        row_bounds=(np.full(40, -np.inf), weights.sum(axis=1) / 2),
        col_bounds=(0.0, 1.0),
        is_integer=True,
        maximize=True,
    )
