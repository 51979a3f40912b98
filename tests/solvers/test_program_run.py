"""Models from files: every solver gives the same answer, and what cannot be read is refused."""

from pathlib import Path

import numpy as np
import pytest

from optmix.bench.families import commitment_program
from optmix.errors import InputError
from optmix.solve.linear_program import LinearProgram
from optmix.solve.outcome import Limits, Status
from optmix.solve.profiles import load_solver, solver_names
from optmix.solve.program_run import pyomo_handoff, read_program, solve_program
from optmix.solve.run import ready_profile

INF = np.inf
SOLVERS = [pytest.param(name, marks=pytest.mark.solver(name)) for name in solver_names()]
LINEAR = ("simplex", "ipm", "hipo", "pdlp")


def mixed() -> LinearProgram:
    """Greatest 2x + 3.3z - y - 7 with rows of every kind; y is free, z whole."""
    return LinearProgram.from_matrix(
        [2.0, 3.3, -1.0, 0.0],
        [[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
        row_bounds=([-INF, 2.0, -3.0, -INF], [11.7, INF, 5.0, INF]),
        col_bounds=([0.0, 0.0, -INF, 1.0], [10.0, 10.0, INF, 2.0]),
        is_integer=[False, True, False, False],
        offset=-7.0,
        maximize=True,
    )


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_a_file_holds_what_was_written(tmp_path: Path, suffix: str) -> None:
    program = mixed()
    path = tmp_path / f"model{suffix}"
    program.write(path)
    read = read_program(path)
    # A row without sides may be dropped, and the LP format makes two of one with two.
    rows = slice(0, 3 if suffix == ".mps" else 2)
    assert np.array_equal(read.cost, program.cost)
    assert np.array_equal(read.matrix.toarray()[rows], program.matrix.toarray()[rows])
    assert (read.offset, read.maximize) == (-7.0, True)
    for name in ("col_lower", "col_upper", "is_integer"):
        assert np.array_equal(getattr(read, name), getattr(program, name)), name
    for name in ("row_lower", "row_upper"):
        assert np.array_equal(getattr(read, name)[rows], getattr(program, name)[rows]), name


@pytest.mark.parametrize("text", ["", "no model at all\n"])
def test_what_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.mps"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no model that can be read"):
        read_program(path)


def test_a_quadratic_objective_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.lp"
    path.write_text("min\n obj: x + [ 2 x ^ 2 ] / 2\nst\n r: x >= 1\nend\n", encoding="utf-8")
    with pytest.raises(InputError, match="quadratic"):
        read_program(path)


@pytest.mark.parametrize("name", SOLVERS)
def test_every_solver_has_the_optimum_of_a_program(name: str) -> None:
    # x + z <= 11.7 and z <= 10 give 2 * 1.7 + 3.3 * 10; y is at its least, -3 - x = -4.7.
    outcome = solve_program(ready_profile(name), mixed(), Limits(gap=1e-6))
    assert outcome.status is Status.OPTIMAL, outcome.reason
    assert outcome.objective == pytest.approx(3.4 + 33.0 + 4.7 - 7.0)
    assert outcome.bound == pytest.approx(outcome.objective, rel=2e-6)


@pytest.mark.parametrize("name", SOLVERS)
def test_solvers_agree_on_a_generated_commitment(name: str) -> None:
    program = commitment_program(6, seed=2)
    best = solve_program(ready_profile("highs"), program, Limits(gap=1e-7)).objective
    outcome = solve_program(ready_profile(name), program, Limits(gap=1e-3, time_limit_s=100.0))
    assert outcome.status is Status.OPTIMAL, outcome.reason
    assert outcome.bound <= best * (1 + 1e-6)
    assert best * (1 - 1e-6) <= outcome.objective <= best / (1 - 1e-3) * (1 + 1e-6)


@pytest.mark.parametrize("name", LINEAR)
def test_every_linear_solver_of_highs_has_the_optimum_of_a_relaxation(name: str) -> None:
    if name == "hipo":
        pytest.importorskip("highspy_extras", reason="HiPO needs the package highspy-extras")
    program = commitment_program(12, seed=2).relaxed()
    best = solve_program(ready_profile("highs"), program, Limits()).objective
    outcome = solve_program(ready_profile(f"highs:{name}"), program, Limits())
    assert outcome.status is Status.OPTIMAL, outcome.reason
    assert outcome.objective == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("profile", sorted(load_solver("highs").profile))
def test_every_profile_of_highs_is_known_to_it(profile: str) -> None:
    if profile == "hipo":
        pytest.importorskip("highspy_extras", reason="HiPO needs the package highspy-extras")
    assert ready_profile(f"highs:{profile}").name == profile


def test_a_program_survives_the_way_through_pyomo() -> None:
    from optmix.solve.handoff import hand_off

    program = mixed()
    back = hand_off(pyomo_handoff(program).model).program
    assert (back.offset, back.maximize) == (program.offset, program.maximize)
    assert back.n_rows == 3  # a row without sides says nothing
    assert sorted(back.cost[back.cost != 0.0]) == sorted(program.cost[program.cost != 0.0])
