from dataclasses import replace

import numpy as np
import pytest

from optmix.errors import InfeasibleError, NoPlanError, OptmixError, SolverError
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Claim, Limits, Outcome, Status, judge, relative_gap

BEST = np.array([4.5, 0.0])


def judged(program: LinearProgram, claim: Claim, limits: Limits | None = None) -> Outcome:
    return judge(program, claim, limits or Limits(), solver="S", version="1", seconds=1.0)


def test_an_optimal_plan_within_the_gap_stands(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", BEST, bound=13.99))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == 14.0
    assert outcome.gap == pytest.approx(0.01 / 14)
    assert outcome.require_plan() is outcome


def test_optimal_is_not_believed_beyond_the_gap(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", BEST, bound=13.0))
    assert outcome.status is Status.FEASIBLE
    assert "wider than asked for" in outcome.reason


def test_a_limit_within_the_gap_is_optimal(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.FEASIBLE, "time limit reached", BEST, bound=14.0))
    assert outcome.status is Status.OPTIMAL


def test_the_absolute_gap_counts_as_well(two_columns: LinearProgram) -> None:
    limits = Limits(gap=0.0, absolute_gap=0.5)
    claim = Claim(Status.OPTIMAL, "done", BEST, bound=13.6)
    assert judged(two_columns, claim, limits).status is Status.OPTIMAL


def test_a_plan_without_a_bound_is_not_optimal(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", BEST, bound=-np.inf))
    assert (outcome.status, outcome.bound, outcome.gap) == (Status.FEASIBLE, None, None)
    assert "no bound" in outcome.reason


def test_a_plan_that_breaks_the_model_is_an_error(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", np.array([1.0, 0.0]), bound=7.0))
    assert outcome.status is Status.ERROR
    assert "breaks the model" in outcome.reason
    with pytest.raises(SolverError, match="breaks the model"):
        outcome.require_plan()


def test_a_bound_above_its_own_plan_is_an_error(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", BEST, bound=14.1))
    assert outcome.status is Status.ERROR
    assert "passes its own plan" in outcome.reason


def test_a_bound_that_passes_by_rounding_is_cut_back(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "done", BEST, bound=14.0 + 1e-7))
    assert (outcome.status, outcome.bound, outcome.gap) == (Status.OPTIMAL, 14.0, 0.0)


def test_when_maximising_the_bound_lies_above(two_columns: LinearProgram) -> None:
    program = replace(two_columns, maximize=True)
    plan = np.array([10.0, 10.0])
    assert judged(program, Claim(Status.OPTIMAL, "", plan, bound=55.0)).status is Status.OPTIMAL
    assert judged(program, Claim(Status.OPTIMAL, "", plan, bound=54.0)).status is Status.ERROR
    assert judged(program, Claim(Status.OPTIMAL, "", plan, bound=60.0)).gap == pytest.approx(1 / 11)


def test_whole_numbers_are_made_whole(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.OPTIMAL, "", np.array([4.5, 1e-7]), bound=14.0))
    assert outcome.values is not None
    assert outcome.values[1] == 0.0
    assert outcome.residuals is not None
    assert outcome.residuals.integrality == 0.0


def test_a_limit_without_a_plan_is_no_plan(two_columns: LinearProgram) -> None:
    outcome = judged(two_columns, Claim(Status.FEASIBLE, "time limit reached", bound=3.0))
    assert (outcome.status, outcome.bound, outcome.has_plan) == (Status.NO_PLAN, 3.0, False)


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (Status.INFEASIBLE, InfeasibleError, 4),
        (Status.NO_PLAN, NoPlanError, 5),
        (Status.ERROR, SolverError, 6),
        (Status.UNBOUNDED, OptmixError, 1),
    ],
)
def test_an_end_without_a_plan_has_its_own_error(
    two_columns: LinearProgram, status: Status, error: type[OptmixError], code: int
) -> None:
    outcome = judged(two_columns, Claim(status, "because"))
    with pytest.raises(error, match="S 1: because") as caught:
        outcome.require_plan()
    assert caught.value.exit_code == code


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100.0, 99.0, 0.01), (-100.0, -101.0, 0.01), (0.0, 0.0, 0.0), (0.0, -1.0, float("inf"))],
)
def test_gap_is_a_share_of_the_objective(objective: float, bound: float, gap: float) -> None:
    assert relative_gap(objective, bound) == gap
