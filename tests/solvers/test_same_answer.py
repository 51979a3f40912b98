"""Every installed solver gives the same answer, and bounds that no plan passes."""

from dataclasses import replace

import numpy as np
import pyomo.environ as pe
import pytest

from optmix.errors import SolverError
from optmix.solve.handoff import Handoff, hand_off
from optmix.solve.interrupt import Interrupt
from optmix.solve.outcome import Limits, Outcome, Status
from optmix.solve.profiles import load_profile, solver_names
from optmix.solve.run import ready_profile, run_profile

SOLVERS = [pytest.param(name, marks=pytest.mark.solver(name)) for name in solver_names()]
every_solver = pytest.mark.parametrize("name", SOLVERS)


def solved(name: str, model: pe.ConcreteModel, **limits: float) -> Outcome:
    return run_profile(ready_profile(name), hand_off(model), Limits(**limits))


def two_columns() -> pe.ConcreteModel:
    """Least 2x + 3z + 5 with x + z >= 4.5, z whole: x = 4.5, z = 0, cost 14."""
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, 10))
    model.z = pe.Var(bounds=(0, 10), domain=pe.Integers)
    model.row = pe.Constraint(expr=model.x + model.z >= 4.5)
    model.cost = pe.Objective(expr=2 * model.x + 3 * model.z + 5)
    return model


def commitment(seed: int, n_steps: int = 8) -> pe.ConcreteModel:
    """Two unit types with minimum load, start cost and ramps, sized for a small load."""
    rng = np.random.default_rng(seed)
    demand = rng.uniform(5.0, 30.0, size=n_steps)
    rating, least, cost = (4.0, 7.0), (1.5, 3.0), (0.05, 0.04)
    model = pe.ConcreteModel()
    model.T, model.G = pe.RangeSet(0, n_steps - 1), pe.RangeSet(0, 1)
    model.n = pe.Var(model.G, domain=pe.NonNegativeIntegers, bounds=(0, 8))
    model.on = pe.Var(model.G, model.T, domain=pe.NonNegativeIntegers, bounds=(0, 8))
    model.start = pe.Var(model.G, model.T, bounds=(0, 8))
    model.p = pe.Var(model.G, model.T, bounds=(0, 60))
    model.fleet = pe.Constraint(model.G, model.T, rule=lambda m, g, t: m.on[g, t] <= m.n[g])
    model.most = pe.Constraint(
        model.G, model.T, rule=lambda m, g, t: m.p[g, t] <= rating[g] * m.on[g, t]
    )
    model.least = pe.Constraint(
        model.G, model.T, rule=lambda m, g, t: m.p[g, t] >= least[g] * m.on[g, t]
    )
    model.started = pe.Constraint(
        model.G,
        model.T,
        rule=lambda m, g, t: m.start[g, t] >= m.on[g, t] - m.on[g, (t - 1) % n_steps],
    )
    model.ramp = pe.Constraint(
        model.G,
        model.T,
        rule=lambda m, g, t: (-15.0, m.p[g, t] - m.p[g, (t - 1) % n_steps], 15.0),
    )
    model.balance = pe.Constraint(
        model.T, rule=lambda m, t: sum(m.p[g, t] for g in m.G) == demand[t]
    )
    model.cost = pe.Objective(
        expr=sum((3.0 + g) * model.n[g] for g in model.G)
        + sum(cost[g] * model.p[g, t] + 0.3 * model.start[g, t] for g in model.G for t in model.T)
    )
    return model


@every_solver
def test_a_small_model_has_its_optimum(name: str) -> None:
    outcome = solved(name, two_columns(), gap=1e-6)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(14.0)
    assert outcome.bound == pytest.approx(14.0, rel=2e-6)
    assert outcome.values is not None
    assert outcome.values.tolist() == pytest.approx([4.5, 0.0])
    assert outcome.version


@every_solver
def test_the_constant_and_the_sense_of_the_objective_are_kept(name: str) -> None:
    model = two_columns()
    model.cost.deactivate()
    model.top = pe.Constraint(expr=model.x + model.z <= 11.7)
    model.profit = pe.Objective(expr=2 * model.x + 3.3 * model.z - 7, sense=pe.maximize)
    outcome = solved(name, model, gap=1e-6)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(29.4)
    assert outcome.bound == pytest.approx(29.4, rel=2e-6)


@every_solver
def test_a_relaxation_is_its_own_bound(name: str) -> None:
    model = two_columns()
    model.z.domain = pe.Reals
    outcome = solved(name, model)
    assert (outcome.status, outcome.gap) == (Status.OPTIMAL, pytest.approx(0.0, abs=1e-9))


@every_solver
def test_an_infeasible_model_is_a_status(name: str) -> None:
    model = two_columns()
    model.more = pe.Constraint(expr=model.x + model.z >= 25)
    assert solved(name, model).status is Status.INFEASIBLE


@every_solver
def test_an_unbounded_model_is_not_called_infeasible(name: str) -> None:
    model = two_columns()
    model.x.setub(None)
    model.cost.sense = pe.maximize
    assert solved(name, model).status is Status.UNBOUNDED


@every_solver
def test_a_fixed_variable_stays_fixed(name: str) -> None:
    model = two_columns()
    model.z.fix(2)
    outcome = solved(name, model)
    assert outcome.objective == pytest.approx(16.0)


@every_solver
def test_a_model_of_nothing_costs_its_constant(name: str) -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(1, 2))
    model.cost = pe.Objective(expr=3.0)
    outcome = solved(name, model)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, 3.0)


@every_solver
@pytest.mark.parametrize("seed", range(3))
def test_solvers_agree_within_their_gaps(name: str, seed: int) -> None:
    gap = 1e-3
    best = solved("highs", commitment(seed), gap=1e-7).objective
    outcome = solved(name, commitment(seed), gap=gap, time_limit_s=100.0)
    assert best is not None
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.status is Status.OPTIMAL
    assert outcome.bound <= best * (1 + 1e-6)
    assert best * (1 - 1e-6) <= outcome.objective <= best / (1 - gap) * (1 + 1e-6)


@every_solver
@pytest.mark.parametrize("profile", ["fast", "proof"])
def test_every_profile_runs(name: str, profile: str) -> None:
    chosen = load_profile(f"{name}:{profile}")
    outcome = run_profile(chosen, hand_off(commitment(1, 4)), Limits(gap=chosen.gap, seed=3))
    assert outcome.status is Status.OPTIMAL
    assert outcome.gap is not None
    assert outcome.gap <= chosen.gap + 1e-9


@every_solver
def test_what_was_interrupted_before_it_began_has_no_plan(name: str) -> None:
    interrupt = Interrupt()
    interrupt.set()
    profile = ready_profile(name)
    outcome = run_profile(profile, hand_off(two_columns()), Limits(), interrupt=interrupt)
    assert outcome.interrupted
    assert outcome.status in (Status.NO_PLAN, Status.OPTIMAL)


def hard() -> Handoff:
    """Market split: equal sums with whole numbers, which no solver finishes."""
    rng = np.random.default_rng(11)
    weights = rng.integers(0, 100, size=(5, 40))
    model = pe.ConcreteModel()
    model.J, model.I = pe.RangeSet(0, 39), pe.RangeSet(0, 4)
    model.x = pe.Var(model.J, domain=pe.Binary)
    model.more = pe.Var(model.I, bounds=(0, None))
    model.less = pe.Var(model.I, bounds=(0, None))
    model.split = pe.Constraint(
        model.I,
        rule=lambda m, i: (
            sum(int(weights[i, j]) * m.x[j] for j in m.J) + m.more[i] - m.less[i]
            == int(weights[i].sum()) // 2
        ),
    )
    model.cost = pe.Objective(expr=sum(model.more[i] + model.less[i] for i in model.I))
    return hand_off(model)


@every_solver
def test_a_time_limit_returns_an_honest_plan(name: str) -> None:
    outcome = run_profile(ready_profile(name), hard(), Limits(gap=0.0, time_limit_s=3.0))
    assert outcome.status in (Status.FEASIBLE, Status.NO_PLAN)
    if outcome.status is Status.FEASIBLE:
        assert outcome.residuals is not None
        assert outcome.residuals.acceptable
        assert outcome.bound is None or outcome.bound <= (outcome.objective or 0.0)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.solver(name)) for name in ("scip", "gurobi", "cbc")],
)
def test_an_unknown_option_is_an_error_and_not_an_answer(name: str) -> None:
    profile = replace(ready_profile(name), options={"no/such/option": 3})
    with pytest.raises(SolverError, match=profile.solver.title):
        run_profile(profile, hand_off(two_columns()), Limits()).require_plan()
