"""Operating security: what is left carries what was lost."""

from dataclasses import replace

import pytest
from model.cases import (
    N_MINUS_1,
    NO_SECURITY,
    changed,
    make_axis,
    make_battery,
    make_case,
    make_grid,
    make_tier,
    make_unit,
)
from model.programs import amounts, is_possible, solved

from optmix.data.case import Case

AXIS = make_axis()
GRID_LOSS = replace(NO_SECURITY, loss_of_grid=True)


def guarded(**parts: object) -> Case:
    """Return a case of 8 MW and units of 5 MW that survives the loss of one of them."""
    return make_case(AXIS, **{"security": N_MINUS_1} | parts)


def test_one_unit_more_than_demand_needs_is_online() -> None:
    model = solved(guarded())

    assert amounts(model.n_units) == [3]
    assert amounts(model.online) == [3] * 4


def test_the_largest_type_present_sets_the_reserve() -> None:
    """One 5 MW unit needs 5 MW in reserve; six of 2 MW serve 8 MW and lose 2."""
    small = make_unit(AXIS, name="small", n_max=9, pmax_mw=2.0, pmin_mw=0.5, rating_mw=2.0)
    large = make_unit(AXIS, name="large", n_min=1, n_max=1)
    alone, mixed = guarded(units=(small,)), guarded(units=(small, large))

    assert amounts(solved(alone).n_units) == [5]
    assert amounts(solved(mixed).n_units) == [4, 1]


def test_a_type_that_is_not_built_asks_for_no_reserve() -> None:
    huge = make_unit(AXIS, name="huge", pmax_mw=50.0, pmin_mw=20.0, capital_usd_per_yr=9e6)

    assert amounts(solved(guarded(units=(make_unit(AXIS), huge))).n_units) == [3, 0]


def test_battery_cover_stands_in_for_a_unit() -> None:
    """Two units leave 2 MW of headroom; the 3 MW more are two modules of 2 MW."""
    model = solved(guarded(batteries=(make_battery(),)))

    assert amounts(model.n_units) == [2]
    assert amounts(model.n_modules) == [2]


def test_contracted_withdrawal_that_is_available_counts() -> None:
    """Two units leave 2 MW of headroom, so 3 MW of withdrawal must be free."""
    cheap = {"capital_usd_per_mw_yr": 1_000.0, "import_price_usd_per_mwh": 500.0}
    model = solved(guarded(grid=make_grid(AXIS, **cheap)))
    assert amounts(model.n_units) == [2]
    assert amounts(model.withdrawal_mw) == [3]

    half = make_grid(AXIS, availability=(1.0, 1.0, 0.5, 1.0), **cheap)
    assert amounts(solved(guarded(grid=half)).withdrawal_mw) == [6]


def test_fast_tiers_count_and_slow_ones_do_not() -> None:
    fast, slow = (make_tier(AXIS, limit_mw=3.0, is_fast=is_fast) for is_fast in (True, False))

    assert amounts(solved(guarded(tiers=(fast,))).n_units) == [2]
    assert amounts(solved(guarded(tiers=(slow,))).n_units) == [3]


def test_what_is_on_site_carries_the_import() -> None:
    """Import of 2 MW beside one unit of 5 MW at 6 MW: 1 MW of headroom and no more."""
    case = make_case(
        AXIS,
        demand_mw=6.0,
        units=(make_unit(AXIS, n_max=1),),
        grid=make_grid(AXIS),
        security=GRID_LOSS,
    )
    assert not is_possible(case)
    model = solved(changed(case, batteries=(make_battery(n_max=1),)))
    reserve = 5.0 - amounts(model.output_mw)[0] + amounts(model.cover_mw)[0]
    assert reserve + 1e-6 >= amounts(model.import_mw)[0]


def test_the_loss_of_the_grid_asks_nothing_of_an_island() -> None:
    case = make_case(AXIS, security=GRID_LOSS)

    assert amounts(solved(case).n_units) == [2]


@pytest.mark.parametrize(("swing_mw", "online"), [(1.0, 2), (2.0, 2), (2.5, 3)])
def test_units_online_take_up_a_load_step(swing_mw: float, online: int) -> None:
    """Each unit takes up 1 MW at once."""
    case = make_case(AXIS, security=replace(NO_SECURITY, swing_mw=swing_mw))

    assert amounts(solved(case).online) == [online] * 4
