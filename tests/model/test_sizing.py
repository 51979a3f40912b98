"""Sizing: what is built, and what it costs to have it."""

import pytest
from model.cases import changed, make_axis, make_battery, make_case, make_grid, make_unit
from model.programs import amounts, optimum, solved

AXIS = make_axis()


def test_one_engine_type_serves_a_flat_demand() -> None:
    """Two units of 5 MW serve 8 MW; two online burn 2 * 5 + 7 * 8 = 66 MMBtu/h.

    Fuel 66 * 3 = 198 USD/h and variable cost 8 * 10 = 80 USD/h make 278 * 8,760 = 2,435,280 USD;
    with 2 * 550,000 a year for having the units the least cost is 3,535,280 USD.
    """
    model = solved(make_case())

    assert amounts(model.n_units) == [2]
    assert optimum(make_case()) == pytest.approx(3535.28)


def test_site_costs_of_a_type_are_paid_once() -> None:
    costs = {"site_capital_usd_per_yr": 30_000.0, "site_fixed_usd_per_yr": 4_000.0}
    case = changed(make_case(), units=(make_unit(AXIS, **costs),))

    assert optimum(case) - optimum(make_case()) == pytest.approx(34.0)


def test_no_site_costs_without_a_unit_of_the_type() -> None:
    dear = make_unit(AXIS, name="dear", capital_usd_per_yr=9e6, site_capital_usd_per_yr=30_000.0)
    case = changed(make_case(), units=(make_unit(AXIS), dear))

    assert amounts(solved(case).is_present) == [1, 0]
    assert optimum(case) == pytest.approx(optimum(make_case()))


def test_n_min_is_built_even_if_nothing_needs_it() -> None:
    case = changed(
        make_case(), units=(make_unit(AXIS, n_min=3),), batteries=(make_battery(n_min=2),)
    )
    model = solved(case)

    assert amounts(model.n_units) == [3]
    assert amounts(model.n_modules) == [2]


def test_a_tie_is_contracted_for_its_least_withdrawal() -> None:
    """1 MW is missing with one unit; a tie of at least 4 MW costs less than a second unit."""
    case = make_case(
        AXIS, demand_mw=6.0, grid=make_grid(AXIS, withdrawal_min_mw=4.0, withdrawal_max_mw=9.0)
    )
    model = solved(case)

    assert amounts(model.n_units) == [1]
    assert amounts(model.withdrawal_mw) == [4]


def test_no_tie_costs_nothing() -> None:
    dear = make_grid(AXIS, capital_fixed_usd_per_yr=9e6, withdrawal_min_mw=4.0)
    model = solved(changed(make_case(), grid=dear))

    assert amounts(model.has_tie) == [0]
    assert amounts(model.withdrawal_mw) == [0]
