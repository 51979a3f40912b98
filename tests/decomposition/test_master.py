"""The master: its bound rises with every cut, and passes no plan unless a cut is wrong."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pytest
from decomposition.small_years import Cut, Whole, featured, of_days, slack_of
from hypothesis import given, settings
from model.random_cases import cases

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.linking import BUDGETS, COUNTS, SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.solve.decomposition.master import Master, Point

GAP = 1e-6


def learn(cut: Cut, point: Point) -> float:
    """Let the master learn of all windows at a point; return what the point costs relaxed."""
    found = [kept.cutter.cut(point.values[kept.link_place]) for kept in cut.kept]
    cut.master.add_cuts(
        (k, kept.link_place, one) for k, (kept, one) in enumerate(zip(cut.kept, found, strict=True))
    )
    return point.cost + sum(one.cost for one in found)


def converged(cut: Cut, rounds: int = 60) -> tuple[list[float], float]:
    """Return the bounds round by round, and the least relaxed cost of any point seen."""
    learn(cut, cut.master.priced({}))
    bounds, best = [], np.inf
    for _ in range(rounds):
        bound, point = cut.master.solve(GAP)
        bounds.append(bound)
        best = min(best, learn(cut, point))
        if best - bound <= near(best):
            break
    return bounds, best


def near(cost: float) -> float:
    return max(1e-4 * abs(cost), slack_of(cost))


def value(master: Master, point: Point, name: str, index: Any) -> float:
    return float(point.values[master.place[name, index]])


@settings(max_examples=5)
@given(cases())
def test_the_bound_rises_to_the_relaxed_cost_and_passes_no_plan(case: Case) -> None:
    cut, whole = Cut(case), Whole(case)
    bounds, best = converged(cut)

    for lower, higher in pairwise(bounds):
        assert higher >= lower - 2 * slack_of(lower)
    assert bounds[-1] <= whole.cost + slack_of(whole.cost)
    assert bounds[-1] <= best + slack_of(best)
    assert best - bounds[-1] <= near(best)


def test_a_corrupted_cut_lifts_the_bound_above_a_plan() -> None:
    """One cut of one window that has lost its slope: comparing bound and plans finds it."""
    cut, whole = Cut(of_days(3)), Whole(of_days(3))
    bounds, _ = converged(cut)
    kept, nothing = cut.one(0), cut.master.priced({})
    one = kept.cutter.cut(nothing.values[kept.link_place])
    cut.master.add_cuts([(0, kept.link_place, replace(one, slope=0.0 * one.slope, need=None))])
    spoilt, _ = cut.master.solve(GAP)

    assert bounds[-1] <= whole.cost + slack_of(whole.cost)
    assert spoilt > whole.cost + slack_of(whole.cost)


def test_a_point_costs_what_its_sizes_cost() -> None:
    cut = Cut(featured())
    point = cut.master.priced(
        {("n_units", "genset"): 2.0, ("withdrawal_mw", "grid"): 3.0, ("n_modules", "lfp"): 1.0}
    )
    stocks = 88_000.0 + 6_000.0
    usd = 2 * 177_000.0 + 3.0 * 26_300.0 + 144_000.0 + stocks

    assert point.cost == pytest.approx(usd / 1000.0)
    assert cut.master.at(point.values).cost == point.cost


def test_budgets_are_left_to_windows_until_they_are_linked() -> None:
    cut = Cut(featured())
    master = cut.master
    is_budget = master.named(*BUDGETS)
    learn(cut, master.priced({}))

    assert np.isnan(master.solve(GAP)[1].values).tolist() == is_budget.tolist()
    master.is_linked[is_budget] = True
    _, point = master.solve(GAP)
    assert not np.isnan(point.values).any()
    parts: dict[Any, list[tuple[float, float]]] = {}
    for (name, index), part, most in zip(master.keys, point.values, master.upper, strict=True):
        if name in BUDGETS:
            parts.setdefault((name, index[0]), []).append((part, most))
    assert len(parts) == 4
    for members in parts.values():
        assert sum(part for part, _ in members) <= members[0][1] + 1e-6


def test_parts_of_cycles_grow_with_the_modules() -> None:
    cut = Cut(featured())
    master = cut.master
    parts = master.named("discharge_allotment_mwh")
    master.is_linked[parts] = True
    wanted = np.where(parts, 0.3, 0.0)
    is_size = master.named("n_modules")
    for modules, is_possible in ((0.0, False), (2.0, True)):
        values = np.where(is_size, modules, wanted)
        learn(cut, master.at(np.where(np.isnan(values), 0.0, values)))
        master.hold(values, parts | is_size)
        if is_possible:
            assert master.solve(GAP)[1].values[parts].tolist() == pytest.approx([0.3] * 3)
        else:
            with pytest.raises(InfeasibleError):
                master.solve(GAP)
        master.release()


def test_what_is_held_stays_and_what_is_released_goes_back() -> None:
    cut = Cut(of_days(2))
    master = cut.master
    converged(cut)
    free_bound, free = master.solve(GAP)
    units = master.named("n_units")
    master.hold(np.full(len(master.keys), 4.0), units)
    bound, held = master.solve(GAP)

    assert value(master, held, "n_units", "engine 0") == pytest.approx(4.0)
    assert bound > free_bound
    master.hold_between(np.full(len(units), 3.0), np.full(len(units), 9.0), units)
    assert value(master, master.solve(GAP)[1], "n_units", "engine 0") == pytest.approx(3.0)
    master.release()
    again, point = master.solve(GAP)
    assert again == pytest.approx(free_bound)
    assert point.values == pytest.approx(free.values)


def test_integer_quantities_raise_the_bound_and_are_let_go_again() -> None:
    cut = Cut(of_days(3, demand_mw=7.5))
    master = cut.master
    converged(cut)
    relaxed, _ = master.solve(GAP)
    master.set_integer(*COUNTS)
    bound, point = master.solve(GAP)

    assert bound > relaxed
    assert value(master, point, "n_units", "engine 0") == pytest.approx(2.0)
    master.set_integer()
    assert master.solve(GAP)[0] == pytest.approx(relaxed)


def test_no_type_is_present_without_units_once_sizes_are_rounded() -> None:
    master = Cut(of_days(1, units=[{}, {}])).master
    is_size = master.named(*SIZES)
    values = np.where(is_size, 1.2, 0.3)
    built, other = [unit for name, unit in master.keys if name == "n_units"][:2]
    values[master.place["n_units", other]] = 0.4

    point = master.rounded(values, is_size)

    assert value(master, point, "n_units", built) == value(master, point, "is_present", built) == 1
    assert value(master, point, "n_units", other) == value(master, point, "is_present", other) == 0
    assert np.array_equal(point.values[~is_size], values[~is_size])


def test_tied_quantities_follow_for_a_while() -> None:
    cut = Cut(featured())
    master = cut.master
    learn(cut, master.priced({}))
    units = master.place["n_units", "turbine"]
    weeks = [master.place["in_maintenance", ("turbine", week)] for week in (0, 1)]
    with master.tied([(weeks[0], units, 0.25)]):
        _, tied = master.solve(GAP)
        assert tied.values[weeks[0]] >= 0.25 * tied.values[units] - 1e-6
    assert tied.values[units] >= 1.0

    far = np.zeros(len(master.keys))
    far[units], far[weeks[1]] = 3.0, 2.0
    is_held = np.zeros(len(far), dtype=bool)
    is_held[[units, *weeks]] = True
    master.hold(far, is_held)
    with pytest.raises(InfeasibleError), tied_to(master, weeks[0], units):
        master.solve(GAP)
    # The tie has gone, although the solve under it failed.
    assert master.solve(GAP)[1].values[units] == pytest.approx(3.0)


@contextmanager
def tied_to(master: Master, place: int, other: int) -> Iterator[None]:
    with master.tied([(place, other, 0.25)]):
        yield


def test_too_few_units_on_offer_are_found_infeasible() -> None:
    cut = Cut(of_days(2, demand_mw=13.0, units=[{"n_max": 2}]))
    with pytest.raises(InfeasibleError, match="no sizes"):
        converged(cut)


def test_what_ends_badly_is_run_again_and_without_presolve_at_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = Cut(of_days(2))
    converged(cut, 3)
    master, run, presolves = cut.master, cut.master._run, []
    expected = master.solve(1e-6)[0]

    def run_badly() -> highspy.HighsModelStatus:
        presolves.append(master._highs.getOptionValue("presolve")[1])
        status = run()
        return status if len(presolves) == 3 else highspy.HighsModelStatus.kSolveError

    monkeypatch.setattr(master, "_run", run_badly)
    assert master.solve(1e-6)[0] == pytest.approx(expected, rel=1e-9)
    assert presolves == ["choose", "choose", "off"]
    assert master._highs.getOptionValue("presolve")[1] == "choose"


def test_sizes_that_contradict_each_other_are_found_at_once() -> None:
    """A potential to emit of one unit that must be built, above the cap."""
    case = featured()
    budgets = tuple(replace(b, cap_tpy=1e-3) for b in case.emissions)
    cut = Cut(replace(case, emissions=budgets))
    with pytest.raises(InfeasibleError):
        converged(cut)


def test_windows_that_do_not_count_cost_nothing() -> None:
    cut = Cut(of_days(3))
    master = cut.master
    weights = np.zeros(3)
    master.set_weights(weights)
    learn(cut, master.priced({("n_units", "engine 0"): 3.0, ("is_present", "engine 0"): 1.0}))
    nothing, _ = master.solve(GAP)
    assert nothing == pytest.approx(0.0, abs=1e-5)
    bounds = []
    for share in (0.5, 1.0):
        master.set_weights(np.full(3, share))
        bounds.append(master.solve(GAP)[0])

    assert 0.0 < bounds[0] < bounds[1]


def test_points_between_two_cost_what_lies_between() -> None:
    master = Cut(featured()).master
    one, other = master.priced({("n_units", "genset"): 4.0}), master.priced({})
    middle = master.between(one, other, 0.25)

    assert middle.values == pytest.approx(0.75 * one.values, nan_ok=True)
    assert middle.cost == pytest.approx(master.at(middle.values).cost)
