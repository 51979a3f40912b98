"""Planned maintenance: every unit is out for its hours, in weeks that allow it.

Four steps, each in a week of its own, stand for a year: the year has 8,760 h / 4 h = 2,190 such
horizons, so a unit that needs 168 * 2,190 h a year is out for one of the four weeks.
"""

import numpy as np
import pytest
from model.cases import changed, make_axis, make_case, make_unit
from model.programs import amounts, is_possible, solved

from optmix.data.case import Case
from optmix.model.assemble import build_model

AXIS = make_axis((4,), week=(0, 1, 2, 3))
ONE_WEEK = 168.0 * 2190.0


def maintained(*blackout_weeks: int, **figures: object) -> Case:
    unit = make_unit(AXIS, **{"planned_outage_h": ONE_WEEK} | figures)
    case = make_case(AXIS, units=(unit,), maintenance_mode="scheduled")
    return changed(case, is_blackout_week=np.isin(np.arange(4), blackout_weeks))


def test_every_unit_is_out_for_its_hours() -> None:
    """Two units must be online, so a third stands in for the one that is out."""
    model = solved(maintained())

    assert amounts(model.n_units) == [3]
    assert sum(amounts(model.in_maintenance)) == 3
    assert max(amounts(model.in_maintenance)) == 1


def test_half_the_hours_need_half_the_weeks() -> None:
    """Outages are counted over the type: two weeks cover half a week for each of three units.

    Two weeks are open, for one unit each, which is too little for whole weeks.
    """
    assert is_possible(maintained(1, 2, planned_outage_h=ONE_WEEK / 2))
    assert not is_possible(maintained(1, 2))


def test_units_are_out_together_only_as_far_as_allowed() -> None:
    """Four units, two of them online throughout, have two weeks for four outages."""
    assert not is_possible(maintained(1, 2))
    model = solved(maintained(1, 2, max_units_in_maintenance=2))
    assert amounts(model.n_units) == [4]
    assert amounts(model.in_maintenance) == [2, 0, 0, 2]


@pytest.mark.parametrize("mode", ["derate", "none"])
def test_other_modes_take_no_unit_out(mode: str) -> None:
    case = changed(maintained(), maintenance_mode=mode)

    assert len(build_model(case).in_maintenance) == 0
    assert amounts(solved(case).n_units) == [2]


def test_each_operating_year_has_its_own_outages() -> None:
    axis = make_axis((4, 4), week=range(8))
    unit = make_unit(axis, planned_outage_h=ONE_WEEK)
    model = solved(make_case(axis, units=(unit,), maintenance_mode="scheduled"))
    out = amounts(model.in_maintenance)

    assert amounts(model.n_units) == [3]
    assert sum(out[:4]) >= 3
    assert sum(out[4:]) >= 3
