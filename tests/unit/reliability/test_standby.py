"""Standby units, bridging, N+k, outages in heat and cold, floors by common causes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes.reliability import simple_system, system_with, units_of

from optmix.errors import InputError
from optmix.reliability import (
    CommonCause,
    Storage,
    UnitClass,
    assess_system,
    common_cause_floor_h,
    demand_conditional_outage_frac,
    n_plus,
    transient,
)
from optmix.reliability.temperature import CURVES, outage_frac_at

YEAR = 8760


def test_a_standby_unit_that_fails_to_start_is_out() -> None:
    """Three running units of q = .1 and one standby of q = .05 that fails 1 start in 10."""
    running = units_of(1, 3, 10.0, 0.1, name="run")
    standby = units_of(
        1, 1, 10.0, 0.05, name="standby", is_standby=True, start_failure_frac=0.1, start_h=0.1
    )
    found = assess_system(system_with([running, standby], [30.0])).lole_h.value
    works = 0.95 * 0.9
    up = [0.1**3, 3 * 0.9 * 0.1**2, 3 * 0.9**2 * 0.1, 0.9**3]
    assert found == pytest.approx(up[0] + up[1] + up[2] * (1 - works), rel=1e-12)
    on_duty = replace(standby, is_standby=False)
    assert assess_system(system_with([running, on_duty], [30.0])).lole_h.value < found


def test_outages_while_called_agree_with_the_four_states_of_a_peaking_unit() -> None:
    r, between, run, life = 50.0, 100.0, 8.0, 400.0
    # Reserve, out unneeded, in service, out while needed; rates per hour.
    rate = np.array(
        [
            [0, 0, 1 / between, 0],
            [1 / r, 0, 0, 1 / between],
            [1 / run, 0, 0, 1 / life],
            [0, 1 / run, 1 / r, 0],
        ]
    )
    generator = rate - np.diag(rate.sum(axis=1))
    chances = np.linalg.lstsq(
        np.vstack([generator.T, np.ones(4)]), np.array([0, 0, 0, 0, 1.0]), rcond=None
    )[0]
    found = demand_conditional_outage_frac(
        chances[1] + chances[3], chances[2], repair_h=r, between_calls_h=between, run_h=run
    )
    assert found == pytest.approx(chances[3] / (chances[2] + chances[3]), rel=1e-9)
    with pytest.raises(InputError, match="repair_h is 0"):
        demand_conditional_outage_frac(1.0, 1.0, repair_h=0.0, between_calls_h=1.0, run_h=1.0)
    with pytest.raises(InputError, match="not both 0"):
        demand_conditional_outage_frac(0.0, 0.0, repair_h=1.0, between_calls_h=1.0, run_h=1.0)


def engines(n_spare: int, **more: float) -> list[UnitClass]:
    mttf, mttr = 2300.0, 40.0
    unit = units_of(
        YEAR, 24 + n_spare, 4.5, mttr / (mttf + mttr), name="g", mttr_h=mttr, start_h=5 / 60, **more
    )
    return [unit]


def test_trips_that_nothing_bridges_cost_hours_that_no_hourly_index_sees() -> None:
    """24 engines with a mean time to failure of 2,300 h trip 91 times a year, 5 minutes each."""
    system = system_with(engines(3), np.full(YEAR, 24 * 4.5))
    found = transient(system)
    assert found.trips_per_yr == pytest.approx(24 * YEAR / 2300)
    assert found.uncovered_trips_per_yr == pytest.approx(found.trips_per_yr)
    assert found.hours == pytest.approx(7.6, abs=0.05)
    failing = system_with(engines(3, start_failure_frac=0.5), np.full(YEAR, 24 * 4.5))
    assert transient(failing).hours == pytest.approx(2 * found.hours)
    assert assess_system(system).transient_h == pytest.approx(found.hours)


def test_spinning_reserve_or_storage_bridges_them() -> None:
    load = np.full(YEAR, 24 * 4.5)
    spinning = transient(system_with(engines(3), load), np.full((1, YEAR), 25))
    assert spinning.trips_per_yr == pytest.approx(25 * YEAR / 2300)
    assert spinning.hours == 0.0
    for power_mw, energy_mwh, is_bridged in (
        (4.5, 1.0, True),
        (4.4, 9.0, False),
        (4.5, 0.3, False),
    ):
        store = Storage("b", 1, power_mw, energy_mwh)
        found = transient(system_with(engines(3), load, storage=(store,)))
        assert (found.hours == 0.0) == is_bridged


def test_a_trip_without_any_unit_at_rest_is_loss_of_load_already() -> None:
    assert transient(system_with(engines(0), np.full(YEAR, 24 * 4.5))).hours == 0.0


@pytest.mark.parametrize(
    ("units", "load", "expected"),
    [
        ([(4, 10.0, 0.1)], 30.0, 1),
        ([(4, 10.0, 0.1)], 40.0, 0),
        ([(4, 10.0, 0.1)], 41.0, None),
        ([(3, 10.0, 0.1), (1, 25.0, 0.1)], 30.0, 1),  # 25 MW out, then 10: 20 MW are left
        ([(3, 10.0, 0.1), (1, 25.0, 0.1)], 20.0, 2),
        ([(3, 10.0, 0.1), (1, 25.0, 0.1)], 31.0, 0),
        ([(2, 10.0, 0.1)], 0.0, 2),
    ],
)
def test_n_plus_takes_out_the_largest_units_first(
    units: list[tuple[int, float, float]], load: float, expected: int | None
) -> None:
    assert n_plus(simple_system(units, [load])) == expected


def test_n_plus_holds_in_every_step_with_units_in_maintenance() -> None:
    unit = units_of(3, 4, [10.0, 10.0, 9.0], 0.1, in_maintenance=[0, 1, 0])
    assert n_plus(system_with([unit], [20.0, 20.0, 20.0])) == 1
    assert n_plus(system_with([unit], [20.0, 10.0, 10.0])) == 2


def test_outage_rates_follow_the_curve_of_the_machine() -> None:
    temp = np.array([-30.0, -15.0, 12.5, 15.0, 35.0, 50.0])
    found = outage_frac_at(temp, 0.02, "combustion-turbine")
    ratios = np.array([0.199, 0.199, 0.0225, 0.024, 0.066, 0.066]) / 0.024
    assert found == pytest.approx(0.02 * ratios, rel=1e-9)
    assert outage_frac_at(temp, 0.5, "combustion-turbine").max() < 1
    assert {len(curve) for curve in CURVES.values()} == {11}


def test_curves_are_those_of_the_source(reference: Path) -> None:
    path = reference / "data" / "reliability" / "forced_outage_vs_temperature_murphy2019.csv"
    rows = np.genfromtxt(path, delimiter=",", skip_header=1)
    for column, name in enumerate(("combined-cycle", "combustion-turbine", "diesel"), start=1):
        assert CURVES[name] == tuple(rows[:, column])


def floor_h(storage: tuple[Storage, ...] = (), load: float = 100.0) -> float:
    """Return the floor of a gas supply that fails once in 10 years for 24 h."""
    cause = CommonCause("gas", 0.1, 24.0, ("0",))
    n = [(40, 4.5, 0.02), (4, 5.0, 0.02)]
    return common_cause_floor_h(simple_system(n, np.full(YEAR, load), [cause], storage=storage))


def test_a_gas_supply_alone_breaks_four_nines() -> None:
    assert floor_h() == pytest.approx(2.4)
    assert floor_h(load=20.0) == 0.0  # what does not burn gas serves it


def test_storage_lowers_the_floor_by_what_it_can_outlast() -> None:
    """80 MW are short; 100 MW and 960 MWh hold for 12 h, and exp(-12/24) of outages last on."""
    enough = Storage("b", 10, 10.0, 96.0)
    assert floor_h((enough,)) == pytest.approx(2.4 * np.exp(-0.5), rel=1e-6)
    weak = Storage("b", 10, 7.9, 96.0)
    assert floor_h((weak,)) == pytest.approx(2.4)
