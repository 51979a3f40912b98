"""The random cases draw on every part of the model, and each can be cut by days."""

from __future__ import annotations

import pickle
from collections import Counter
from functools import cache

import numpy as np
import pytest
from decomposition.compare import monolithic
from decomposition.features import features
from decomposition.limits import limits_reached
from decomposition.random_sites import SEEDS, random_case

from optmix.solve.outcome import Status

LEAST_SHARE = 0.04
"""Of the cases, or of the plans, that a name is in."""

RARE = {"4 unit types", "clocks change", "starts that earn", "negative power price"}
"""What only few cases have: it takes many small parts, or two choices at once."""

LEAST_PLANS = 0.7
LEAST_SOLVED = 0.6
"""Shares of the cases: some have no plan, and some take longer than they are given."""


@cache
def has() -> Counter[str]:
    return Counter(
        {name: sum(found[name] for found in map(_features, SEEDS)) for name in _features(SEEDS[0])}
    )


@cache
def _features(seed: int) -> dict[str, bool]:
    return features(random_case(seed))


def test_there_are_enough() -> None:
    assert len(SEEDS) >= 200


def test_a_seed_always_gives_the_same_case() -> None:
    for seed in SEEDS[:20]:
        assert pickle.dumps(random_case(seed)) == pickle.dumps(random_case(seed))


@pytest.mark.parametrize("name", features(random_case(0)))
def test_every_feature_has_its_share(name: str) -> None:
    least = 3 if name in RARE else LEAST_SHARE * len(SEEDS)
    assert least <= has()[name] < len(SEEDS)


def test_every_year_is_three_days_long() -> None:
    for seed in SEEDS:
        axis = random_case(seed).axis
        days = [len(np.unique(axis.day[axis.year == year])) for year in range(axis.n_years)]
        assert min(days) >= 3, seed


@pytest.mark.agreement
@pytest.mark.timeout(1800)
def test_limits_bind_in_their_share_of_plans() -> None:
    """Each is reached by some plans, and most of them not by all."""
    reached, held = Counter[str](), Counter[str]()
    plans = 0
    for seed in SEEDS:
        answer = monolithic(seed)
        if answer.plan is not None and answer.verification is not None:
            plans += 1
            found = limits_reached(random_case(seed), answer.plan, answer.verification)
            held.update(found.keys())
            reached.update(name for name, is_so in found.items() if is_so)
    for name, count in held.items():
        assert reached[name] >= 0.1 * count, name
    assert LEAST_PLANS * len(SEEDS) <= plans < len(SEEDS)


@pytest.mark.agreement
@pytest.mark.timeout(1800)
def test_most_cases_are_solved_whole() -> None:
    """A case that HiGHS cannot solve within its time compares less than it could."""
    solved = [
        seed for seed in SEEDS if monolithic(seed).status in (Status.OPTIMAL, Status.INFEASIBLE)
    ]
    assert len(solved) >= LEAST_SOLVED * len(SEEDS)
