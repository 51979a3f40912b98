"""Fuel: what units burn, and where it comes from."""

import numpy as np
import pytest
from model.cases import changed, make_axis, make_case, make_gas, make_grid, make_stock, make_unit
from model.programs import amounts, is_possible, solved

from optmix.data.case import Case

AXIS = make_axis()
BENT = {
    "segment_alpha_mmbtu_per_h": (5.0, 1.0),
    "segment_beta_mmbtu_per_mwh": (6.0, 7.0),
    "n_max": 1,
}
"""One unit whose curve bends at 4 MW: 17 MMBtu/h at 2 MW, 29 at 4 MW, 36 at 5 MW."""


def test_fuel_lies_on_the_upper_of_the_lines() -> None:
    case = make_case(AXIS, demand_mw=(2.0, 3.0, 4.0, 5.0), units=(make_unit(AXIS, **BENT),))

    assert amounts(solved(case).fuel_mmbtu_per_h) == [17, 23, 29, 36]


def test_a_hot_step_burns_more() -> None:
    unit = make_unit(AXIS, fuel_factor=(1.0, 1.0, 1.1, 1.0), **BENT)

    assert amounts(solved(make_case(AXIS, demand_mw=4.0, units=(unit,))).fuel_mmbtu_per_h) == [
        29,
        29,
        31.9,
        29,
    ]


def test_a_negative_price_does_not_burn_more_than_the_machine_can() -> None:
    """From 17 at 2 MW to 36 at 5 MW the chord passes 4 MW at 17 + 2 * 19 / 3 = 29.667 MMBtu/h."""
    unit = make_unit(AXIS, fuel_price_usd_per_mmbtu=-1.0, **BENT)
    case = make_case(AXIS, demand_mw=4.0, units=(unit,), gas=make_gas(AXIS, (3.0, -1.0, 0.0, 3.0)))

    assert amounts(solved(case).fuel_mmbtu_per_h)[:2] == [29, pytest.approx(29 + 2 / 3, abs=1e-6)]


def limited(**limits: float) -> Case:
    """Return a case with one engine that burns 40 MMBtu/h at 5 MW, beside a dear grid."""
    axis = make_axis((4,), day=(0, 0, 1, 1))
    return make_case(
        axis,
        demand_mw=5.0,
        units=(make_unit(axis, n_max=1),),
        grid=make_grid(axis, import_price_usd_per_mwh=200.0),
        gas=make_gas(axis, **limits),
    )


def test_hourly_supply_limits_every_step() -> None:
    """33 MMBtu/h are 5 + 7 * 4."""
    model = solved(limited(hourly_max_mmbtu_per_h=33.0))

    assert amounts(model.output_mw) == [4, 4, 4, 4]


def test_daily_supply_limits_every_day() -> None:
    """40 MMBtu are one step at full load, which is more output than two steps at 15 each."""
    output = amounts(solved(limited(daily_max_mmbtu=40.0)).output_mw)

    assert sorted(output[:2]) == sorted(output[2:]) == [0, 5]


def test_a_gas_stock_serves_what_the_pipeline_cannot() -> None:
    """In step 0 the unit burns 40 MMBtu/h; 10 come from the stock and are filled up again."""
    case = changed(
        limited(hourly_max_mmbtu_per_h=30.0), demand_mw=np.array([5.0, 2.0, 2.0, 2.0]), grid=None
    )
    assert not is_possible(case)

    model = solved(changed(case, stocks=(make_stock(name="lng", fuel="natural_gas"),)))
    assert amounts(model.withdrawn_mmbtu_per_h) == [10, 0, 0, 0]
    assert sum(amounts(model.refill_mmbtu_per_h)) == 10


def test_a_cheap_gas_stock_feeds_no_more_than_is_burned() -> None:
    stock = make_stock(name="lng", fuel="natural_gas", price_usd_per_mmbtu=1.0)
    model = solved(make_case(AXIS, demand_mw=5.0, units=(make_unit(AXIS),), stocks=(stock,)))

    assert amounts(model.withdrawn_mmbtu_per_h) == amounts(model.fuel_mmbtu_per_h) == [40] * 4


def diesel(**figures: float) -> Case:
    """Return a case with one diesel unit that burns 19 MMBtu/h at 2 MW and 40 at 5 MW."""
    unit = make_unit(AXIS, fuel="diesel", n_max=1)
    stock = make_stock(**figures)
    return make_case(AXIS, demand_mw=(5.0, 2.0, 2.0, 2.0), units=(unit,), stocks=(stock,))


def test_diesel_units_burn_what_their_stock_gives() -> None:
    model = solved(diesel())

    assert amounts(model.withdrawn_mmbtu_per_h) == [40, 19, 19, 19]
    assert sum(amounts(model.refill_mmbtu_per_h)) == 97


def test_a_stock_bridges_no_more_than_its_content() -> None:
    """At most 25 MMBtu/h arrive, so 15 of the 40 in step 0 must have been in stock."""
    assert is_possible(diesel(refill_max_mmbtu_per_h=25.0, capacity_mmbtu=15.0))
    assert not is_possible(diesel(refill_max_mmbtu_per_h=25.0, capacity_mmbtu=14.0))
    assert not is_possible(
        diesel(refill_max_mmbtu_per_h=25.0, capacity_mmbtu=15.0, min_content_mmbtu=1.0)
    )


def test_a_stock_gives_no_more_than_its_withdrawal() -> None:
    assert is_possible(diesel(withdrawal_max_mmbtu_per_h=40.0))
    assert not is_possible(diesel(withdrawal_max_mmbtu_per_h=39.0))


def test_a_stock_is_as_full_at_the_end_of_a_year_as_at_its_beginning() -> None:
    """97 MMBtu are burned in four hours; 24 MMBtu/h bring 96."""
    assert not is_possible(diesel(refill_max_mmbtu_per_h=24.0))
