"""The statistics of a race, each against figures worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest

from optmix.bench.baseline import compare, p_slower
from optmix.bench.cross_check import cross_checked
from optmix.bench.performance_profile import performance_profiles
from optmix.bench.primal import primal_integral_s
from optmix.bench.row import Row
from optmix.bench.statistics import shifted_geometric_mean, standings
from optmix.bench.summary import troubles

SOLVED: dict[str, Any] = {"status": "optimal", "is_verified": True, "objective": 10.0}


def row(instance: str = "a", solver: str = "one", **given: Any) -> Row:
    return Row(instance, "model", solver, **{"time_limit_s": 60.0} | given)


def solved(runtime_s: float, **given: Any) -> Row:
    return row(**SOLVED | {"runtime_s": runtime_s, "bound": 10.0} | given)


def test_the_shifted_geometric_mean() -> None:
    # The root of 10 times 40 is 20.
    assert shifted_geometric_mean([0.0, 30.0]) == pytest.approx(10.0)


def test_a_standing_counts_what_was_proven_and_what_was_not() -> None:
    rows = [
        solved(30.0, peak_mib=100.0, primal_integral_s=1.0),
        row(status="feasible", is_verified=True, objective=9.0, gap=0.2, primal_integral_s=3.0),
        row(status="timeout"),
        row(status="wrong"),
        row(status="missing"),
        row(status="infeasible", runtime_s=2.0),
    ]
    (one,) = standings(rows)
    assert (one.n_runs, one.n_solved, one.n_plans, one.n_failed, one.n_wrong) == (5, 2, 2, 1, 1)
    assert one.par2_s == pytest.approx((30 + 120 + 120 + 120 + 2) / 5)
    assert one.sgm_s == pytest.approx((40 * 70 * 70 * 70 * 12) ** 0.2 - 10)
    assert one.gap_at_limit == pytest.approx(0.2)
    assert one.primal_integral_s == pytest.approx(2.0)
    assert one.sgm_mib == pytest.approx(100.0)


def test_an_optimum_that_nobody_verified_is_not_solved() -> None:
    assert not row(status="optimal").is_solved


def test_who_solves_more_stands_first_and_who_is_wrong_last() -> None:
    rows = [
        solved(1.0, solver="liar"), row("b", "liar", status="wrong"),
        solved(50.0, solver="slow"), solved(50.0, instance="b", solver="slow"),
        solved(1.0, solver="lame"), row("b", "lame", status="feasible"),
    ]  # fmt: skip
    assert [one.contestant for one in standings(rows)] == ["slow", "lame", "liar"]


def test_a_profile_counts_tasks_within_a_factor_of_the_fastest() -> None:
    rows = [
        solved(1.0), solved(4.0, solver="two"),
        solved(6.0, instance="b"), solved(3.0, instance="b", solver="two"),
        row("c"), row("c", "two"),
    ]  # fmt: skip
    third = pytest.approx(1 / 3)
    curves = performance_profiles(rows)
    assert curves == {
        "one": [(1.0, third), (2.0, pytest.approx(2 / 3))],
        "two": [(1.0, third), (4.0, pytest.approx(2 / 3))],
    }


def test_a_program_counts_for_the_monolithic_method() -> None:
    rows = [
        solved(2.0, solver="highs", method="monolithic"),
        solved(1.0, solver="highs", method="decomposition"),
        solved(1.0, instance="lp", solver="highs"),
    ]
    assert {one.contestant: one.n_runs for one in standings(rows)} == {
        "highs monolithic": 2,
        "highs decomposition": 1,
    }
    assert performance_profiles(rows) == {
        "highs monolithic": [(1.0, 0.5), (2.0, 1.0)],
        "highs decomposition": [(1.0, 1.0)],
    }


def test_profiles_of_solvers_with_gaps_of_their_own_meet() -> None:
    rows = [solved(2.0, gap_target=0.001), solved(1.0, solver="two", gap_target=0.005)]
    assert performance_profiles(rows) == {"one": [(2.0, 1.0)], "two": [(1.0, 1.0)]}


def test_gaps_that_are_raced_are_tasks_of_their_own() -> None:
    rows = [
        solved(seconds, solver=solver, gap_target=gap)
        for solver, gap, seconds in (("one", 0.1, 1.0), ("one", 0.01, 9.0), ("two", 0.1, 3.0))
    ]
    curves = performance_profiles(rows)
    assert curves == {"one": [(1.0, 1.0)], "two": [(3.0, 1.0)]}


def test_what_was_refused_was_not_solved() -> None:
    rows = [solved(1.0), row("b", status="refused"), solved(1.0, instance="b", solver="two")]
    one = next(score for score in standings(rows) if score.contestant == "one")
    assert (one.n_runs, one.n_solved) == (2, 1)
    assert performance_profiles(rows)["one"] == [(1.0, 0.5)]


@pytest.mark.parametrize(("runtime_s", "counts"), [(70.0, True), (72.0, False)])
def test_a_proof_long_after_the_limit_does_not_count(runtime_s: float, *, counts: bool) -> None:
    assert solved(runtime_s).is_solved is counts


def test_claims_that_contradict_each_other_count_for_nobody() -> None:
    rows = [row(status="infeasible"), row(solver="two", status="unbounded")]
    assert [one.status for one in cross_checked(rows)] == ["wrong", "wrong"]
    agreed = [row(status="infeasible"), row(solver="two", status="infeasible")]
    assert [one.is_solved for one in cross_checked(agreed)] == [True, True]


def test_the_primal_integral_weighs_each_plan_with_its_time() -> None:
    # No plan for 10 s, 20 instead of 10 until 30 s, and the best one from then on.
    trace = ((10.0, 20.0, None), (30.0, 10.0, 10.0))
    assert primal_integral_s(solved(40.0, trace=trace), 10.0) == pytest.approx(10 + 0.5 * 20)


def test_without_a_trace_there_is_no_plan_before_the_end() -> None:
    assert primal_integral_s(solved(25.0), 10.0) == pytest.approx(25.0)
    assert primal_integral_s(row(status="no_plan"), 10.0) == pytest.approx(60.0)


def test_a_bound_above_the_plan_of_another_is_wrong() -> None:
    good, liar = cross_checked([solved(1.0), solved(1.0, solver="two", objective=11.0, bound=10.9)])
    assert (good.status, liar.status) == ("optimal", "wrong")
    assert "passes the plan of one" in liar.reason


def test_of_a_maximum_a_bound_below_the_plan_of_another_is_wrong() -> None:
    good = solved(1.0, is_maximised=True)
    liar = solved(1.0, solver="two", objective=9.0, bound=9.1, is_maximised=True)
    assert [one.status for one in cross_checked([good, liar])] == ["optimal", "wrong"]


def test_a_bound_within_rounding_of_a_plan_is_not() -> None:
    other = solved(1.0, solver="two", objective=10.00001, bound=10.000015)
    assert [one.status for one in cross_checked([solved(1.0), other])] == ["optimal", "optimal"]


@pytest.mark.parametrize("status", ["infeasible", "unbounded"])
def test_to_deny_a_plan_that_another_has_is_wrong(status: str) -> None:
    rows = [solved(1.0), row(solver="two", status=status)]
    assert [one.status for one in cross_checked(rows)] == ["optimal", "wrong"]


def race(factor: float, *, noise: float = 0.0, n: int = 8, **given: Any) -> list[Row]:
    return [
        solved((5.0 + k) * factor * (1 + noise * (-1) ** k), instance=f"i{k}", **given)
        for k in range(n)
    ]


def test_twice_the_time_everywhere_is_a_regression() -> None:
    (found,) = compare(race(2.0), race(1.0))
    assert (found.verdict, found.is_regression) == ("slower", True)
    assert 1.7 < found.ratio < 2.0  # a second is added to every time
    assert found.p_value == pytest.approx(1 / 2**8)


def test_half_the_time_is_none() -> None:
    (found,) = compare(race(0.5), race(1.0))
    assert (found.verdict, found.is_regression) == ("faster", False)


def test_noise_is_none() -> None:
    (found,) = compare(race(1.0, noise=0.9), race(1.0))
    assert (found.verdict, found.is_regression) == ("same", False)


def test_one_slow_run_among_many_is_none() -> None:
    now = [solved(50.0, instance="i0"), *race(1.0)[1:]]
    (found,) = compare(now, race(1.0))
    assert not found.is_regression


def test_few_runs_decide_nothing() -> None:
    (found,) = compare(race(3.0, n=4), race(1.0, n=4))
    assert (found.verdict, found.is_regression) == ("too few runs", False)


def test_an_instance_that_was_easy_and_is_lost_is_a_regression() -> None:
    now = [row("i0", status="feasible"), *race(1.0)[1:]]
    (found,) = compare(now, race(1.0))
    assert (found.lost, found.is_regression) == (("i0",), True)


def test_an_instance_near_its_limit_is_not_lost() -> None:
    (found,) = compare([row(status="feasible")], [solved(55.0)])
    assert (found.lost, found.is_regression) == ((), False)


def test_only_tasks_of_both_races_count() -> None:
    assert compare(race(1.0), [replace(one, time_limit_s=10.0) for one in race(1.0)]) == []


def test_many_pairs_are_tossed_at_random_but_always_alike() -> None:
    logs = [0.1] * 18 + [-0.1] * 2
    assert p_slower(logs) == p_slower(logs) < 0.001
    assert p_slower([0.1, -0.1] * 10) > 0.3


def test_troubles_name_each_failure_and_each_missing_solver_once() -> None:
    missing = [row(k, "none", status="missing", reason="not here") for k in "ab"]
    lines = troubles([solved(1.0), row(status="crash", reason="signal 6"), *missing])
    assert lines == ["a, one: crash: signal 6", "none: missing: not here"]
