"""The fleets of a case, one by one, against the true cost of each: none is lost, no bound lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from decomposition.small_years import Cut, Here, of_days, slack_of
from model.cases import N_MINUS_1, make_battery, make_grid
from model.programs import EXACT

from optmix.model.assemble import build_model
from optmix.solve.decomposition.fleets import TELLING, Fleets, Leaf
from optmix.solve.decomposition.lift import Stop, lifted_bound
from optmix.solve.decomposition.linking import common_columns
from optmix.solve.decomposition.operate import Care
from optmix.solve.decomposition.search import Search
from optmix.solve.decomposition.standing import Standing
from optmix.solve.decomposition.start import first_point
from optmix.solve.handoff import hand_off
from optmix.solve.highs import solve_highs
from optmix.solve.outcome import Status
from optmix.solve.request import Request
from optmix.solve.run import ready_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.case import Case
    from optmix.solve.decomposition.search import Trial

    Fleet = tuple[int, ...]

GAP = 1e-6
CARE = Care(GAP, None, 60.0)


def two_types() -> Case:
    """Units that are cheap to build and dear to start, and the other way round."""
    return of_days(
        3,
        units=[
            {"n_max": 2, "start_cost_usd": 3_000.0, "min_up_steps": 2},
            {"n_max": 3, "capital_usd_per_yr": 900_000.0, "vom_usd_per_mwh": 9.0},
        ],
    )


def with_battery() -> Case:
    return of_days(
        3,
        units=[{"n_min": 2, "n_max": 4, "start_cost_usd": 800.0}],
        batteries=(make_battery(n_max=2),),
        security=N_MINUS_1,
    )


def with_tie() -> Case:
    axis = of_days(3).axis
    return of_days(
        3,
        units=[{"n_max": 3, "site_fixed_usd_per_yr": 40_000.0}],
        grid=make_grid(axis, withdrawal_max_mw=6.0, import_price_usd_per_mwh=55.0),
    )


CASES = [two_types, with_battery, with_tie]
every_case = pytest.mark.parametrize("make", CASES)


@dataclass(eq=False)
class Truth:
    """The least cost of every fleet of a case, each found by solving all steps at once."""

    case: Case

    @cached_property
    def cost_of(self) -> dict[Fleet, float]:
        """Cost by fleet, thousand USD; infinite where there is no plan."""
        handoff = hand_off(build_model(self.case))
        program = handoff.program
        columns = [c for key, c in common_columns(handoff).items() if key[0] in TELLING]
        ends = [(int(program.col_lower[c]), int(program.col_upper[c])) for c in columns]
        costs = {}
        for fleet in product(*(range(least, most + 1) for least, most in ends)):
            lower, upper = program.col_lower.copy(), program.col_upper.copy()
            lower[columns] = upper[columns] = fleet
            held = replace(program, col_lower=lower, col_upper=upper)
            outcome = solve_highs(held, EXACT, isolated=False)
            assert outcome.status in (Status.OPTIMAL, Status.INFEASIBLE), outcome.reason
            costs[fleet] = np.inf if outcome.objective is None else outcome.objective
        return costs

    @property
    def possible(self) -> set[Fleet]:
        return {fleet for fleet, cost in self.cost_of.items() if np.isfinite(cost)}

    @property
    def optimum(self) -> float:
        return min(self.cost_of.values())


@cache
def truth(make: Callable[[], Case]) -> Truth:
    return Truth(make())


@dataclass(frozen=True, eq=False)
class Visit:
    """What is known of a fleet, and of those that were not visited yet, after a visit."""

    fleet: Fleet
    bound: float
    lifted: float
    bound_of_rest: float


@dataclass(eq=False)
class Visitor:
    """Master and windows of a case, and who goes through its fleets."""

    case: Case

    @cached_property
    def search(self) -> Search:
        cut = Cut(self.case)
        standing = Standing(Request(ready_profile("highs"), GAP))
        search = Search(self.case, cut.windows, cut.master, Here(), cut.packed, standing)
        search.evaluate(first_point(self.case, cut.master))
        return search

    @cached_property
    def every(self) -> list[Visit]:
        """All fleets that may have a plan."""
        fleets = Fleets(self.search, GAP)
        visits = [
            Visit(self.fleet_of(leaf.trial), leaf.bound, self.lifted(leaf.trial), fleets.bound)
            for leaf in fleets.below(lambda: np.inf)
        ]
        assert fleets.bound == np.inf  # none is left, and none was closed
        return visits

    def lifted(self, trial: Trial) -> float:
        return lifted_bound(self.search, trial, CARE)

    def fleet_of(self, trial: Trial) -> Fleet:
        sizes = trial.point.values[self.search.master.named(*TELLING)]
        assert np.array_equal(sizes, np.round(sizes))
        return tuple(sizes.astype(int).tolist())


@cache
def visitor(make: Callable[[], Case]) -> Visitor:
    return Visitor(make())


def is_below(bound: float, cost: float) -> bool:
    return bound <= cost + slack_of(cost) if np.isfinite(cost) else True


@every_case
def test_the_cases_leave_a_choice(make: Callable[[], Case]) -> None:
    costs = truth(make).cost_of
    assert len(costs) >= 8
    assert 3 <= len(truth(make).possible) < len(costs)


@every_case
def test_every_fleet_that_has_a_plan_is_visited_once(make: Callable[[], Case]) -> None:
    seen = [visit.fleet for visit in visitor(make).every]
    assert len(seen) == len(set(seen))
    assert truth(make).possible <= set(seen) <= truth(make).cost_of.keys()


@every_case
def test_no_bound_lies_above_the_true_cost(make: Callable[[], Case]) -> None:
    """Neither that of a fleet, lifted or not, nor that of all fleets not yet visited."""
    costs = truth(make).cost_of
    rest = set(costs)
    for visit in visitor(make).every:
        rest.discard(visit.fleet)
        assert is_below(visit.bound, costs[visit.fleet])
        assert is_below(visit.lifted, costs[visit.fleet])
        assert is_below(visit.bound_of_rest, min((costs[f] for f in rest), default=np.inf))


@every_case
def test_what_is_left_gets_dearer(make: Callable[[], Case]) -> None:
    bounds = [visit.bound_of_rest for visit in visitor(make).every]
    assert bounds == sorted(bounds)


@every_case
def test_the_search_ends_with_the_best_fleet_and_leaves_out_dear_ones(
    make: Callable[[], Case],
) -> None:
    best, costs = truth(make).optimum, truth(make).cost_of
    one = visitor(make)
    fleets = Fleets(one.search, GAP)
    known = [np.inf]
    for leaf in fleets.below(lambda: min(known)):
        known.append(costs[one.fleet_of(leaf.trial)])
        fleets.close(known[-1])
        assert is_below(fleets.bound, best)
    assert min(known) == best
    assert len(known) - 1 < len(costs)
    assert fleets.bound == pytest.approx(best, rel=GAP, abs=slack_of(best))


def test_the_bound_of_a_fleet_is_lifted_where_whole_units_cost_more() -> None:
    costs = truth(two_types).cost_of
    found = [(visit, costs[visit.fleet]) for visit in visitor(two_types).every]
    gains = [
        (visit.lifted - visit.bound) / (cost - visit.bound)
        for visit, cost in found
        if np.isfinite(cost) and cost - visit.bound > 1e-3 * cost
    ]
    assert len(gains) >= 3
    assert max(gains) > 0.3


def test_a_fleet_that_is_kept_comes_again_once_no_other_is_lower() -> None:
    one = visitor(two_types)
    fleets, seen = Fleets(one.search, GAP), []
    for leaf in fleets.below(lambda: np.inf):
        seen.append((one.fleet_of(leaf.trial), leaf.looks))
        if leaf.looks == 0:
            fleets.keep(Leaf(leaf.trial, leaf.bound + 1.0, 1))
    first = [fleet for fleet, looks in seen if looks == 0]
    again = [fleet for fleet, looks in seen if looks == 1]
    assert len(first) == len(set(first))
    assert sorted(first) == sorted(again)
    assert [looks for _, looks in seen] != sorted(looks for _, looks in seen)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_bound_rises_about_as_far_as_is_wanted_and_no_further_than_it_could(share: float) -> None:
    one = visitor(two_types)
    trial = next(Fleets(one.search, GAP).below(lambda: np.inf)).trial
    whole = one.lifted(trial)
    rise = share * (whole - trial.bound)
    found = lifted_bound(one.search, trial, CARE, rise)
    assert found <= whole + slack_of(whole)
    assert found >= trial.bound - slack_of(whole)
    assert found == lifted_bound(one.search, trial, CARE, rise)


@pytest.mark.parametrize(
    ("bounds", "stops"),
    [
        ([1.0, 2.0, 6.0], [False, False, True]),  # as far as is wanted
        ([0.0] * 9, [False] * 9),  # nothing yet
        ([-1.0, *[3.0] * 7], [False] * 6 + [True] * 2),  # hardly rises any more
        ([1.0, 2.0, 3.0, 4.0, 4.5, 4.6, 4.7], [False] * 7),
    ],
)
def test_a_run_ends_where_its_bound_has_risen_or_stalled(
    bounds: list[float], stops: list[bool]
) -> None:
    stop, told = Stop(start=10.0, rise=5.0), []
    for bound in bounds:
        back = SimpleNamespace(user_interrupt=False)
        stop(0, "", SimpleNamespace(mip_dual_bound=10.0 + bound), back)
        told.append(back.user_interrupt)
    assert told == stops


def test_lifting_leaves_the_master_as_it_was() -> None:
    one = visitor(with_battery)
    master = one.search.master
    trial = next(Fleets(one.search, GAP).below(lambda: np.inf)).trial
    before, n_cuts = master.solve(GAP)[0], master.n_cuts
    one.lifted(trial)
    assert master.solve(GAP)[0] == pytest.approx(before, rel=1e-9)
    assert master.n_cuts == n_cuts
