import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pe
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyomo.core.base import constraint as pyomo_constraint

from optmix.errors import InfeasibleError, OptmixError
from optmix.solve.handoff import hand_off

WHOLE = st.integers(-4, 4).map(float)
COEFFICIENTS = st.lists(WHOLE, min_size=1, max_size=5)
DOMAINS = st.sampled_from([pe.Reals, pe.NonNegativeReals, pe.Integers, pe.Binary])


@dataclass(frozen=True)
class VariableData:
    domain: Any
    lower: float | None
    upper: float | None
    value: float
    is_fixed: bool


@st.composite
def variables(draw: st.DrawFn) -> VariableData:
    lower = draw(st.none() | st.integers(-5, 2).map(float))
    upper = draw(st.none() | st.integers(2, 6).map(float))
    value = float(draw(st.integers(-3, 3)))
    return VariableData(draw(DOMAINS), lower, upper, value, draw(st.booleans()))


@st.composite
def models(draw: st.DrawFn) -> pe.ConcreteModel:
    """Draw a linear model with every kind of bound, row and constant, and a value everywhere."""
    model = pe.ConcreteModel()
    data = draw(st.lists(variables(), min_size=1, max_size=5))
    model.N = pe.RangeSet(0, len(data) - 1)
    model.x = pe.Var(model.N)
    for number, one in enumerate(data):
        model.x[number].domain = one.domain
        model.x[number].setlb(one.lower)
        model.x[number].setub(one.upper)
        model.x[number].set_value(one.value, skip_validation=True)
        if one.is_fixed:
            model.x[number].fix()

    def body(coefficients: list[float], constant: float) -> Any:
        # A variable may occur twice, with coefficients that cancel.
        return constant + sum(
            weight * model.x[number % len(data)] for number, weight in enumerate(coefficients)
        )

    model.rows = pe.ConstraintList()
    for _ in range(draw(st.integers(0, 5))):
        expression = body(draw(st.lists(WHOLE, min_size=1, max_size=8)), draw(WHOLE))
        left, right = sorted([draw(WHOLE), draw(WHOLE)])
        kind = draw(st.sampled_from(["==", "<=", ">=", "range"]))
        if kind == "==":
            model.rows.add((left, expression, left))
        elif kind == "range":
            model.rows.add((left, expression, right))
        else:
            model.rows.add((None, expression, right) if kind == "<=" else (left, expression, None))
    model.goal = pe.Objective(
        expr=body(draw(COEFFICIENTS), draw(WHOLE)),
        sense=draw(st.sampled_from([pe.minimize, pe.maximize])),
    )
    return model


@given(model=models(), keep_fixed=st.booleans())
def test_the_arrays_say_what_the_model_says(model: pe.ConcreteModel, keep_fixed: bool) -> None:
    fixed_before = [variable.fixed for variable in model.x.values()]
    try:
        handoff = hand_off(model, keep_fixed=keep_fixed)
    except InfeasibleError:
        assert any(not _holds(row) for row in model.rows.values())
        return
    finally:
        assert [variable.fixed for variable in model.x.values()] == fixed_before
    program = handoff.program
    plan = handoff.vector()

    assert program.objective(plan) == pytest.approx(pe.value(model.goal))
    assert program.maximize == (model.goal.sense == pe.maximize)
    activity = program.matrix @ plan
    for row in model.rows.values():
        body = pe.value(row.body)
        try:
            place = handoff.row(row)
        except KeyError:
            assert _holds(row)
            continue
        for bound, own, missing in (
            (program.row_lower, row.lower, -math.inf),
            (program.row_upper, row.upper, math.inf),
        ):
            slack = missing if own is None else pe.value(own) - body
            assert bound[place] - activity[place] == pytest.approx(slack)
    for variable in handoff.columns:
        column = handoff.column(variable)
        lower, upper = (variable.value,) * 2 if variable.fixed else variable.bounds
        assert keep_fixed or not variable.fixed
        assert program.col_lower[column] == (-math.inf if lower is None else lower)
        assert program.col_upper[column] == (math.inf if upper is None else upper)
        assert program.is_integer[column] == variable.is_integer()
    assert len(handoff.rows) == program.n_rows <= len(model.rows)


def _holds(row: Any) -> bool:
    body = pe.value(row.body)
    lower = -math.inf if row.lower is None else pe.value(row.lower)
    upper = math.inf if row.upper is None else pe.value(row.upper)
    return bool(lower <= body <= upper)


@pytest.fixture
def store() -> pe.ConcreteModel:
    model = pe.ConcreteModel()
    model.T = pe.RangeSet(0, 3)
    model.x = pe.Var(model.T, bounds=(0, 9))
    model.n = pe.Var(domain=pe.NonNegativeIntegers, bounds=(1, 5))
    model.idle = pe.Var(domain=pe.Integers, bounds=(2.5, 7))
    model.cap = pe.Constraint(model.T, rule=lambda m, t: m.x[t] <= 3 * m.n)
    model.ramp = pe.Constraint(
        pe.RangeSet(1, 3), rule=lambda m, t: (-2, m.x[t] - m.x[t - 1], 2), name="ramp"
    )
    model.cost = pe.Objective(expr=sum(model.x[t] for t in model.T) + 10 * model.n)
    return model


def test_a_two_sided_constraint_is_one_row(store: pe.ConcreteModel) -> None:
    handoff = hand_off(store)
    assert handoff.program.n_rows == 7
    row = handoff.row(store.ramp[2])
    assert (handoff.program.row_lower[row], handoff.program.row_upper[row]) == (-2.0, 2.0)


def test_values_come_back_by_variable(store: pe.ConcreteModel) -> None:
    handoff = hand_off(store)
    plan = np.zeros(handoff.program.n_columns)
    for step in store.T:
        plan[handoff.column(store.x[step])] = 10.0 + step
    plan[handoff.column(store.n)] = 4.0
    assert handoff.values(store.x, plan).tolist() == [10.0, 11.0, 12.0, 13.0]
    assert handoff.values(store.x[2], plan).tolist() == [12.0]
    assert handoff.values(store.n, plan).tolist() == [4.0]


def test_a_variable_without_a_column_has_its_value_or_one_within_its_bounds(
    store: pe.ConcreteModel,
) -> None:
    store.x[1].fix(7.0)
    handoff = hand_off(store)
    plan = np.zeros(handoff.program.n_columns)
    assert handoff.values(store.x, plan).tolist() == [0.0, 7.0, 0.0, 0.0]
    assert handoff.values(store.idle, plan).tolist() == [3.0]
    with pytest.raises(KeyError):
        handoff.column(store.idle)


@pytest.mark.parametrize(
    ("bounds", "domain", "nearest"),
    [
        ((None, None), pe.Reals, 0.0),
        ((-4.5, -1.5), pe.Reals, -1.5),
        ((-4.5, -1.5), pe.Integers, -2.0),
        ((1.5, None), pe.Integers, 2.0),
    ],
)
def test_a_free_variable_is_put_nearest_to_zero(bounds: Any, domain: Any, nearest: float) -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=bounds, domain=domain)
    model.cost = pe.Objective(expr=3.0)
    handoff = hand_off(model)
    assert (handoff.program.n_columns, handoff.program.offset) == (0, 3.0)
    assert handoff.values(model.x, []).tolist() == [nearest]


def test_load_writes_every_variable(store: pe.ConcreteModel) -> None:
    store.x[1].fix(7.0)
    handoff = hand_off(store)
    handoff.load(np.full(handoff.program.n_columns, 2.0))
    assert [variable.value for variable in store.x.values()] == [2.0, 7.0, 2.0, 2.0]
    assert (store.n.value, store.idle.value) == (2.0, 3.0)
    assert handoff.vector().tolist() == [2.0] * handoff.program.n_columns


def test_kept_fixed_variables_are_columns(store: pe.ConcreteModel) -> None:
    store.n.fix(2)
    assert hand_off(store).program.n_columns == 4
    handoff = hand_off(store, keep_fixed=True)
    column = handoff.column(store.n)
    assert (handoff.program.col_lower[column], handoff.program.col_upper[column]) == (2.0, 2.0)
    assert store.n.fixed


def test_a_templatised_model_gives_the_same_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    def build() -> pe.ConcreteModel:
        model = pe.ConcreteModel()
        model.T = pe.RangeSet(0, 5)
        model.p = pe.Param(model.T, initialize={step: 1.5 * step for step in range(6)})
        model.x = pe.Var(model.T, bounds=(0, 9))
        model.y = pe.Var(model.T, bounds=(0, 9))
        model.balance = pe.Constraint(
            model.T, rule=lambda m, t: 2 * m.x[t] - m.p[t] * m.y[t] == 3 + m.p[t]
        )
        model.cost = pe.Objective(expr=sum(model.x[t] for t in model.T))
        return model

    plain = hand_off(build()).program
    monkeypatch.setattr(pyomo_constraint, "TEMPLATIZE_CONSTRAINTS", True)
    model = build()
    assert hasattr(model.balance[0], "template_expr")
    program = hand_off(model).program
    assert (program.matrix != plain.matrix).nnz == 0
    assert program.row_lower.tolist() == plain.row_lower.tolist()


def test_a_constraint_of_numbers_alone_that_fails_is_infeasible() -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, 1))
    model.demand = pe.Constraint(expr=(3.0, 0 * model.x + 1.0, None))
    model.cost = pe.Objective(expr=model.x)
    with pytest.raises(InfeasibleError, match="demand"):
        hand_off(model)


def test_a_model_without_objective_minimises_nothing() -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, 1))
    model.row = pe.Constraint(expr=model.x >= 0.5)
    program = hand_off(model).program
    assert (program.cost.tolist(), program.offset, program.maximize) == ([0.0], 0.0, False)


def test_what_is_not_linear_is_refused_by_name() -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, 1))
    model.curve = pe.Constraint(expr=model.x**2 >= 0.5)
    with pytest.raises(OptmixError, match="curve"):
        hand_off(model)


def test_two_objectives_are_refused_by_name() -> None:
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, 1))
    model.one = pe.Objective(expr=model.x)
    model.two = pe.Objective(expr=-model.x)
    with pytest.raises(OptmixError, match="one, two"):
        hand_off(model)


@pytest.mark.parametrize("place", ["cost", "row", "right-hand side", "bound"])
def test_a_number_that_is_none_is_refused_by_name(place: str) -> None:
    number = {place: math.nan}
    model = pe.ConcreteModel()
    model.x = pe.Var(bounds=(0, number.get("bound", 1.0)))
    model.y = pe.Var(bounds=(0, 1))
    model.row = pe.Constraint(
        expr=(number.get("right-hand side", 0.5), number.get("row", 1.0) * model.x + model.y, None)
    )
    model.cost = pe.Objective(expr=number.get("cost", 1.0) * model.x + model.y)
    with pytest.raises(OptmixError, match="cost of x" if place == "cost" else "row|'x'"):
        hand_off(model)


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_a_written_model_has_the_names_of_its_components(
    store: pe.ConcreteModel, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"model{suffix}"
    hand_off(store).write(file)
    text = file.read_text()
    assert "x(3)" in text
    assert "ramp(2)" in text
