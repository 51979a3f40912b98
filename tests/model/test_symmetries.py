"""Cases that say the same in other words have the same least cost."""

from typing import Any

import pyomo.environ as pyo
from hypothesis import given, settings
from hypothesis import strategies as st
from model.cases import NO_SECURITY, changed
from model.programs import is_at_most, is_same, optimum, solve_model
from model.random_cases import cases
from model.transforms import refined, shifted, with_twin_unit, with_twin_year

from optmix.data.case import Case
from optmix.model.assemble import build_model

EXAMPLES = settings(max_examples=settings.default.max_examples // 10)

QUARTERS = 4
HELD = ("online", "output_mw", "charge_mw", "discharge_mw", "import_mw", "export_mw")
HELD += ("curtailed_mw", "unserved_mw", "withdrawn_mmbtu_per_h", "refill_mmbtu_per_h")


@EXAMPLES
@given(cases(), st.integers(1, 3))
def test_a_year_may_start_at_any_of_its_steps(case: Case, steps: int) -> None:
    assert is_same(optimum(shifted(case, steps)), optimum(case))


@EXAMPLES
@given(cases(), st.integers(0, 1), st.sampled_from([0.3, 0.5]))
def test_a_year_that_comes_twice_shares_its_probability(case: Case, year: int, frac: float) -> None:
    twin = with_twin_year(case, year % case.axis.n_years, frac)

    assert is_same(optimum(twin), optimum(case))


@EXAMPLES
@given(cases())
def test_the_order_of_units_does_not_matter(case: Case) -> None:
    assert is_same(optimum(changed(case, units=case.units[::-1])), optimum(case))


@EXAMPLES
@given(cases(of_unit={"site_fixed_usd_per_yr": 0.0}))
def test_a_type_under_two_names_is_one_type(case: Case) -> None:
    """Both names together may have as many units as the type; neither has costs of its own.

    The sum of both is a plan for one type, and all units may bear the first name.
    """
    model = build_model(with_twin_unit(case))
    first = case.units[0]
    model.together = pyo.Constraint(
        expr=model.n_units[first.name] + model.n_units["twin"] <= first.n_max
    )
    _, outcome = solve_model(model)

    assert outcome.objective is not None
    assert is_same(outcome.objective, optimum(case))


def in_quarters(case: Case, *, held: bool) -> float:
    """Return the optimum with every step in quarters, in which operation may be held."""
    model = build_model(refined(case, QUARTERS))
    if held:
        model.held = pyo.ConstraintList()
        for name in HELD:
            variable = model.component(name)
            for index in variable:
                first = (*index[:-1], index[-1] // QUARTERS * QUARTERS)
                if index != first:
                    model.held.add(variable[index] == variable[first])
    _, outcome = solve_model(model)
    assert outcome.objective is not None
    return outcome.objective


def steady_cases() -> Any:
    """Cases in which a step in quarters allows the same as the step, and no more than that.

    Energy stored is not lost with time and not held as reserve, for both are counted at the end of
    each quarter; a start costs no less than nothing, whatever the price of gas.
    """
    return cases(of_unit={"start_fuel_mmbtu": 0.0}, most_steps=3, security=NO_SECURITY).filter(
        lambda case: all(battery.retention == 1.0 for battery in case.batteries)
    )


@EXAMPLES
@given(steady_cases())
def test_quarters_of_a_step_held_alike_are_the_step(case: Case) -> None:
    assert is_same(in_quarters(case, held=True), optimum(case))


@EXAMPLES
@given(steady_cases())
def test_quarters_of_a_step_cost_no_more_than_the_step(case: Case) -> None:
    assert is_at_most(in_quarters(case, held=False), optimum(case))
