"""Every cost line of plans whose cost is worked out by hand in the test."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from unit.verify.factory import make_axis, make_battery, make_case, make_tie, make_unit
from unit.verify.plans import make_plan

from optmix.data.case import Case, EmissionBudget
from optmix.data.equipment import FlexibleTier, GasSupply, Stock
from optmix.data.plan import Plan
from optmix.verify.check import verify_plan

# A day stands for 365 of them, and for 12 months.


def costs(case: Case, plan: Plan) -> dict[str, float]:
    """Return the lines that are not zero; demand is made to fit, and nothing else is checked."""
    lines = verify_plan(case, plan).costs_usd
    return {name: usd for name, usd in lines.items() if usd != 0}


def test_units_that_start_once_a_day() -> None:
    axis = make_axis([24])
    case = make_case(axis, units=(make_unit(axis), make_unit(axis, "absent")))
    online = np.where(np.arange(24) < 12, 2, 1)
    plan = make_plan(case, [3, 0], online=[online, 0], output_mw=[10.0 * online, 0])
    # 36 unit-hours a day at 10 MW and 87 MMBtu/h; one start of 5 MMBtu and 200 USD.
    assert costs(case, plan) == pytest.approx(
        {
            "unit_capital": 3 * 1.0e6 + 3.0e5,
            "unit_fom": 3 * 1.5e5 + 2.0e4,
            "fuel": 365 * 36 * 87 * 4.0,
            "unit_vom": 365 * 360 * 8.0,
            "starts": 365 * (5 * 4.0 + 200),
        }
    )


def test_the_price_of_fuel_is_that_of_the_step() -> None:
    axis = make_axis([24])
    price = np.where(np.arange(24) == 6, 10.0, 2.0)
    unit = make_unit(axis, fuel_price_usd_per_mmbtu=price)
    case = make_case(axis, units=(unit,), gas=GasSupply(price, np.inf, np.inf))
    online = np.where(np.arange(24) == 6, 1, 0)
    plan = make_plan(case, [1], online=[online], output_mw=[10.0 * online])
    found = costs(case, plan)
    assert found["fuel"] == pytest.approx(365 * 87 * 10.0)
    assert found["starts"] == pytest.approx(365 * (5 * 10.0 + 200))


def test_a_battery() -> None:
    axis = make_axis([24])
    case = make_case(axis, batteries=(make_battery(),))
    hour = np.arange(24)
    plan = make_plan(
        case,
        [],
        modules=[4],
        charge_mw=[np.where(hour < 2, 5.0, 0.0)],
        discharge_mw=[np.where(hour >= 22, 5.0 * 0.95 * 0.9, 0.0)],
    )
    assert costs(case, plan) == pytest.approx(
        {
            "battery_capital": 4 * 2.5e5,
            "battery_fom": 4 * 2.0e4,
            "battery_vom": 365 * 2 * 5.0 * 0.95 * 0.9 * 2.0,
        }
    )


def test_a_tie() -> None:
    axis = make_axis([24])
    hour = np.arange(24)
    case = make_case(
        axis,
        grid=make_tie(axis, coincident_weight=np.where((hour == 16) | (hour == 17), 0.5, 0)),
    )
    plan = make_plan(
        case,
        [],
        withdrawal_mw=12.0,
        import_mw=np.where(hour < 10, 0.0, np.where(hour == 17, 12.0, 8.0)),
        export_mw=np.where(hour < 10, 3.0, 0.0),
    )
    assert costs(case, plan) == pytest.approx(
        {
            "grid_energy": 365 * (13 * 8.0 + 12.0) * 50.0,
            "grid_demand": 12 * 12.0 * 6000.0,
            "grid_coincident": (0.5 * 8.0 + 0.5 * 12.0) * 60000.0,
            "grid_capital": 12.0 * 15000.0 + 80000.0,
            "grid_security": 12.0 * 750.0,
            "grid_export": -365 * 10 * 3.0 * 20.0,
        }
    )


def test_each_month_is_billed_for_its_own_peak() -> None:
    axis = make_axis([48], start="2025-06-30")
    case = make_case(axis, grid=make_tie(axis))
    plan = make_plan(
        case, [], withdrawal_mw=20.0, import_mw=np.where(np.arange(48) < 24, 4.0, 10.0)
    )
    # June and July stand for six months each.
    assert costs(case, plan)["grid_demand"] == pytest.approx(6 * (4.0 + 10.0) * 6000.0)


def test_demand_that_is_not_served() -> None:
    axis = make_axis([24])
    limit = np.full(24, 5.0)
    tiers = tuple(
        FlexibleTier(name, limit, usd, np.array([1e6]), is_fast=False)
        for name, usd in (("batch", 100.0), ("training", 300.0))
    )
    case = make_case(axis, tiers=tiers, voll_usd_per_mwh=9000.0)
    plan = make_plan(case, [], curtailed_mw=[2.0, 0.5], unserved_mw=0.25)
    assert costs(case, plan) == pytest.approx(
        {"flexible": 8760 * (2.0 * 100 + 0.5 * 300), "unserved": 8760 * 0.25 * 9000}
    )


def test_stocks_are_paid_when_they_are_filled() -> None:
    axis = make_axis([24])
    engine = make_unit(axis)
    standby = make_unit(axis, "standby", fuel="diesel", start_fuel_mmbtu=0.0)
    tanks = (
        Stock("lng", "natural_gas", 500.0, 0.0, 50.0, 50.0, 9.0, 5000.0),
        Stock("tank", "diesel", 500.0, 0.0, 100.0, np.inf, 18.0, 3000.0),
    )
    case = make_case(axis, units=(engine, standby), stocks=tanks)
    plan = make_plan(
        case,
        [1, 1],
        online=[1, 1],
        output_mw=[10.0, 10.0],
        withdrawn=[7.0, 87.0],
        refill=[7.0, 87.0],
    )
    found = costs(case, plan)
    assert found["fuel"] == pytest.approx(8760 * (87.0 - 7.0) * 4.0)
    assert found["stock_fuel"] == pytest.approx(8760 * (7.0 * 9.0 + 87.0 * 18.0) + 8000.0)


def test_emissions_have_a_price() -> None:
    axis = make_axis([24])
    prices = tuple(
        EmissionBudget(name, np.inf, is_potential=False, price_usd_per_ton=usd)
        for name, usd in (("nox", 1000.0), ("co2", 50.0))
    )
    case = make_case(axis, units=(make_unit(axis),), emissions=prices)
    online = np.where(np.arange(24) < 12, 1, 0)
    plan = make_plan(case, [1], online=[online], output_mw=[10.0 * online])
    nox_tpy = 365 * (12 * 10 * 0.5 + 4.0) / 2000
    co2_tpy = 365 * 12 * 87 * 117.0 / 2000
    assert costs(case, plan)["emissions"] == pytest.approx(1000 * nox_tpy + 50 * co2_tpy)


def test_years_count_by_their_probability() -> None:
    axis = make_axis([24, 48], probability=(0.25, 0.75))
    weight = np.zeros(72)
    weight[[10, 30]] = 1.0  # one coincident hour in each year
    tie = make_tie(axis, coincident_weight=weight)
    case = make_case(axis, grid=tie)
    plan = make_plan(case, [], withdrawal_mw=20.0, import_mw=np.where(axis.year == 0, 4.0, 20.0))
    mean_mw = 0.25 * 4.0 + 0.75 * 20.0
    found = costs(case, plan)
    assert found["grid_energy"] == pytest.approx(8760 * mean_mw * 50.0)
    assert found["grid_demand"] == pytest.approx(12 * mean_mw * 6000.0)
    assert found["grid_coincident"] == pytest.approx(mean_mw * 60000.0)


def test_a_leap_year_is_a_year_and_quarters_of_an_hour_count_as_such() -> None:
    for axis in (make_axis([8784], start="2024-01-01"), make_axis([96], step_h=0.25)):
        case = make_case(axis, voll_usd_per_mwh=100.0)
        plan = make_plan(case, [], unserved_mw=1.0)
        hours = max(8760.0, axis.n_steps * axis.step_h)
        assert costs(case, plan) == pytest.approx({"unserved": hours * 100.0})


def test_a_site_without_units_of_a_type_pays_nothing_for_it() -> None:
    axis = make_axis([24])
    case = make_case(axis, units=(make_unit(axis),), batteries=(make_battery(),),
                           grid=make_tie(axis))  # fmt: skip
    assert costs(case, make_plan(case, [0])) == {}


def scaled_costs(thing: Any, factor: float) -> Any:
    """Multiply every figure in USD of a case by a factor."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if "usd" in field.name and value is not None:
            changes[field.name] = value * factor
        elif dataclasses.is_dataclass(value):
            changes[field.name] = scaled_costs(value, factor)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(scaled_costs(item, factor) for item in value)
    return dataclasses.replace(thing, **changes)


@pytest.mark.parametrize("factor", [0.0, 1e-3, 3.0])
def test_scaling_all_costs_scales_every_line(scene: tuple[Case, Plan], factor: float) -> None:
    case, plan = scene
    before, after = verify_plan(case, plan), verify_plan(scaled_costs(case, factor), plan)
    assert after.costs_usd == pytest.approx(
        {name: factor * usd for name, usd in before.costs_usd.items()}
    )
    assert after.findings == ()
