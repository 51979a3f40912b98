"""Batteries: energy carried from step to step, and the power held as reserve."""

from dataclasses import replace

import pytest
from model.cases import (
    NO_SECURITY,
    changed,
    make_axis,
    make_battery,
    make_case,
    make_grid,
    make_unit,
)
from model.programs import amounts, is_possible, optimum, solved

from optmix.data.case import Case

AXIS = make_axis()


def arbitrage(**figures: float) -> Case:
    """Return a case with one module and a grid that is dear in step 3 alone."""
    return make_case(
        AXIS,
        demand_mw=4.0,
        units=(),
        batteries=(make_battery(n_min=1, n_max=1, **figures),),
        grid=make_grid(
            AXIS,
            import_price_usd_per_mwh=(22.0, 20.0, 24.0, 300.0),
            capital_usd_per_mw_yr=0.0,
        ),
    )


def test_energy_moves_to_the_dear_step_and_loses_on_the_way() -> None:
    """2 MW in step 3 take 2 / 0.9 = 2.222 MWh from the cells and 2.469 MWh at the bus.

    2 of them are charged in the cheapest step, the rest in the next cheapest.
    """
    model = solved(arbitrage())

    assert amounts(model.discharge_mw) == [0, 0, 0, 2]
    assert amounts(model.charge_mw) == [pytest.approx(2 / 0.81 - 2, abs=1e-6), 2, 0, 0]
    assert amounts(model.soc_mwh)[2:] == [pytest.approx(2 / 0.9, abs=1e-6), 0]


def test_state_of_charge_stays_within_its_range() -> None:
    """Half of 4 MWh is usable, 0.9 of it reaches the bus."""
    model = solved(arbitrage(soc_min_frac=0.25, soc_max_frac=0.75))

    assert amounts(model.discharge_mw) == [0, 0, 0, 1.8]
    assert amounts(model.soc_mwh) == [pytest.approx(1.2), 3, 3, 1]


def test_usable_energy_counts_and_not_nameplate() -> None:
    assert amounts(solved(arbitrage(usable_mwh=2.0)).discharge_mw) == [0, 0, 0, 1.8]


def test_energy_is_lost_while_it_is_stored() -> None:
    """Stored in step 1 and kept for two steps at 90 %, 1.8 MWh are 1.458 in the end."""
    model = solved(arbitrage(retention=0.9))
    charge, discharge = amounts(model.charge_mw), amounts(model.discharge_mw)

    stored = sum(0.9 * c * 0.9 ** (3 - t) for t, c in enumerate(charge))
    assert stored == pytest.approx(discharge[3] / 0.9, abs=1e-5)
    assert discharge[3] == 2


def test_cycles_limit_the_energy_discharged_in_a_year() -> None:
    """A year has 2,190 of these days: 1,095 cycles are half a cycle each, 2 MWh."""
    assert amounts(solved(arbitrage(cycles_per_year=1095.0)).discharge_mw) == [0, 0, 0, 2]
    assert amounts(solved(arbitrage(cycles_per_year=547.5)).discharge_mw) == [0, 0, 0, 1]


def test_auxiliaries_are_drawn_in_every_step() -> None:
    model = solved(arbitrage(aux_mw=0.1, vom_usd_per_mwh=1000.0))

    assert amounts(model.import_mw) == [4.1] * 4


def test_discharge_has_a_variable_cost() -> None:
    """2 MWh a day and 2,190 such days: 4,380 MWh a year at 5 USD."""
    assert optimum(arbitrage(vom_usd_per_mwh=5.0)) - optimum(arbitrage()) == pytest.approx(21.9)


def test_charging_and_discharging_share_the_power_of_the_modules() -> None:
    """Where energy has a negative price, a battery would burn it in its losses."""
    case = arbitrage()
    paid = make_grid(AXIS, import_price_usd_per_mwh=-50.0)
    model = solved(changed(case, grid=paid))
    pairs = zip(amounts(model.charge_mw), amounts(model.discharge_mw), strict=True)

    assert all(charge + discharge <= 2 + 1e-6 for charge, discharge in pairs)


def held(swing_mw: float, bridge_h: float = 0.25, **figures: float) -> Case:
    """Return a case in which one module must take up a load step."""
    security = replace(NO_SECURITY, swing_mw=swing_mw, bridge_h=bridge_h)
    engine = make_unit(AXIS, step_mw=0.0)
    battery = make_battery(n_max=1, **figures)
    return make_case(AXIS, units=(engine,), batteries=(battery,), security=security)


def test_cover_is_held_within_the_power_of_the_modules() -> None:
    lossless = {"eta_charge": 1.0, "eta_discharge": 1.0}

    assert amounts(solved(held(2.0, **lossless)).cover_mw) == [2] * 4
    assert not is_possible(held(2.1, **lossless))


def test_cover_is_held_with_energy_for_the_bridging_time() -> None:
    """2 MW for 1.8 h take 3.6 / 0.9 = 4 MWh, which is all there is."""
    assert is_possible(held(2.0, bridge_h=1.8))
    assert not is_possible(held(2.0, bridge_h=1.81))
    assert not is_possible(held(2.0, bridge_h=1.8, soc_min_frac=0.01))
