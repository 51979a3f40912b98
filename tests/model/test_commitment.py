"""Commitment: units online, how long they run, and how fast output may change."""

import pytest
from model.cases import changed, make_axis, make_case, make_grid, make_unit
from model.programs import amounts, is_possible, optimum, solved

from optmix.model.assemble import build_model

AXIS = make_axis((6,))
PEAKS = (4.0, 4.0, 9.0, 4.0, 9.0, 4.0)


def two_engines(**figures: object) -> object:
    """Return a case in which the second engine is needed in steps 2 and 4 only."""
    return make_case(AXIS, demand_mw=PEAKS, units=(make_unit(AXIS, **figures),))


def test_units_are_online_only_where_they_pay() -> None:
    """An idle unit costs 5 MMBtu/h, so the second one runs for the peaks alone."""
    model = solved(two_engines(start_cost_usd=0.01))

    assert amounts(model.online) == [1, 1, 2, 1, 2, 1]
    assert amounts(model.started) == [0, 0, 1, 0, 1, 0]
    assert amounts(model.stopped) == [0, 0, 0, 1, 0, 1]


def test_a_dear_start_keeps_a_unit_online() -> None:
    """Three idle steps burn 15 MMBtu, 45 USD; a start of 100 USD is dearer than one idle step."""
    model = solved(two_engines(start_cost_usd=40.0))

    assert amounts(model.online) == [1, 1, 2, 2, 2, 1]


def one_engine_beside_the_grid(price_usd_per_mwh: tuple[float, ...], **figures: int) -> object:
    """Return a case in which an engine is worth running at 200 USD/MWh and not at 10."""
    return make_case(
        AXIS,
        demand_mw=5.0,
        units=(make_unit(AXIS, n_min=1, n_max=1, **figures),),
        grid=make_grid(AXIS, import_price_usd_per_mwh=price_usd_per_mwh),
    )


def test_minimum_up_time_keeps_a_started_unit_online() -> None:
    price = (10.0, 10.0, 200.0, 12.0, 10.0, 10.0)

    assert amounts(solved(one_engine_beside_the_grid(price)).online) == [0, 0, 1, 0, 0, 0]
    held = one_engine_beside_the_grid(price, min_up_steps=2)
    assert amounts(solved(held).online) == [0, 0, 1, 1, 0, 0]


def test_minimum_down_time_keeps_a_stopped_unit_offline() -> None:
    price = (200.0, 200.0, 10.0, 200.0, 10.0, 10.0)

    assert amounts(solved(one_engine_beside_the_grid(price)).online) == [1, 1, 0, 1, 0, 0]
    held = one_engine_beside_the_grid(price, min_down_steps=2)
    assert amounts(solved(held).online) == [1, 1, 1, 1, 0, 0]


def test_minimum_times_count_from_one_end_of_the_year_to_the_other() -> None:
    price = (12.0, 13.0, 10.0, 10.0, 10.0, 200.0)
    held = one_engine_beside_the_grid(price, min_up_steps=3)

    assert amounts(solved(held).online) == [1, 1, 0, 0, 0, 1]


def test_units_of_a_type_take_turns() -> None:
    """The unit started in step 2 runs on while the one before it stops: two steps up for each."""
    assert amounts(solved(two_engines(min_up_steps=2)).online) == [1, 1, 2, 1, 2, 1]


def test_minimum_down_time_holds_for_each_unit_of_a_type() -> None:
    """A unit stopped in step 3 would be missing in step 4."""
    assert amounts(solved(two_engines(min_down_steps=2)).online) == [1, 1, 2, 2, 2, 1]


def test_output_stays_within_the_range_of_the_units_online() -> None:
    """Below the minimum load of 2 MW nothing can run, and there is nothing else."""
    assert not is_possible(make_case(AXIS, demand_mw=1.5))
    assert is_possible(make_case(AXIS, demand_mw=2.0))
    assert not is_possible(make_case(AXIS, demand_mw=20.1))


def test_hot_steps_lower_what_a_unit_can_give() -> None:
    hot = (5.0, 5.0, 4.0, 3.9, 5.0, 5.0)
    case = make_case(AXIS, demand_mw=8.0, units=(make_unit(AXIS, pmax_mw=hot),))

    assert amounts(solved(case).n_units) == [3]


def test_a_started_unit_may_come_in_at_minimum_load() -> None:
    """With a ramp of 1 MW a step, the running unit rises by 1 and the started one brings 2."""
    demand = (4.0, 7.0, 8.0, 8.0, 7.0, 4.0)
    unit = make_unit(AXIS, ramp_mw_per_step=1.0, start_cost_usd=1.0)

    assert amounts(solved(make_case(AXIS, demand_mw=demand, units=(unit,))).output_mw) == [*demand]


def test_output_cannot_rise_faster_than_the_ramp() -> None:
    """One unit, 2 MW to 5 MW: a ramp of 2.5 MW a step does not reach it.

    Nor does a stop and a start in the same step, which would add a second ramp.
    """
    demand = (2.0, 2.0, 5.0, 5.0, 4.0, 3.0)
    slow, fast = (make_unit(AXIS, n_max=1, ramp_mw_per_step=r) for r in (2.5, 3.0))

    assert not is_possible(make_case(AXIS, demand_mw=demand, units=(slow,)))
    assert is_possible(make_case(AXIS, demand_mw=demand, units=(fast,)))


def test_output_cannot_fall_faster_than_the_ramp_into_a_hot_step() -> None:
    """The unit gives 5 MW before step 2 and 2 MW from then on, with a ramp of 2.5 MW.

    In step 2 the ramp is more than the unit can give, so a rise needs no row there; the fall from
    5 to 2 MW does. Output may be 4.5 MW in step 1 at most.
    """
    hot = (5.0, 5.0, 2.0, 2.0, 2.0, 2.0)
    unit = make_unit(AXIS, n_max=1, pmin_mw=1.0, pmax_mw=hot, ramp_mw_per_step=2.5)
    case = make_case(AXIS, demand_mw=(4.5, 5.0, 2.0, 2.0, 2.0, 2.0), units=(unit,))
    model = build_model(case)

    assert ("engine", 2) in model.RAMP_DOWN_TIMES
    assert ("engine", 2) not in model.RAMP_UP_TIMES
    assert not is_possible(case)
    model = solved(changed(case, voll_usd_per_mwh=5_000.0))
    assert amounts(model.unserved_mw) == [0, 0.5, 0, 0, 0, 0]


def test_starts_are_paid_with_their_fuel() -> None:
    """Two starts in 6 h are 2 * 8760 / 6 = 2,920 a year, 8 + 2 * 3 = 14 USD each."""
    free, paid = two_engines(), two_engines(start_cost_usd=8.0, start_fuel_mmbtu=2.0)

    assert optimum(paid) - optimum(free) == pytest.approx(2920 * 14 / 1000)


def test_a_start_costs_less_where_gas_is_cheap() -> None:
    """Start fuel is bought in its step: 5 MMBtu at 200 USD there, or for nothing a step early."""
    price = (3.0, 0.0, 200.0, 3.0, 3.0, 3.0)
    unit = make_unit(AXIS, start_fuel_mmbtu=5.0, fuel_price_usd_per_mmbtu=price)
    case = make_case(AXIS, demand_mw=(4.0, 4.0, 9.0, 4.0, 4.0, 4.0), units=(unit,))

    assert amounts(solved(case).started) == [0, 1, 0, 0, 0, 0]
