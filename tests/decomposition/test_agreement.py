"""Decomposition and one model of all steps agree on random cases: both plans stand, no bound lies.

The two methods share the equations and nothing else. What each proves holds for the other's plan:
no plan, whoever found it, costs less than any bound.
"""

from __future__ import annotations

import statistics

import pytest
from decomposition.compare import GAP, WINDOW_DAYS, Answer, decomposed, monolithic
from decomposition.random_sites import SEEDS, random_case

from optmix.solve.outcome import Status

ROUNDING = 1e-6
"""Share of a cost by which a bound may pass it: the feasibility tolerance of HiGHS."""

WIDEST_GAP = 0.1
"""Windows of a day cut a horizon of three days more than those of a week cut a year: units start,
and what is stored at a border is priced, once in three windows and not in fifty."""

USUAL_GAP = 0.01
"""Most cases are proven closer than this."""

QUICK = (0,)
"""Cases that every run of the tests tries: of each kind of horizon one, and one without a plan."""

every_case = pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=() if seed in QUICK else pytest.mark.slow) for seed in SEEDS],
)
quick_case = pytest.mark.parametrize("seed", QUICK)


def is_below(bound_usd: float, cost_usd: float) -> bool:
    return bound_usd <= cost_usd + ROUNDING * abs(cost_usd)


@every_case
def test_both_methods_agree(seed: int) -> None:
    answers = {"monolithic": monolithic(seed), "decomposed": decomposed(seed)}

    if any(answer.status is Status.INFEASIBLE for answer in answers.values()):
        assert {answer.status for answer in answers.values()} == {Status.INFEASIBLE}
        return
    for method, answer in answers.items():
        assert answer.status in (Status.OPTIMAL, Status.FEASIBLE), method
        assert answer.verification is not None, method
        assert answer.verification.findings == (), method
        assert answer.objective_usd == pytest.approx(answer.cost_usd, rel=ROUNDING), method
        for other, plan in answers.items():
            assert is_below(answer.bound_usd, plan.cost_usd), (method, other)
    assert answers["decomposed"].gap <= WIDEST_GAP


@every_case
def test_the_certificate_is_that_of_the_answer(seed: int) -> None:
    answer = decomposed(seed)
    if not answer.has_plan:
        return
    certificate = answer.certificate
    assert certificate is not None
    assert certificate.bound_usd == answer.bound_usd
    assert certificate.objective_usd == answer.objective_usd
    assert certificate.windows >= 3 * random_case(seed).axis.n_years / WINDOW_DAYS
    assert is_below(certificate.relaxed_bound_usd, certificate.bound_usd)
    assert (answer.status is Status.OPTIMAL) == (certificate.gap <= GAP)


@quick_case
def test_the_number_of_workers_changes_nothing(seed: int) -> None:
    def figures(answer: Answer) -> tuple[object, ...]:
        plan = answer.plan
        sizes = () if plan is None else (plan.units.tolist(), plan.modules.tolist())
        return answer.status, answer.bound_usd, answer.objective_usd, *sizes

    assert figures(decomposed(seed, processes=2)) == figures(decomposed(seed))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_most_cases_are_proven_closely() -> None:
    """A bound that is far too low would pass every comparison above."""
    gaps = [answer.gap for answer in map(decomposed, SEEDS) if answer.has_plan]

    assert statistics.median(gaps) <= USUAL_GAP
