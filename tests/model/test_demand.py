"""Demand: what may be curtailed or left unserved, and at which cost."""

import pytest
from model.cases import make_axis, make_case, make_grid, make_tier, make_unit
from model.programs import amounts, is_possible, optimum, solved

from optmix.data.case import Case

AXIS = make_axis()


def one_unit(*demand_mw: float, **parts: object) -> Case:
    return make_case(AXIS, demand_mw=demand_mw, units=(make_unit(AXIS, n_max=1),), **parts)


def short(**parts: object) -> Case:
    """Return a case with one unit of 5 MW and 2 MW too little of it in steps 1 and 2."""
    return one_unit(5.0, 7.0, 7.0, 5.0, **parts)


def test_everything_is_served_unless_lost_load_has_a_value() -> None:
    assert not is_possible(short())


def test_unserved_energy_costs_its_value() -> None:
    """4 MWh in 4 h are 8,760 a year."""
    case = short(voll_usd_per_mwh=1_000.0)

    assert amounts(solved(case).unserved_mw) == [0, 2, 2, 0]
    assert optimum(case) - optimum(one_unit(5.0, 5.0, 5.0, 5.0)) == pytest.approx(8760)


def test_no_more_than_the_demand_is_left_unserved() -> None:
    model = solved(make_case(AXIS, demand_mw=3.0, units=(), voll_usd_per_mwh=1.0))

    assert amounts(model.unserved_mw) == [3] * 4


def test_the_cheaper_tier_is_curtailed_first_and_each_within_its_limit() -> None:
    tiers = (
        make_tier(AXIS, "dear", limit_mw=5.0, cost_usd_per_mwh=300.0),
        make_tier(AXIS, "cheap", limit_mw=(0.0, 1.5, 1.0, 1.0), cost_usd_per_mwh=100.0),
    )
    model = solved(short(tiers=tiers))

    assert amounts(model.curtailed_mw) == [0, 0.5, 1, 0, 0, 1.5, 1, 0]


def test_curtailed_energy_stays_within_the_annual_budget() -> None:
    """The horizon of 4 h fits 2,190 times into a year, which makes 4 MWh into 8,760."""
    assert is_possible(short(tiers=(make_tier(AXIS, limit_mw=2.0, budget_mwh=8760.0),)))
    assert not is_possible(short(tiers=(make_tier(AXIS, limit_mw=2.0, budget_mwh=8759.0),)))


def test_each_operating_year_has_the_whole_budget() -> None:
    axis = make_axis((4, 4))
    case = make_case(
        axis,
        demand_mw=(5.0, 7.0, 7.0, 5.0) * 2,
        units=(make_unit(axis, n_max=1),),
        tiers=(make_tier(axis, limit_mw=2.0, budget_mwh=8760.0),),
    )

    assert is_possible(case)


def test_no_more_is_shed_than_is_demanded() -> None:
    """Where not serving is cheap and power is dear, shedding the same demand twice would pay."""
    case = make_case(
        AXIS,
        demand_mw=3.0,
        units=(),
        voll_usd_per_mwh=20.0,
        tiers=(
            make_tier(AXIS, limit_mw=2.0, cost_usd_per_mwh=10.0),
            make_tier(AXIS, "cooling", limit_mw=2.0, cost_usd_per_mwh=15.0),
        ),
        grid=make_grid(AXIS, export_max_mw=5.0, export_price_usd_per_mwh=60.0),
    )
    model = solved(case)

    assert amounts(model.export_mw) == [0] * 4
    assert sum(amounts(model.curtailed_mw)) == 12


def test_hours_without_demand_cost_nothing() -> None:
    assert optimum(make_case(AXIS, demand_mw=0.0)) == pytest.approx(0)
