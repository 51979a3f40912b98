from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optmix.errors import SchemaError, SolverError
from optmix.solve.highs_run import Listener, SolverEvent, run_highs
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Status

EXACT = {"mip_rel_gap": 0.0, "threads": 1}
WHOLE = st.integers(-5, 5).map(float)


@st.composite
def small_programs(draw: st.DrawFn) -> LinearProgram:
    """Three whole columns from 0 to 3, so that every plan can be tried."""
    n_rows = draw(st.integers(0, 3))
    matrix = draw(st.lists(st.tuples(WHOLE, WHOLE, WHOLE), min_size=n_rows, max_size=n_rows))
    sides = [sorted(draw(st.tuples(WHOLE, WHOLE))) for _ in range(n_rows)]
    is_open = draw(st.lists(st.sampled_from("<>="), min_size=n_rows, max_size=n_rows))
    lower = [-np.inf if kind == "<" else side[0] for kind, side in zip(is_open, sides, strict=True)]
    upper = [np.inf if kind == ">" else side[1] for kind, side in zip(is_open, sides, strict=True)]
    return LinearProgram.from_matrix(
        draw(st.tuples(WHOLE, WHOLE, WHOLE)),
        np.array(matrix).reshape(n_rows, 3),
        row_bounds=(lower, upper),
        col_bounds=(0.0, 3.0),
        is_integer=True,
        offset=draw(WHOLE),
        maximize=draw(st.booleans()),
    )


def optimum(program: LinearProgram) -> float | None:
    plans = (np.array(plan, dtype=float) for plan in product(range(4), repeat=3))
    values = [program.objective(plan) for plan in plans if program.residuals(plan).acceptable]
    if not values:
        return None
    return max(values) if program.maximize else min(values)


@settings(max_examples=60)
@given(program=small_programs(), presolve=st.sampled_from(["on", "off"]))
def test_the_optimum_is_that_of_trying_every_plan(program: LinearProgram, presolve: str) -> None:
    best = optimum(program)
    claim = run_highs(program, EXACT | {"presolve": presolve})
    if best is None:
        assert claim.status is Status.INFEASIBLE
        return
    assert claim.status is Status.OPTIMAL
    assert claim.values is not None
    assert program.residuals(claim.values).acceptable
    assert program.objective(claim.values) == pytest.approx(best, abs=1e-6)
    assert claim.bound == pytest.approx(best, abs=1e-6)


@settings(max_examples=30)
@given(program=small_programs())
def test_the_relaxation_bounds_the_optimum(program: LinearProgram) -> None:
    best = optimum(program)
    claim = run_highs(program.relaxed(), EXACT)
    if best is not None:
        assert claim.bound is not None
        ahead = best - claim.bound if program.maximize else claim.bound - best
        assert ahead <= 1e-6


@pytest.mark.parametrize("is_integer", [False, True])
@pytest.mark.parametrize("maximize", [False, True])
def test_unbounded_is_told_from_infeasible(is_integer: bool, maximize: bool) -> None:
    sign = 1.0 if maximize else -1.0
    unbounded = LinearProgram.from_matrix(
        [sign, 0.0],
        [[1.0, -1.0]],
        row_bounds=([0.0], [np.inf]),
        col_bounds=(0.0, np.inf),
        is_integer=is_integer,
        maximize=maximize,
    )
    assert run_highs(unbounded, EXACT).status is Status.UNBOUNDED
    both = LinearProgram.from_matrix(
        [sign, sign],
        [[1.0, -1.0], [1.0, -1.0]],
        row_bounds=([5.0, -np.inf], [np.inf, 2.0]),
        col_bounds=(0.0, np.inf),
        is_integer=is_integer,
        maximize=maximize,
    )
    assert run_highs(both, EXACT).status is Status.INFEASIBLE


def test_a_program_of_nothing_is_optimal() -> None:
    program = LinearProgram.from_matrix(
        [], np.zeros((0, 0)), row_bounds=([], []), col_bounds=(0, 0), offset=3.0
    )
    claim = run_highs(program, EXACT)
    assert (claim.status, claim.bound) == (Status.OPTIMAL, 3.0)
    assert claim.values is not None
    assert len(claim.values) == 0


def test_bounds_that_cross_are_infeasible() -> None:
    program = LinearProgram.from_matrix(
        [1.0], [[1.0]], row_bounds=([3.0], [2.0]), col_bounds=(0.0, 9.0)
    )
    assert run_highs(program, EXACT).status is Status.INFEASIBLE


def test_the_number_of_threads_may_change_from_run_to_run(two_columns: LinearProgram) -> None:
    for threads in (1, 2, 1):
        assert run_highs(two_columns, {"threads": threads}).status is Status.OPTIMAL


def test_an_unknown_option_is_refused(two_columns: LinearProgram) -> None:
    with pytest.raises(SchemaError, match="HiGHS has no option nope"):
        run_highs(two_columns, {"nope": 1})


def test_a_model_that_highs_refuses_is_an_error(two_columns: LinearProgram) -> None:
    with pytest.raises(SolverError, match="refuses the model"):
        run_highs(replace(two_columns, value=np.array([1e300, 1.0])), {})


def test_progress_tells_bound_plan_and_gap(knapsack: LinearProgram) -> None:
    events: list[SolverEvent] = []
    plans = []
    lines = []
    listener = Listener(on_event=events.append, on_plan=plans.append, on_log=lines.append)
    claim = run_highs(knapsack, {"time_limit": 3.0, "threads": 1}, listener=listener)
    assert claim.status is Status.FEASIBLE
    assert claim.reason == "time limit reached"
    assert claim.values is not None
    assert knapsack.objective(plans[-1]) == pytest.approx(knapsack.objective(claim.values))
    last = events[-1]
    assert last.incumbent is not None
    assert last.bound is not None
    assert last.bound >= last.incumbent  # it is maximised
    assert last.gap == pytest.approx((last.bound - last.incumbent) / last.incumbent, abs=1e-6)
    assert [event.elapsed_s for event in events] == sorted(event.elapsed_s for event in events)
    assert any("Solving MIP model" in line for line in lines)


def test_a_listener_stops_the_run_and_keeps_the_plan(knapsack: LinearProgram) -> None:
    plans: list[object] = []
    listener = Listener(on_plan=plans.append, should_stop=lambda: bool(plans))
    claim = run_highs(knapsack, {"time_limit": 120.0, "threads": 1}, listener=listener)
    assert claim.reason == "interrupted"
    assert claim.values is not None
    assert knapsack.residuals(claim.values).acceptable


def test_an_exception_in_a_listener_comes_out_after_the_run(knapsack: LinearProgram) -> None:
    def fail(_event: SolverEvent) -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        run_highs(knapsack, {"time_limit": 120.0}, listener=Listener(on_event=fail))


def test_a_start_is_taken_up(knapsack: LinearProgram) -> None:
    best = run_highs(knapsack, {"time_limit": 2.0, "threads": 1}).values
    plans: list[np.ndarray] = []
    listener = Listener(on_plan=plans.append, should_stop=lambda: bool(plans))
    run_highs(knapsack, {"time_limit": 60.0, "threads": 1}, start=best, listener=listener)
    assert best is not None
    assert knapsack.objective(plans[0]) >= knapsack.objective(best) - 1e-6


def test_a_start_may_be_known_in_part(two_columns: LinearProgram) -> None:
    claim = run_highs(two_columns, EXACT, start=np.array([np.nan, 2.0]))
    assert claim.values is not None
    assert two_columns.objective(claim.values) == pytest.approx(14.0)


def test_the_same_seed_gives_the_same_plan_whatever_the_threads() -> None:
    rng = np.random.default_rng(3)
    program = LinearProgram.from_matrix(
        rng.integers(1, 9, size=30),
        rng.integers(0, 5, size=(12, 30)),
        row_bounds=(np.full(12, 20.0), np.full(12, np.inf)),
        col_bounds=(0.0, 3.0),
        is_integer=True,
    )
    plans = []
    for threads in (1, 1, 2):
        claim = run_highs(program, {"random_seed": 5, "threads": threads, "mip_rel_gap": 0.0})
        assert claim.values is not None
        plans.append(claim.values.tolist())
    assert plans[0] == plans[1] == plans[2]
