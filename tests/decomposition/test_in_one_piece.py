"""What the windows of a short horizon leave open is solved in one piece."""

import pytest

import optmix as om
from optmix.data.build import build_case
from optmix.solve.decomposition import control
from optmix.solve.decomposition.steps import Steps
from optmix.solve.monolithic import solve_monolithic
from optmix.solve.outcome import Status
from optmix.solve.profiles import load_profile
from optmix.solve.proposal import Proposal
from optmix.solve.request import Request

SITE = "@tutorial/engine-battery"
FINE = 1e-7
"""A gap that windows do not aim at."""


def decomposed(gap: float) -> om.Result:
    return om.solve(om.load_site(SITE), method="decomposition", gap=gap, workers=1)


@pytest.fixture(scope="module")
def whole() -> om.Result:
    return om.solve(om.load_site(SITE), method="monolithic", gap=FINE)


def test_a_gap_that_windows_do_not_reach_is_reached(whole: om.Result) -> None:
    found = decomposed(FINE)
    assert found.status == "optimal"
    assert found.method == "monolithic"
    assert found.objective_usd == pytest.approx(whole.objective_usd, rel=2 * FINE)


def test_windows_that_lead_to_no_plan(whole: om.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Steps, "run", lambda _: None)
    found = decomposed(FINE)
    assert found.method == "monolithic"
    assert found.objective_usd == pytest.approx(whole.objective_usd, rel=2 * FINE)


@pytest.mark.parametrize(
    ("cost_usd", "bound_usd", "expected"),
    [
        (None, None, (Status.FEASIBLE, 80.0, 100.0)),
        (None, 85.0, (Status.FEASIBLE, 85.0, 100.0)),
        (99.0, 70.0, (Status.FEASIBLE, 80.0, 99.0)),
        (101.0, 98.0, (Status.FEASIBLE, 98.0, 100.0)),
        (101.0, 99.5, (Status.OPTIMAL, 99.5, 100.0)),
        (80.5, None, (Status.OPTIMAL, 80.0, 80.5)),
    ],
)
def test_the_better_plan_and_the_better_bound_are_kept(
    cost_usd: float | None,
    bound_usd: float | None,
    expected: tuple[Status, float, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = build_case(om.load_site(SITE))
    request = Request(profile=load_profile("highs:fast"), gap=0.01)
    plan = solve_monolithic(case, request).plan
    assert plan is not None
    found = Proposal(Status.FEASIBLE, "time limit reached", "other", plan, 100.0, 80.0)
    told = Proposal(
        Status.NO_PLAN, "", "one", None if cost_usd is None else plan, cost_usd, bound_usd
    )
    monkeypatch.setattr(control, "solve_monolithic", lambda *_: found)
    merged = control._in_one_piece(case, request, told)
    assert merged.method == "monolithic"
    assert (merged.status, merged.bound_usd, merged.objective_usd) == expected
