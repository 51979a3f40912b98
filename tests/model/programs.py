"""What the tests ask of a model: its rows, and its optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.model.assemble import build_model
from optmix.solve.extract import extract_plan
from optmix.solve.handoff import Handoff, hand_off
from optmix.solve.highs import solve_highs
from optmix.solve.layout import Layout
from optmix.solve.outcome import Limits, Outcome, Status
from optmix.units import USD_PER_KUSD
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.model.concept import Formulation

EXACT = Limits(gap=1e-7, absolute_gap=1e-6)
SAME = 1e-6
"""Relative difference of two optima that count as equal: HiGHS accepts a row or an integer that
is off by 1e-6, and no gap is asked for that is smaller than its rounding errors."""


def solve_model(model: Any) -> tuple[Handoff, Outcome]:
    """Return the optimum of a model as arrays, and load it into the model's variables.

    A fixed variable stays a column, so that its rounding is within tolerance.
    """
    handoff = hand_off(model, keep_fixed=True)
    outcome = solve_highs(handoff.program, EXACT, isolated=False)
    assert outcome.status in (Status.OPTIMAL, Status.INFEASIBLE), outcome.reason
    if outcome.values is not None:
        handoff.load(outcome.values)
    return handoff, outcome


def solved(case: Case) -> Any:
    """Return the model with its optimum, which the verifier has accepted."""
    model = build_model(case)
    handoff, outcome = solve_model(model)
    assert outcome.objective is not None, outcome.reason
    assert outcome.values is not None
    verification = verify_plan(case, extract_plan(case, Layout.of(handoff), outcome.values))
    assert verification.findings == ()
    assert is_same(verification.objective_usd / USD_PER_KUSD, outcome.objective)
    return model


def amounts(variable: Any) -> list[float]:
    """Return the values of a variable in the order of its index, rid of rounding errors."""
    return [round(member.value, 6) + 0.0 for member in variable.values()]


def is_possible(case: Case) -> bool:
    """Whether any plan serves the case."""
    return optimum(case) < np.inf


def optimum(case: Case, formulation: Formulation | None = None) -> float:
    """Return the least annual cost in thousand USD; infinite where no plan is possible."""
    _, outcome = solve_model(build_model(case, formulation=formulation))
    return np.inf if outcome.objective is None else outcome.objective


def is_at_most(lower: float, upper: float) -> bool:
    """Whether one optimum is no higher than another, but for the solver's tolerance."""
    return lower <= upper + SAME * max(1.0, abs(upper))


def is_same(one: float, other: float) -> bool:
    """Whether two optima are equal, but for the solver's tolerance."""
    return is_at_most(one, other) and is_at_most(other, one)


def rows_of(handoff: Handoff) -> dict[str, tuple[dict[str, float], float, float]]:
    """Return every row by name: coefficients by variable, lower and upper side."""
    program = handoff.program
    matrix = program.matrix.tocsr()
    names = [variable.name for variable in handoff.columns]
    return {
        constraint.name: (
            {
                names[column]: value
                for column, value in zip(
                    matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]],
                    matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]],
                    strict=True,
                )
            },
            float(program.row_lower[row]),
            float(program.row_upper[row]),
        )
        for row, constraint in enumerate(handoff.rows)
    }
