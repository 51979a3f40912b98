"""Annual budgets: which there are, when they are overdrawn, and how they are shared out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from decomposition.small_years import Cut, featured
from hypothesis import given
from hypothesis import strategies as st
from model.cases import changed
from model.everything import everything

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.solve.decomposition.budgets import Budget, list_budgets, overdrawn, shared_out
from optmix.solve.decomposition.linking import BUDGETS
from optmix.solve.decomposition.master import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

AMOUNTS = st.lists(st.sampled_from([0.0, 0.5, 1.0, 7.0, 40.0]), min_size=4, max_size=4)


def of_four(limit: float, **size: float) -> Budget:
    """Return a budget of four windows whose parts come first in a point of five."""
    return Budget(np.arange(4), np.arange(4), limit, **size)  # type: ignore[arg-type]


def at(*values: float) -> Point:
    return Point(np.array(values), 0.0)


def sharing(
    limit: float, used: Sequence[float], done: Sequence[float] | None = None
) -> list[float]:
    """Return the parts that a budget is shared out in, and check that all else stays."""
    values = shared_out(
        [of_four(limit)],
        at(np.nan, np.nan, np.nan, np.nan, 3.0),
        np.array([*used, 9.0]),
        None if done is None else np.array([*done, 0.0]),
    )
    assert values[4] == 3.0
    return list(values[:4])


def test_all_budgets_of_a_case_are_listed() -> None:
    yearly = RuleChoice("air.site-tpy", {"basis": "actual", "pollutants": ("co",)})
    cut = Cut(changed(featured(), rules=RuleTable(choices=(yearly,))))
    budgets = list_budgets(cut.case, cut.master)
    found = {cut.master.keys[b.places[0]][0]: b for b in budgets}

    assert set(found) == set(BUDGETS)
    # nox, lfp, batch and cooling, and what a rule lets be emitted
    assert len(budgets) == 5
    for budget in budgets:
        keys = [cut.master.keys[place] for place in budget.places]
        assert [key[1][1] for key in keys] == budget.windows.tolist() == [0, 1, 2]
        assert len({(name, of) for name, (of, _) in keys}) == 1


def test_budgets_are_those_of_the_year_that_the_horizon_stands_for() -> None:
    """Twelve half-hours stand for 8760 h: a window of them has 6 / 8760 of everything."""
    cut = Cut(featured())
    share, point = 6.0 / 8760.0, cut.master.priced({("n_modules", "lfp"): 2.0})
    limits = {
        cut.master.keys[b.places[0]][1][0][0]: b.at(point)
        for b in list_budgets(cut.case, cut.master)
    }

    assert limits == pytest.approx(
        {
            "nox": 65.7 * 2000.0 * share,
            "batch": 2190.0 * share,
            "cooling": 876.0 * share,
            "lfp": 2.0 * 300.0 * 3.6 * share,
        }
    )


def test_each_operating_year_has_its_own_budgets() -> None:
    case = everything()
    axis = replace(case.axis, day=np.array([0, 0, 1, 1, 2, 3]))
    cut = Cut(replace(case, axis=axis))
    budgets = list_budgets(cut.case, cut.master)

    assert len(budgets) == 8
    for budget in budgets:
        year = cut.master.keys[budget.places[0]][1][0][1]
        assert [cut.windows[k].years for k in budget.windows] == [[year]] * 2


def test_a_budget_without_size_is_its_limit() -> None:
    assert of_four(12.0).at(at(0, 0, 0, 0, 3)) == 12.0
    assert of_four(12.0, size_place=4, per_size=5.0).at(at(0, 0, 0, 0, 3)) == 15.0


@pytest.mark.parametrize(
    ("used", "is_overdrawn"), [([3, 3, 3, 3], False), ([3, 3, 3, 3.1], True), ([0] * 4, False)]
)
def test_overdrawn_is_what_windows_together_use_too_much(
    used: list[float], *, is_overdrawn: bool
) -> None:
    budget, nan = of_four(12.0), np.nan
    readings = np.array([*used, 99.0])

    assert overdrawn([budget], at(nan, nan, nan, nan, 0), readings) == [budget] * is_overdrawn
    # Once it is shared out, each window keeps to its part.
    assert overdrawn([budget], at(3, 3, 3, 3, 0), readings) == []


def test_more_modules_are_overdrawn_later() -> None:
    budget, nan = of_four(99.0, size_place=4, per_size=5.0), np.nan
    readings = np.array([3.0, 3.0, 3.0, 3.0, 0.0])

    assert overdrawn([budget], at(nan, nan, nan, nan, 2.0), readings) == [budget]
    assert overdrawn([budget], at(nan, nan, nan, nan, 3.0), readings) == []


@given(limit=st.sampled_from([0.0, 1.0, 10.0, 60.0]), used=AMOUNTS)
def test_a_budget_is_shared_out_in_full(limit: float, used: list[float]) -> None:
    parts = sharing(limit, used)

    assert min(parts) >= 0.0
    assert sum(parts) == pytest.approx(limit)
    if sum(used) <= limit:
        assert all(part >= amount for part, amount in zip(parts, used, strict=True))
    else:  # in proportion
        assert parts == pytest.approx([limit * amount / sum(used) for amount in used])


@given(
    limit=st.sampled_from([0.0, 1.0, 10.0, 60.0]),
    used=AMOUNTS,
    done=st.lists(st.sampled_from([0.0, 1.0]), min_size=4, max_size=4),
)
def test_what_is_done_is_not_changed(limit: float, used: list[float], done: list[float]) -> None:
    parts = sharing(limit, used, done)
    spent = sum(amount for amount, d in zip(used, done, strict=True) if d)
    rest = [part for part, d in zip(parts, done, strict=True) if not d]

    assert [p for p, d in zip(parts, done, strict=True) if d] == [
        amount for amount, d in zip(used, done, strict=True) if d
    ]
    assert all(part >= 0.0 for part in rest)
    if rest:
        assert sum(rest) == pytest.approx(max(0.0, limit - spent))


def test_sharing_out_does_not_change_the_point() -> None:
    point = at(1, 2, 3, 4, 5)
    shared_out([of_four(8.0)], point, np.ones(5))

    assert point.values.tolist() == [1, 2, 3, 4, 5]
