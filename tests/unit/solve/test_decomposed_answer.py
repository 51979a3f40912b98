"""What becomes of the proposal of the decomposition, and what the decomposition is asked."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from fakes.decomposition import CERTIFICATE, HOW, FakeDecomposition, fake_decomposition

import optmix as om
from optmix.errors import InputError, VerificationError
from optmix.schema.result import Result
from optmix.solve.outcome import Status
from optmix.solve.proposal import Proposal

ONE = "@tutorial/one-engine"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeDecomposition:
    return fake_decomposition(monkeypatch)


def solved(settings: dict[str, Any] | None = None, **options: Any) -> Result:
    return om.solve(om.load_site(ONE, settings), **{"method": "decomposition", **options})


def test_the_certificate_has_the_figures_of_the_result(fake: FakeDecomposition) -> None:
    result = solved()
    certificate = result.certificate
    assert result.method == "decomposition"
    assert certificate.objective_usd == result.objective_usd
    assert certificate.bound_usd == result.bound_usd
    assert certificate.gap == result.gap
    own = {"how", "rounds", "windows", "cuts", "fleets", "workers", "seconds", "relaxed_bound_usd"}
    assert certificate.model_dump(include=own) == CERTIFICATE.model_dump(include=own)
    assert len(fake.requests) == 1


def test_a_relaxed_bound_is_never_above_the_bound(fake: FakeDecomposition) -> None:
    above = CERTIFICATE.model_copy(update={"relaxed_bound_usd": 1e15})
    fake.spoil = lambda found: replace(found, certificate=above)
    result = solved()
    assert result.certificate.relaxed_bound_usd == result.bound_usd < 1e15


def test_result_json_keeps_the_certificate(fake: FakeDecomposition) -> None:
    result = solved()
    again = Result.model_validate_json(result.to_json())
    assert again.certificate == result.certificate
    assert again.certificate.how == HOW
    assert len(fake.requests) == 1


def test_the_monolithic_method_has_no_certificate(fake: FakeDecomposition) -> None:
    result = solved(method="auto")
    assert (result.method, result.certificate) == ("monolithic", None)
    assert Result.model_validate_json(result.to_json()).certificate is None
    assert fake.requests == []


def make_pool() -> Executor:
    return ThreadPoolExecutor(1)


@pytest.mark.parametrize(
    ("settings", "options", "workers"),
    [
        ({}, {}, None),
        ({"solve.workers": 3}, {}, 3),
        ({"solve.workers": 3}, {"workers": 1}, 1),
    ],
)
def test_workers_and_executor_are_passed_on(
    fake: FakeDecomposition, settings: dict[str, Any], options: dict[str, Any], workers: int | None
) -> None:
    solved(settings, **options, executor=make_pool)
    (request,) = fake.requests
    assert request.workers == workers
    assert request.make_executor is make_pool


@pytest.mark.parametrize("workers", [0, -2])
def test_without_workers_nothing_is_solved(fake: FakeDecomposition, workers: int) -> None:
    with pytest.raises(InputError, match=f"{workers} processes cannot work"):
        solved(workers=workers)
    assert fake.requests == []


def test_the_method_of_the_site_counts_where_none_is_given(fake: FakeDecomposition) -> None:
    result = solved({"solve.method": "decomposition"}, method=None)
    assert result.method == "decomposition"
    assert len(fake.requests) == 1


def test_a_plan_that_does_not_hold_is_refused(fake: FakeDecomposition) -> None:
    def spoil(proposal: Proposal) -> Proposal:
        plan = replace(proposal.plan, output_mw=0.9 * proposal.plan.output_mw)
        return replace(proposal, plan=plan)

    fake.spoil = spoil
    with pytest.raises(VerificationError, match="BAL-1"):
        solved()


def test_a_bound_above_the_cost_of_the_plan_is_refused(fake: FakeDecomposition) -> None:
    fake.spoil = lambda found: replace(found, bound_usd=1.001 * found.objective_usd)
    with pytest.raises(VerificationError, match="a lower bound of"):
        solved()


def test_without_a_plan_the_bound_is_kept(fake: FakeDecomposition) -> None:
    nothing = {"status": Status.NO_PLAN, "plan": None, "objective_usd": None}
    fake.spoil = lambda found: replace(found, **nothing)
    result = solved()
    assert result.status == "no_plan"
    assert result.bound_usd is not None
    assert result.certificate.bound_usd == result.bound_usd
    assert (result.certificate.objective_usd, result.certificate.gap) == (None, None)
