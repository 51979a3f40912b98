"""Planes and refusals of a reliability target become rows that cut off just what they say."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo
import pytest

from optmix.data.build import build_case
from optmix.model.assemble import build_model
from optmix.model.concept import Window
from optmix.reliability.planes import Plane
from optmix.reliability.refusal import Refusal
from optmix.schema.load import load_site
from optmix.solve.decomposition.master import Master
from optmix.solve.decomposition.windows import cut_windows
from optmix.solve.target_rows import STEP, TargetRows, add_to_model

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return build_case(load_site("@tutorial/engine-battery"))


def names(case: Case) -> tuple[str, str]:
    return case.units[0].name, case.batteries[0].name


def refusal(case: Case, units: int, modules: int, least: int = 0) -> Refusal:
    unit, module = names(case)
    return Refusal({unit: units}, {module: modules}, {module: least}, 0.0, 9.0, 0.0)


def counts_left(case: Case, refusals: list[Refusal]) -> set[tuple[int, int]]:
    """Return the pairs of counts that the rows leave in the model of sizes."""
    unit, module = names(case)
    m = build_model(case, Window.design(case.axis))
    add_to_model(m, case, [], refusals)
    solver = pyo.SolverFactory("appsi_highs")
    left = set()
    for units, modules in product(range(4), range(4)):
        m.n_units[unit].fix(units)
        m.n_modules[module].fix(modules)
        found = solver.solve(m, load_solutions=False)
        if found.solver.termination_condition == pyo.TerminationCondition.optimal:
            left.add((units, modules))
    return left


def test_a_refusal_cuts_off_the_fleet_and_all_smaller_ones_and_no_other(case: Case) -> None:
    every = set(product(range(4), range(4)))
    assert counts_left(case, [refusal(case, 2, 1)]) == {
        (units, modules) for units, modules in every if units > 2 or modules > 1
    }


def test_two_refusals_cut_off_both_boxes(case: Case) -> None:
    every = set(product(range(4), range(4)))
    assert counts_left(case, [refusal(case, 2, 0), refusal(case, 1, 2)]) == {
        (units, modules)
        for units, modules in every
        if (units > 2 or modules > 0) and (units > 1 or modules > 2)
    }


def test_with_fewer_modules_than_were_refused_a_fleet_is_left(case: Case) -> None:
    every = set(product(range(4), range(4)))
    assert counts_left(case, [refusal(case, 2, 2, 1)]) == {
        (units, modules) for units, modules in every if units > 2 or modules > 2 or modules < 1
    }


def test_modules_counted_by_what_they_store_are_left_with_more_of_it(case: Case) -> None:
    unit, module = names(case)
    lack = Refusal({unit: 2}, {}, {}, 0.0, 9.0, 0.0, module_mwh={module: 4.0}, most_mwh=8.0)
    every = set(product(range(4), range(4)))
    assert counts_left(case, [lack]) == {
        (units, modules) for units, modules in every if units > 2 or modules >= 2
    }


def test_modules_counted_by_what_they_store_are_left_with_less_than_a_proof_speaks_of(
    case: Case,
) -> None:
    unit, module = names(case)
    stored = {"module_mwh": {module: 4.0}, "least_mwh": 4.0, "most_mwh": 12.0}
    lack = Refusal({unit: 2}, {}, {}, 0.0, 9.0, 0.0, **stored)
    every = set(product(range(4), range(4)))
    assert counts_left(case, [lack]) == {
        (units, modules) for units, modules in every if units > 2 or modules >= 3 or modules <= 1
    }


def test_units_counted_by_their_capacity_must_give_enough(case: Case) -> None:
    unit, module = names(case)
    lack = Refusal({}, {module: 1}, {module: 0}, 0.0, 9.0, 0.0, {unit: 5.0}, 11.0)
    every = set(product(range(4), range(4)))
    assert counts_left(case, [lack]) == {
        (units, modules) for units, modules in every if 5.0 * units >= 11.0 or modules > 1
    }


def test_a_size_refused_at_its_most_cannot_help(case: Case) -> None:
    most = case.batteries[0].n_max
    rows = list(TargetRows(case).refusal(refusal(case, 2, most)))
    assert [len(row.terms) for row in rows] == [2, 1]  # one switch, and the row that asks for it
    (step,) = [key for key, _ in rows[-1].terms]
    assert step == (STEP, (("n_units", names(case)[0]), 2, 1))


def test_a_switch_is_made_once(case: Case) -> None:
    rows = TargetRows(case)
    first = list(rows.refusal(refusal(case, 2, 1)))
    second = list(rows.refusal(refusal(case, 2, 3)))
    assert (len(first), len(second)) == (3, 2)


def test_the_master_leaves_out_fleets_as_they_are_refused(case: Case) -> None:
    """The master alone would build nothing; it is refused up to two units."""
    windows = cut_windows(case, 1)
    master = Master(case, windows)
    place = master.place["n_units", names(case)[0]]
    asked = []

    def refuse(values: Floats) -> list[Refusal]:
        units = round(float(values[place]))
        asked.append(units)
        return [refusal(case, units, case.batteries[0].n_max)] if units < 2 else []

    master.refuse = refuse
    master.is_proving = True
    master.set_weights(np.zeros(len(windows)))
    master.set_integer("n_units", "is_present", "n_modules", "has_tie")
    _, point = master.solve(1e-6)
    assert point.values[place] == pytest.approx(2)
    assert asked == sorted(set(asked))
    assert asked[-1] == 2


def test_a_guess_moves_the_point_and_not_the_bound(case: Case) -> None:
    windows = cut_windows(case, 1)
    master = Master(case, windows)
    unit, module = names(case)
    place = master.place["n_units", unit]
    plane = Plane({unit: 1.0}, {module: 0.0}, 2.0)
    master.set_weights(np.zeros(len(windows)))
    master.set_integer("n_units", "is_present", "n_modules", "has_tie")
    free, _ = master.solve(1e-6)
    master.guess = lambda values: plane if values[place] < 2 - 1e-6 else None
    bound, point = master.solve(1e-6)
    assert point.values[place] == pytest.approx(2)
    assert bound == pytest.approx(free)
    assert master.hope > bound
    master.set_integer()
    relaxed, point = master.solve(1e-6)
    assert point.values[place] == pytest.approx(0, abs=1e-6)
    assert relaxed <= bound


def test_a_guess_that_leaves_no_fleet_proves_nothing(case: Case) -> None:
    windows = cut_windows(case, 1)
    master = Master(case, windows)
    unit, _ = names(case)
    master.set_weights(np.zeros(len(windows)))
    master.set_integer("n_units", "is_present", "n_modules", "has_tie")
    free, _ = master.solve(1e-6)
    master.guess = lambda _: Plane({unit: 1.0}, {}, 1e6)
    bound, _ = master.solve(1e-6)
    assert bound == pytest.approx(free)


def test_relaxed_sizes_are_held_to_planes(case: Case) -> None:
    windows = cut_windows(case, 1)
    master = Master(case, windows)
    unit, module = names(case)
    master.conditions.add_planes([Plane({unit: 2.0}, {module: 1.0}, 5.0)])
    master.set_weights(np.zeros(len(windows)))
    master.set_integer()
    _, point = master.solve(1e-6)
    at = {name: point.values[master.place[name]] for name in master.place}
    assert 2 * at["n_units", unit] + at["n_modules", module] >= 5 - 1e-6


def test_switches_follow_whether_sizes_are_whole(case: Case) -> None:
    windows = cut_windows(case, 1)
    master = Master(case, windows)
    master.conditions.add_refusals([refusal(case, 2, 1), refusal(case, 1, 2)])
    master.set_weights(np.zeros(len(windows)))
    master.set_integer()
    assert not master.conditions.is_whole
    relaxed, _ = master.solve(1e-6)
    master.set_integer("n_units", "is_present", "n_modules", "has_tie")
    assert master.conditions.is_whole
    whole, _ = master.solve(1e-6)
    assert relaxed <= whole
