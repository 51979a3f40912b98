"""Programs that some version of HiGHS got wrong: each must have its optimum, presolved or not.

Each is retold from the report that its id names, in github.com/ERGO-Code/HiGHS/issues.
"""

import numpy as np
import pytest

from optmix.solve.highs import solve_highs
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Limits, Status

INF = np.inf

REPORTED = {
    # A plan of 99999 was called optimal: a binary with a big-M link was fixed at the wrong value.
    "2975": (
        20.0,
        LinearProgram.from_matrix(
            [0.0, 2.0, 99999.0],
            [[1.0, 1.0, 0.0], [1.0, 0.0, -100.0]],
            row_bounds=([10.0, -INF], [10.0, 0.0]),
            col_bounds=(0.0, [INF, INF, 1.0]),
            is_integer=[False, False, True],
        ),
    ),
    # A plan of 200.01 was called optimal.
    "3073": (
        0.03,
        LinearProgram.from_matrix(
            [100.0, 0.01, 0.0],
            [[1, 0, 1], [0, -1, 1], [0, -1, -1], [0, 0, 1], [0, 0, -1]],
            row_bounds=([3.0, -INF, -INF, -INF, -INF], [3.0, 0.0, 0.0, 3.0, -0.45]),
            col_bounds=([0.0, -INF, 0.0], INF),
            is_integer=[False, False, True],
        ),
    ),
    # A plan of 29 was called optimal.
    "2957": (
        28.2,
        LinearProgram.from_matrix(
            [1.0, 2.0],
            [[1.0, 1.0]],
            row_bounds=([20.1], [INF]),
            col_bounds=([0.0, 8.0], 20.0),
            is_integer=[True, False],
        ),
    ),
    # A plan of 15 was called optimal.
    "3043": (
        9.0,
        LinearProgram.from_matrix(
            [2.0, 3.0],
            [[1.0, 1.0]],
            row_bounds=([4.5], [INF]),
            col_bounds=(0.0, 10.0),
            is_integer=[False, True],
        ),
    ),
    # A plan of 76 was called optimal.
    "3002": (
        64.0,
        LinearProgram.from_matrix(
            [1.0, 4.0, 9.0],
            [[1, 1, 0], [1, 0, 1], [0, -1, 1]],
            row_bounds=([-INF, 10.0, 7.5], [5.0, INF, 7.5]),
            col_bounds=([0.0, -1.0, 0.0], [4.0, 1.0, INF]),
            is_integer=[False, False, True],
        ),
    ),
}


@pytest.mark.parametrize("presolve", ["on", "off"])
@pytest.mark.parametrize("issue", REPORTED)
def test_highs_finds_the_optimum(issue: str, presolve: str) -> None:
    optimum, program = REPORTED[issue]
    outcome = solve_highs(program, Limits(gap=0.0), {"presolve": presolve}, isolated=False)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(optimum)
    assert outcome.bound == pytest.approx(optimum)
