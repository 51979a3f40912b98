"""Decomposition and one model of all steps agree on random cases: both plans stand, no bound lies.

The two methods share the equations and nothing else. What each proves holds for the other's plan:
no plan, whoever found it, costs less than any bound.
"""

from __future__ import annotations

import statistics

import pytest
from decomposition.compare import GAP, Answer, decomposed, monolithic
from decomposition.random_sites import SEEDS, random_case

from optmix.solve.outcome import Status

ROUNDING = 1e-6
"""Share of a cost by which a bound may pass it: the feasibility tolerance of HiGHS."""

OUT_OF_TIME = "time limit reached"

QUICK = (0, 8, 11, 57, 205)
"""Cases that every run of the tests tries; the others are for `make agreement`. In the last the
master finds a type present of which it builds no unit."""

USUAL_GAP = 0.02
LEAST_DONE = 0.2
"""Windows of a day cut a horizon of three days more than those of a week cut a year: units start,
and what is stored at a border is priced, once in three windows and not in fifty. Some cases take
longer than they are given."""

every_case = pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=() if seed in QUICK else pytest.mark.agreement) for seed in SEEDS],
)


def is_below(bound_usd: float, cost_usd: float) -> bool:
    return bound_usd <= cost_usd + ROUNDING * abs(cost_usd)


@every_case
def test_both_methods_agree(seed: int) -> None:
    whole, windows = monolithic(seed), decomposed(seed)

    if Status.INFEASIBLE in (whole.status, windows.status):
        assert not whole.has_plan
        assert not windows.has_plan
        return
    for answer in (whole, windows):
        if answer.verification is not None:
            assert answer.verification.findings == ()
            # Cut short, HiGHS may still pay for the presence of a type that it does not build.
            assert is_below(answer.cost_usd, answer.objective_usd)
        for plan in (whole, windows):
            if answer.bound_usd is not None and plan.has_plan:
                assert is_below(answer.bound_usd, plan.cost_usd)
    assert windows.has_plan or windows.reason == OUT_OF_TIME
    certificate = windows.certificate
    if certificate is not None and windows.has_plan:
        assert windows.objective_usd == pytest.approx(windows.cost_usd, rel=ROUNDING)
        assert certificate.bound_usd == windows.bound_usd
        assert certificate.objective_usd == windows.objective_usd
        assert certificate.windows >= 3 * random_case(seed).axis.n_years
        if windows.bound_usd is not None:
            assert is_below(certificate.relaxed_bound_usd, certificate.bound_usd)
        is_proven = certificate.gap is not None and certificate.gap <= GAP
        assert (windows.status is Status.OPTIMAL) == is_proven


def test_the_number_of_workers_changes_nothing() -> None:
    def figures(answer: Answer) -> tuple[object, ...]:
        plan = answer.plan
        sizes = () if plan is None else (plan.units.tolist(), plan.modules.tolist())
        return answer.status, answer.bound_usd, answer.objective_usd, *sizes

    one, two = (decomposed(11, processes, limit_s=120.0) for processes in (None, 2))
    assert figures(one) == figures(two)


@pytest.mark.agreement
@pytest.mark.timeout(1800)
def test_most_cases_are_proven_closely() -> None:
    """A bound that is far too low would pass every comparison above."""
    possible = [seed for seed in SEEDS if monolithic(seed).has_plan]
    done = [answer for answer in map(decomposed, possible) if answer.reason != OUT_OF_TIME]

    assert len(done) >= LEAST_DONE * len(possible)
    assert statistics.median(answer.gap for answer in done) <= USUAL_GAP
