"""Cyclic time and annual scaling, against step-by-step counting and the figures of the axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.verify.factory import make_axis

from optmix.data.axis import Axis
from optmix.verify import horizon

YEARS = st.lists(st.integers(1, 30), min_size=1, max_size=3)


def axis_of(steps: list[int]) -> Axis:
    probability = tuple(np.full(len(steps), 1 / len(steps)))
    return make_axis(steps, probability=probability)


@given(steps=YEARS)
def test_the_step_before_stays_in_its_year(steps: list[int]) -> None:
    axis = axis_of(steps)
    assert horizon.previous(axis).tolist() == [axis.before(t) for t in range(axis.n_steps)]


@given(steps=YEARS, length=st.integers(1, 40), seed=st.integers(0, 1000))
def test_windows_wrap_around_their_year(steps: list[int], length: int, seed: int) -> None:
    axis = axis_of(steps)
    values = np.random.default_rng(seed).integers(0, 5, axis.n_steps)
    expected = []
    for t in range(axis.n_steps):
        reach = min(length, int(axis.year_steps[axis.year[t]]))
        expected.append(sum(values[axis.before(t, back)] for back in range(reach)))
    assert horizon.window_sum(axis, values, length).tolist() == expected


@pytest.mark.parametrize("steps", [[24], [168, 240], [8760], [8784, 8760], [1]])
def test_annual_scaling_agrees_with_the_axis(steps: list[int]) -> None:
    axis = axis_of(steps)
    assert horizon.annual_factor(axis) == pytest.approx(axis.annual_factor)
    assert horizon.hours_per_year(axis) == pytest.approx(axis.hours_per_year)
    by_month = (axis.probability * axis.month_factor)[axis.month_year]
    assert horizon.month_weight(axis) == pytest.approx(by_month)


def test_the_largest_of_each_part_may_be_negative() -> None:
    part, values = np.array([0, 0, 1, 2, 2]), np.array([-3.0, -2.0, 5.0, 0.0, 1.0])
    assert horizon.part_max(part, values).tolist() == [-2.0, 5.0, 1.0]
    assert horizon.part_sum(part, values).tolist() == [-5.0, 5.0, 1.0]
