import pickle
from dataclasses import replace

import numpy as np
import pytest

from optmix.solve.linear_program import LinearProgram


def test_objective_has_the_offset(two_columns: LinearProgram) -> None:
    assert two_columns.objective([4.5, 0.0]) == 14.0


def test_a_plan_that_fits_has_no_residuals(two_columns: LinearProgram) -> None:
    residuals = two_columns.residuals([4.5, 0.0])
    assert residuals.acceptable
    assert residuals.worst_row == -1
    assert (residuals.row, residuals.bound, residuals.integrality) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("plan", "row", "bound", "integrality"),
    [
        ([4.0, 0.0], 0.5, 0.0, 0.0),
        ([10.5, 0.0], 0.0, 0.5, 0.0),
        ([4.5, -1.0], 1.0, 1.0, 0.0),
        ([4.5, 0.25], 0.0, 0.0, 0.25),
    ],
)
def test_residuals_tell_what_a_plan_misses(
    two_columns: LinearProgram, plan: list[float], row: float, bound: float, integrality: float
) -> None:
    residuals = two_columns.residuals(plan)
    assert not residuals.acceptable
    assert (residuals.row, residuals.bound, residuals.integrality) == (row, bound, integrality)
    assert residuals.worst_row == (0 if row else -1)


def test_a_residual_is_weighed_against_the_terms_of_its_row() -> None:
    program = LinearProgram.from_matrix(
        [0.0, 0.0], [[1.0, -1.0]], row_bounds=([0.0], [0.0]), col_bounds=(0.0, 1e9)
    )
    residuals = program.residuals([1e6, 1e6 + 1.0])
    assert residuals.row == 1.0
    assert residuals.row_relative == pytest.approx(0.5e-6, rel=1e-3)
    assert residuals.acceptable


def test_a_plan_with_nan_is_not_acceptable(two_columns: LinearProgram) -> None:
    assert not two_columns.residuals([np.nan, 0.0]).acceptable


def test_relaxed_drops_integrality_alone(two_columns: LinearProgram) -> None:
    relaxed = two_columns.relaxed()
    assert not relaxed.is_integer.any()
    assert relaxed.residuals([4.25, 0.25]).acceptable


def test_a_program_pickles(two_columns: LinearProgram) -> None:
    assert two_columns.matrix.shape == (1, 2)
    copy = pickle.loads(pickle.dumps(two_columns))  # noqa: S301 - made in this line
    assert copy.objective([1.0, 1.0]) == two_columns.objective([1.0, 1.0])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("col_lower", np.zeros(3), "col_lower has 3 entries, expected 2"),
        ("row_upper", np.zeros(0), "row_upper has 0 entries, expected 1"),
        ("value", np.ones(1), "value has 1 entries, expected 2"),
        ("index", np.array([0, 1], dtype=np.int32), "outside of the 1 rows"),
        ("cost", np.array([np.nan, 0.0]), "cost has an entry that is not a finite number"),
        ("value", np.array([np.inf, 0.0]), "value has an entry that is not a finite number"),
        ("row_lower", np.array([np.nan]), "row_lower has an entry that is not a number"),
        ("offset", np.inf, "offset is not a finite number"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    two_columns: LinearProgram, field: str, value: object, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        replace(two_columns, **{field: value})
