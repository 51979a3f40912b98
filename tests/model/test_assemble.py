"""The concepts together: what each declares, and what their sum must be."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyomo.environ as pyo
import pytest
from model.cases import make_case
from model.everything import everything
from model.programs import SAME, is_at_most, optimum, solve_model, solved

from optmix.data.cost_lines import COST_LINES
from optmix.errors import InfeasibleError
from optmix.model import assemble
from optmix.model.assemble import CONCEPTS, build_model
from optmix.model.concept import Equation, Formulation
from optmix.solve.handoff import hand_off

EQUATIONS = [equation for concept in CONCEPTS for equation in concept.equations]
RELAXATIONS = [
    Formulation(integer_sizes=False),
    Formulation(integer_commitment=False),
    Formulation(integer_sizes=False, integer_commitment=False),
]


def test_equations_have_names_of_their_own() -> None:
    names = [equation.name for equation in EQUATIONS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda equation: equation.name)
def test_docstring_of_an_equation_says_what_is_built(equation: Equation) -> None:
    """Id first, then the mathematics, then the sets that the rows are built over."""
    text = equation.rule.__doc__ or ""
    over = re.search(r"^    Over: (.*?)\.(  |$)", text, re.MULTILINE)

    assert text.startswith(f"{equation.id}  ")
    assert ".. math::" in text
    assert over is not None
    assert tuple(over[1].split(" x ")) == equation.over


def test_rows_of_a_concept_are_on_its_block() -> None:
    model = build_model(everything())

    for concept in CONCEPTS:
        block = model.component(f"{concept.name}_rows")
        found = [part.local_name for part in block.component_objects(pyo.Constraint)]
        assert found == [equation.name for equation in concept.equations]


def test_the_whole_case_is_solved_and_verified() -> None:
    """Every part of the model at once, checked by the verifier, which shares no code with it."""
    model = solved(everything())

    assert list(model.cost_kusd) == list(COST_LINES)
    total = sum(pyo.value(amount) for amount in model.cost_kusd.values())
    assert pyo.value(model.annual_cost_kusd) == pytest.approx(total, rel=SAME)


@pytest.mark.parametrize("formulation", RELAXATIONS)
def test_a_relaxation_costs_no_more(formulation: Formulation) -> None:
    assert is_at_most(optimum(everything(), formulation), optimum(everything()))


def test_a_relaxation_has_no_integers() -> None:
    program = hand_off(build_model(everything(), formulation=RELAXATIONS[-1])).program

    assert not program.is_integer.any()


def test_relaxed_commitment_keeps_sizes_whole() -> None:
    formulation = Formulation(integer_commitment=False)
    handoff = hand_off(build_model(everything(), formulation=formulation))
    whole = {
        variable.parent_component().name
        for variable, is_integer in zip(handoff.columns, handoff.program.is_integer, strict=True)
        if is_integer
    }

    assert whole == {"n_units", "is_present", "n_modules", "has_tie"}


def test_demand_that_nothing_can_serve_is_refused_before_a_solver_is_asked() -> None:
    with pytest.raises(InfeasibleError, match="power_balance"):
        hand_off(build_model(make_case(units=())))


def with_equation(monkeypatch: pytest.MonkeyPatch, rule: Callable[..., Any]) -> Any:
    """Build a model with one equation in place of those of the first concept."""
    first, *rest = CONCEPTS
    concept = replace(first, equations=(Equation("X-1", ("TIMES",), rule),))
    monkeypatch.setattr(assemble, "CONCEPTS", (concept, *rest))
    return build_model(make_case())


def test_a_relation_between_numbers_that_holds_makes_no_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sum over an empty set is a number, and a relation of it is True or False."""

    def always(_m: Any, _t: int) -> bool:
        return sum([]) <= 1

    rows = hand_off(with_equation(monkeypatch, always)).rows

    assert not any("always" in row.name for row in rows)


def test_a_relation_between_numbers_that_does_not_hold_is_infeasible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_m: Any, _t: int) -> bool:
        return sum([]) >= 1

    with pytest.raises(InfeasibleError, match="never"):
        hand_off(with_equation(monkeypatch, never))


def test_an_integer_optimum_has_whole_numbers() -> None:
    _, outcome = solve_model(build_model(everything()))

    assert outcome.residuals is not None
    assert outcome.residuals.integrality == 0
