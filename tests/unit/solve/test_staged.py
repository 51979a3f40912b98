from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optmix.solve import staged
from optmix.solve.highs import solve_highs
from optmix.solve.highs_run import SolverEvent
from optmix.solve.interrupt import Interrupt
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Limits, Status
from optmix.solve.staged import solve_staged

EXACT = Limits(gap=0.0, threads=1)
IS_SIZE = np.array([True] * 2 + [False] * 8)


def fleet(
    demand: list[float], rating: tuple[float, float], least: float, *, maximize: bool = False
) -> LinearProgram:
    """Buy two kinds of units, and run whole numbers of them in four steps.

    Columns: size of each kind, then units running of each kind in each step. Each step's running
    capacity lies between the demand and ``least`` more.
    """
    rows, lower, upper = [], [], []
    for step, load in enumerate(demand):
        row = np.zeros(10)
        row[[2 + step, 6 + step]] = rating
        rows.append(row)
        lower.append(load)
        upper.append(load + least)
        for kind in range(2):
            row = np.zeros(10)
            row[kind], row[2 + 4 * kind + step] = 1.0, -1.0
            rows.append(row)
            lower.append(0.0)
            upper.append(np.inf)
    sign = -1.0 if maximize else 1.0
    cost = np.array([7.0, 9.0] + [1.0] * 4 + [1.3] * 4) * sign
    return LinearProgram.from_matrix(
        cost,
        np.array(rows),
        row_bounds=(lower, upper),
        col_bounds=(0.0, 9.0),
        is_integer=True,
        offset=2.0,
        maximize=maximize,
    )


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run HiGHS here, which is faster for programs this small."""
    monkeypatch.setattr(staged, "solve_highs", partial(solve_highs, isolated=False))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    demand=st.lists(st.floats(0.0, 20.0), min_size=4, max_size=4),
    rating=st.tuples(st.floats(1.0, 4.0), st.floats(1.0, 4.0)),
    least=st.floats(0.0, 6.0),
    maximize=st.booleans(),
)
@pytest.mark.usefixtures("in_process")
def test_steps_end_where_the_whole_does(
    demand: list[float], rating: tuple[float, float], least: float, maximize: bool
) -> None:
    program = fleet(demand, rating, least, maximize=maximize)
    whole = solve_highs(program, EXACT, isolated=False)
    outcome = solve_staged(program, IS_SIZE, EXACT)
    assert outcome.status is whole.status
    if whole.objective is None:
        return
    assert outcome.objective == pytest.approx(whole.objective, abs=1e-5)
    assert outcome.bound == pytest.approx(whole.objective, abs=1e-5)
    assert outcome.residuals is not None
    assert outcome.residuals.acceptable


@pytest.mark.usefixtures("in_process")
def test_the_bound_of_the_first_step_ends_the_search() -> None:
    program = fleet([4.0, 8.0, 8.0, 4.0], (2.0, 2.0), 0.5)  # whole numbers fit the demand
    outcome = solve_staged(program, IS_SIZE, Limits(gap=1e-6, threads=1))
    assert (outcome.status, outcome.reason) == (Status.OPTIMAL, "proven within the gap")
    assert outcome.objective == pytest.approx(2.0 + 7 * 4 + 12)


@pytest.mark.usefixtures("in_process")
def test_sizes_that_operation_cannot_use_are_given_up() -> None:
    # Relaxed operation needs one unit of the cheap kind, and whole operation the dear kind.
    program = fleet([1.5, 1.5, 1.5, 1.5], (2.0, 1.5), 0.1)
    outcome = solve_staged(program, IS_SIZE, EXACT)
    assert outcome.status is Status.OPTIMAL
    assert outcome.values is not None
    assert outcome.values[:2].tolist() == [0.0, 1.0]


@pytest.mark.usefixtures("in_process")
def test_an_infeasible_program_is_told_in_either_step() -> None:
    assert solve_staged(fleet([99.0] * 4, (2.0, 2.0), 1.0), IS_SIZE, EXACT).status is (
        Status.INFEASIBLE
    )
    outcome = solve_staged(fleet([1.5] * 4, (2.0, 2.0), 0.1), IS_SIZE, EXACT)  # only in halves
    assert outcome.status is Status.INFEASIBLE


@pytest.mark.usefixtures("in_process")
def test_an_unbounded_program_is_told() -> None:
    program = LinearProgram.from_matrix(
        [-1.0, -1.0],
        [[1.0, -1.0]],
        row_bounds=([0.0], [0.0]),
        col_bounds=(0.0, np.inf),
        is_integer=True,
    )
    assert solve_staged(program, np.array([True, False]), EXACT).status is Status.UNBOUNDED


@pytest.mark.usefixtures("in_process")
def test_events_never_take_back_a_bound_or_a_plan() -> None:
    events: list[SolverEvent] = []
    program = fleet([3.3, 8.1, 12.7, 5.9], (2.9, 3.7), 2.0)
    outcome = solve_staged(program, IS_SIZE, EXACT, on_event=events.append)
    bounds = [event.bound for event in events if event.bound is not None]
    plans = [event.incumbent for event in events if event.incumbent is not None]
    assert bounds == sorted(bounds)
    assert plans == sorted(plans, reverse=True)
    assert plans[-1] == pytest.approx(outcome.objective)
    elapsed = [event.elapsed_s for event in events]
    assert elapsed == sorted(elapsed)


def test_an_interrupt_keeps_the_plan_of_the_second_step(knapsack: LinearProgram) -> None:
    interrupt = Interrupt()

    def stop_at_a_plan(event: SolverEvent) -> None:
        if event.incumbent is not None:
            interrupt.set()

    is_size = np.arange(knapsack.n_columns) < 20
    limits = Limits(gap=0.0, time_limit_s=200.0, threads=1)
    outcome = solve_staged(knapsack, is_size, limits, on_event=stop_at_a_plan, interrupt=interrupt)
    assert (outcome.status, outcome.reason) == (Status.FEASIBLE, "interrupted")
    assert outcome.interrupted
    assert outcome.bound is not None


def test_an_interrupt_in_the_first_step_has_a_bound_and_no_plan(knapsack: LinearProgram) -> None:
    interrupt = Interrupt()

    def stop_at_a_bound(event: SolverEvent) -> None:
        if event.bound is not None:
            interrupt.set()

    is_size = np.arange(knapsack.n_columns) < 399  # so that the first step does not end
    limits = Limits(gap=0.0, time_limit_s=200.0, threads=1)
    outcome = solve_staged(knapsack, is_size, limits, on_event=stop_at_a_bound, interrupt=interrupt)
    assert (outcome.status, outcome.values) == (Status.NO_PLAN, None)
    assert outcome.bound is not None
    assert outcome.interrupted


def test_the_time_limit_is_that_of_all_steps(knapsack: LinearProgram) -> None:
    is_size = np.arange(knapsack.n_columns) < 100
    outcome = solve_staged(knapsack, is_size, Limits(gap=0.0, time_limit_s=6.0, threads=1))
    assert outcome.status is Status.FEASIBLE
    assert outcome.reason == "time limit reached"
    assert not outcome.interrupted
