"""The grid tie: what is imported, exported, and billed."""

import numpy as np
import pytest
from model.cases import changed, make_axis, make_case, make_grid, make_unit
from model.programs import amounts, is_possible, optimum, solved

from optmix.data.case import Case

AXIS = make_axis()


def tied(**figures: object) -> Case:
    """Return a case that lives off the grid, with a peak of 6 MW and 18 MWh in four hours."""
    return make_case(
        AXIS, demand_mw=(4.0, 4.0, 6.0, 4.0), units=(), grid=make_grid(AXIS, **figures)
    )


def test_energy_and_interconnection_are_paid() -> None:
    """18 MWh * 2,190 * 60 USD are 2,365,200 USD a year; 6 MW * 20,000 are 120,000."""
    model = solved(tied())

    assert amounts(model.withdrawal_mw) == [6]
    assert optimum(tied()) == pytest.approx(2365.2 + 120.0)


def test_fixed_and_security_costs_come_with_a_tie() -> None:
    costs = {"capital_fixed_usd_per_yr": 70_000.0, "security_carry_usd_per_mw_yr": 1_000.0}

    assert optimum(tied(**costs)) - optimum(tied()) == pytest.approx(70 + 6)


def test_import_stays_within_what_is_contracted_and_available() -> None:
    assert not is_possible(tied(withdrawal_max_mw=5.9))
    assert is_possible(tied(withdrawal_max_mw=8.0, availability=(0.5, 1.0, 1.0, 1.0)))
    assert not is_possible(tied(withdrawal_max_mw=7.9, availability=(0.5, 1.0, 1.0, 1.0)))


def test_the_peak_of_each_month_is_billed() -> None:
    """A year of two months: peaks of 4 and 6 MW, billed six times each at 1,000 USD."""
    axis = make_axis((4,), month=(0, 0, 1, 1))
    charged = make_grid(axis, demand_charge_usd_per_mw_month=1_000.0)
    case = make_case(axis, demand_mw=(4.0, 4.0, 6.0, 4.0), units=(), grid=charged)

    assert amounts(solved(case).peak_mw) == [4, 6]
    assert optimum(case) - optimum(tied()) == pytest.approx(6 * (4 + 6))


def test_import_in_coincident_hours_is_billed_by_its_weight() -> None:
    """0.25 of 4 MW and 0.75 of 6 MW are 5.5 MW."""
    charged = tied(
        coincident_charge_usd_per_mw_yr=10_000.0, coincident_weight=(0.0, 0.25, 0.75, 0.0)
    )

    assert optimum(charged) - optimum(tied()) == pytest.approx(55)


def beside_an_engine(**figures: object) -> Case:
    """Return a case with an engine that makes power for 31 USD/MWh and an idle cost of 15 USD."""
    return make_case(
        AXIS,
        demand_mw=3.0,
        units=(make_unit(AXIS, n_min=1, n_max=1),),
        grid=make_grid(AXIS, **figures),
    )


def test_export_happens_where_it_pays() -> None:
    case = beside_an_engine(
        export_max_mw=1.5,
        availability=(1.0, 1.0, 0.5, 0.0),
        export_price_usd_per_mwh=(30.0, 60.0, 60.0, 60.0),
        import_price_usd_per_mwh=500.0,
        capital_usd_per_mw_yr=0.0,
    )

    assert amounts(solved(case).export_mw) == [0, 1.5, 0.75, 0]


def test_export_needs_a_tie() -> None:
    case = beside_an_engine(
        export_max_mw=1.5, export_price_usd_per_mwh=60.0, capital_fixed_usd_per_yr=9e6
    )

    assert amounts(solved(case).export_mw) == [0] * 4


def test_power_is_not_bought_and_sold_in_the_same_step() -> None:
    """Selling for more than the import price would pay without a limit of the kind."""
    case = beside_an_engine(
        export_max_mw=8.0, import_price_usd_per_mwh=20.0, export_price_usd_per_mwh=25.0
    )
    model = solved(case)
    both = np.minimum(amounts(model.import_mw), amounts(model.export_mw))

    assert max(both) == 0


def test_an_island_imports_nothing() -> None:
    model = solved(changed(beside_an_engine(), grid=None))

    assert len(model.import_mw) == len(model.export_mw) == len(model.peak_mw) == 0
