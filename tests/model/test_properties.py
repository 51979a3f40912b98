"""What must hold between the optima of related cases, tried on random ones.

`pytest tests/model --hypothesis-profile=thorough` tries many more.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from model.cases import NO_SECURITY, changed
from model.programs import is_at_most, is_same, optimum, solved
from model.random_cases import cases
from model.rescale import rescaled

from optmix.data.case import Case
from optmix.model.concept import Formulation

EXAMPLES = settings(max_examples=settings.default.max_examples // 10)


@EXAMPLES
@given(cases())
def test_the_verifier_accepts_every_optimum(case: Case) -> None:
    solved(case)


@EXAMPLES
@given(cases(), st.integers(0, 2))
def test_taking_a_unit_type_away_saves_nothing(case: Case, which: int) -> None:
    units = list(case.units)
    del units[which % len(units)]

    assert is_at_most(optimum(case), optimum(changed(case, units=tuple(units))))


def tightenings(case: Case) -> dict[str, Case]:
    """Return the case with one limit lowered at a time."""
    unit, *units = case.units
    tighter = {
        "n_max of units": {"units": (replace(unit, n_max=unit.n_max - 1), *units)},
        "daily gas": {"gas": replace(case.gas, daily_max_mmbtu=30.0)},
        "hourly gas": {"gas": replace(case.gas, hourly_max_mmbtu_per_h=20.0)},
        "NOx cap": {"emissions": tuple(replace(e, cap_tpy=5.0) for e in case.emissions)},
    }
    if case.grid:
        half = case.grid.withdrawal_max_mw / 2
        tighter["withdrawal"] = {"grid": replace(case.grid, withdrawal_max_mw=half)}
    for battery in case.batteries:
        few = replace(battery, cycles_per_year=battery.cycles_per_year / 4)
        tighter["cycles"] = {"batteries": (few,)}
        tighter["n_max of modules"] = {"batteries": (replace(battery, n_max=0),)}
    for tier in case.tiers:
        tighter["budget"] = {"tiers": (replace(tier, budget_mwh=tier.budget_mwh / 3),)}
    if case.stocks:
        less = tuple(replace(stock, refill_max_mmbtu_per_h=4.0) for stock in case.stocks)
        tighter["refill"] = {"stocks": less}
    return {name: changed(case, **parts) for name, parts in tighter.items()}


@EXAMPLES
@given(cases())
def test_a_tighter_limit_saves_nothing(case: Case) -> None:
    least = optimum(case)

    for name, tighter in tightenings(case).items():
        assert is_at_most(least, optimum(tighter)), name


@EXAMPLES
@given(cases())
def test_dropping_the_operating_reserve_costs_nothing(case: Case) -> None:
    assert is_at_most(optimum(changed(case, security=NO_SECURITY)), optimum(case))


@EXAMPLES
@given(cases(), st.sampled_from([0.5, 3.0]))
def test_all_costs_times_a_factor_cost_that_factor(case: Case, factor: float) -> None:
    assert is_same(optimum(rescaled(case, scale={"usd": factor})), factor * optimum(case))


@EXAMPLES
@given(cases(), st.sampled_from([(False, True), (True, False), (False, False)]))
def test_a_relaxation_costs_no_more(case: Case, are_integer: tuple[bool, bool]) -> None:
    assert is_at_most(optimum(case, Formulation(*are_integer)), optimum(case))
