"""Emissions: caps on what is emitted, or could be, and their price."""

import pytest
from model.cases import changed, make_axis, make_case, make_grid, make_unit
from model.programs import amounts, is_possible, optimum, solved

from optmix.data.case import Case, EmissionBudget

AXIS = make_axis()
CLEAN = make_case(AXIS, units=(make_unit(AXIS, lb_per_mwh={"nox": 1.0}),))
"""8 MW at 1 lb/MWh: 8 * 8,760 / 2,000 = 35.04 short tons a year."""


def budget(*, cap_tpy: float = float("inf"), pte: bool = False, price: float = 0.0) -> Case:
    nox = EmissionBudget("nox", cap_tpy=cap_tpy, is_potential=pte, price_usd_per_ton=price)
    return changed(CLEAN, emissions=(nox,))


def test_what_is_emitted_in_a_year_stays_within_the_cap() -> None:
    assert is_possible(budget(cap_tpy=35.04))
    assert not is_possible(budget(cap_tpy=35.03))


def test_a_cap_moves_output_to_the_grid() -> None:
    """Half of 35.04 tons leaves 4 MW to the units."""
    case = changed(budget(cap_tpy=17.52), grid=make_grid(AXIS, import_price_usd_per_mwh=500.0))

    assert sum(amounts(solved(case).output_mw)) == pytest.approx(16)


def test_each_operating_year_has_the_whole_cap() -> None:
    axis = make_axis((4, 4))
    unit = make_unit(axis, lb_per_mwh={"nox": 1.0})
    case = make_case(axis, units=(unit,), demand_mw=(8.0,) * 4 + (9.0,) * 4)

    assert is_possible(changed(case, emissions=budget(cap_tpy=39.42).emissions))
    assert not is_possible(changed(case, emissions=budget(cap_tpy=39.41).emissions))


def test_starts_and_fuel_emit_too() -> None:
    """One start in 4 h is 2,190 a year, 2 lb each; 66 MMBtu/h at 0.1 lb are 6.6 lb/h."""
    peak = (8.0, 8.0, 3.0, 8.0)
    dirty = make_unit(AXIS, lb_per_start={"nox": 2.0}, lb_per_mmbtu={"nox": 0.1})
    free = make_case(AXIS, units=(dirty,), demand_mw=peak)
    priced = changed(free, emissions=budget(price=1_000.0).emissions)
    tons = (2190 * 2 + 2190 * 0.1 * (3 * 66 + 26)) / 2000

    assert amounts(solved(priced).started) == [0, 0, 0, 1]
    assert optimum(priced) - optimum(free) == pytest.approx(tons)


def test_a_price_is_paid_for_every_ton() -> None:
    assert optimum(budget(price=1_000.0)) - optimum(CLEAN) == pytest.approx(35.04)


def test_the_potential_of_the_fleet_stays_within_its_cap() -> None:
    """One unit of 5 MW could emit 5 * 8,760 / 2,000 = 21.9 tons, whatever it does."""
    assert is_possible(budget(cap_tpy=43.8, pte=True))
    assert not is_possible(budget(cap_tpy=43.7, pte=True))


def test_the_potential_of_fuel_is_that_of_full_load() -> None:
    """5 + 7 * 5 = 40 MMBtu/h at 100 lb: 17,520 tons a year for each of two units."""
    unit = make_unit(AXIS, lb_per_mmbtu={"nox": 100.0})

    assert is_possible(changed(budget(cap_tpy=35_040.0, pte=True), units=(unit,)))
    assert not is_possible(changed(budget(cap_tpy=35_039.0, pte=True), units=(unit,)))


def test_a_pollutant_without_a_cap_is_not_limited() -> None:
    assert optimum(budget()) == pytest.approx(optimum(CLEAN))
