"""A system refuses what cannot be, and says where."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fakes.reliability import system_with, units_of

from optmix.errors import InputError
from optmix.reliability import CommonCause, DeratedState, Storage, System


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outage_frac": np.array([0.1, 1.0])}, "outage_frac is 1 in step 1"),
        ({"outage_frac": np.array([-0.1, 0.0])}, "outage_frac is -0.1 in step 0"),
        ({"outage_frac": np.array([np.nan, 0.0])}, "outage_frac is nan"),
        ({"outage_frac": np.zeros(3)}, 'outage_frac of "g" has shape (3,)'),
        ({"capacity_mw": np.array([1.0, -1.0])}, "capacity_mw is -1"),
        ({"mttr_h": 0.0}, "mttr_h is 0"),
        ({"count": -1}, "count is -1"),
        ({"in_maintenance": np.array([0, 3])}, "more units in maintenance than built"),
        ({"start_failure_frac": 1.0}, "start_failure_frac is 1"),
        ({"start_h": -1.0}, "start_h is -1"),
        ({"derated": (DeratedState(1.5, 0.1),)}, "capacity_frac is 1.5"),
        ({"derated": (DeratedState(0.5, -0.1),)}, "probability is -0.1"),
        ({"derated": (DeratedState(0.5, 0.95),)}, "add up to 1 or more"),
        ({"derated": (DeratedState(0.5, 0.1, 0.0),)}, "mean_h is 0"),
    ],
)
def test_units_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    unit = units_of(2, 2, 10.0, 0.1, name="g")
    with pytest.raises(InputError) as raised:
        system_with([replace(unit, **changes)], [5.0, 5.0])
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"storage": (Storage("b", 1, 2.0, 4.0, eta_charge=0.0),)}, "eta_charge is 0"),
        ({"storage": (Storage("b", 1, 2.0, 4.0, outage_frac=1.0),)}, "outage_frac is 1"),
        ({"storage": (Storage("b", -1, 2.0, 4.0),)}, "modules is -1"),
        ({"storage": (Storage("b", 1, -2.0, 4.0),)}, "module_mw is -2"),
        ({"storage": (Storage("b", 1, 2.0, 4.0, retention=1.1),)}, "retention is 1.1"),
        ({"storage": (Storage("b", 1, 2.0, 4.0, mttr_h=0.0),)}, "mttr_h is 0"),
        ({"storage": (Storage("g", 1, 2.0, 4.0),)}, '"g" stands twice'),
        ({"common_causes": (CommonCause("c", 366.0, 24.0, ("g",)),)}, "last all year"),
        ({"common_causes": (CommonCause("c", 1.0, 24.0, ("h",)),)}, 'affects "h"'),
        ({"common_causes": (CommonCause("c", -1.0, 24.0, ("g",)),)}, "outages_per_year is -1"),
        ({"common_causes": (CommonCause("c", 1.0, 0.0, ("g",)),)}, "mean_h is 0"),
        ({"step_h": 0.0}, "step_h is 0"),
        ({"year": np.array([1, 0])}, "year goes back"),
        ({"relief_mw": np.zeros(3)}, "relief_mw has shape (3,)"),
        ({"demand_mw": np.array([1.0, -5.0])}, "demand_mw is -5"),
    ],
)
def test_systems_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    system = system_with([units_of(2, 2, 10.0, 0.1, name="g")], [5.0, 5.0])
    with pytest.raises(InputError) as raised:
        replace(system, **changes)
    assert said in str(raised.value)


def test_every_problem_is_told_at_once() -> None:
    unit = replace(units_of(2, 2, 10.0, 0.1, name="g"), mttr_h=-1.0, start_h=-1.0)
    with pytest.raises(InputError) as raised:
        system_with([unit], [5.0, 5.0], step_h=-1.0)
    assert len(raised.value.problems) == 3


def test_what_is_not_built_can_be_left_out() -> None:
    units = [units_of(2, 0, 10.0, 0.1, name="none"), units_of(2, 1, 9.0, 0.1, name="one")]
    cause = CommonCause("c", 1.0, 5.0, ("none", "one", "b"))
    system: System = system_with(
        units, [5.0, 5.0], storage=(Storage("b", 0, 2.0, 4.0),), common_causes=(cause,)
    )
    built = system.built()
    assert [unit.name for unit in built.units] == ["one"]
    assert (built.storage, built.common_causes[0].affects) == ((), ("one",))
    assert system.with_counts({"none": 4}).units[0].count == 4
