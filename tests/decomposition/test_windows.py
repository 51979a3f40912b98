"""Windows: every step once, borders where no daily limit or monthly charge is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from model.cases import make_axis, make_case, make_grid, make_unit

from optmix.data.timeline import Steps, lay_out
from optmix.solve.decomposition.windows import WINDOW_DAYS, cut_windows

if TYPE_CHECKING:
    from optmix.data.axis import Axis
    from optmix.data.case import Case


def calendar(*hours: int, step_h: float = 1.0, start: str = "2025-01-30T00:00") -> Axis:
    """Return operating years of so many hours, in a zone that changes its clocks."""
    first = pd.Timestamp(start, tz="America/Chicago").tz_convert("UTC").tz_localize(None)
    step_s = round(3600 * step_h)
    years = [
        Steps(
            first.to_datetime64().astype("datetime64[s]")
            + np.arange(round(n / step_h)) * np.timedelta64(step_s, "s"),
            step_s,
            "America/Chicago",
        )
        for n in hours
    ]
    return lay_out(years, [f"y{k}" for k in range(len(years))], [1 / len(years)] * len(years))


def site(axis: Axis, *, demand_charge: float = 0.0, **unit: float) -> Case:
    tie = make_grid(axis, demand_charge_usd_per_mw_month=demand_charge)
    return make_case(axis, units=(make_unit(axis, **unit),), grid=tie)


AXES = {
    "a year": calendar(8760),
    "a leap year": calendar(8784, start="2024-01-01T00:00"),
    "three years": calendar(8760, 8760, 8760),
    "years of unlike length": calendar(240, 100, 8760),
    "two days and a bit": calendar(55),
    "an hour": calendar(1),
    "quarters of an hour": calendar(24 * 40, step_h=0.25),
    "steps of a day": calendar(24 * 60, step_h=24.0),
    "steps of 12 h": calendar(24 * 60, step_h=12.0),
    "from noon on": calendar(24 * 40, start="2025-01-30T12:00"),
}
each_axis = pytest.mark.parametrize("axis", AXES.values(), ids=AXES.keys())
each_charge = pytest.mark.parametrize("demand_charge", [0.0, 5.0])


@each_axis
@each_charge
@pytest.mark.parametrize("days", [1, 3, 7])
def test_windows_cover_every_step_once_in_order(
    axis: Axis, demand_charge: float, days: int
) -> None:
    windows = cut_windows(site(axis, demand_charge=demand_charge), days)

    assert [t for window in windows for t in window.core] == list(range(axis.n_steps))


@each_axis
@each_charge
def test_borders_lie_between_days_and_between_months_with_a_charge(
    axis: Axis, demand_charge: float
) -> None:
    for window in cut_windows(site(axis, demand_charge=demand_charge)):
        first, last = window.first, window.stop - 1
        assert len(window.years) == 1
        for edge, beyond in ((first, first - 1), (last, last + 1)):
            if 0 <= beyond < axis.n_steps:
                assert axis.day[edge] != axis.day[beyond]
        if demand_charge:
            assert len(window.months) == 1


@each_axis
def test_windows_have_about_the_length_aimed_at(axis: Axis) -> None:
    for window in cut_windows(site(axis)):
        n_days = len(np.unique(axis.day[window.first : window.stop]))
        in_year = len(np.unique(axis.day[axis.year == window.years[0]]))
        assert n_days <= 1.5 * WINDOW_DAYS
        assert n_days >= min(in_year, WINDOW_DAYS // 2)


@pytest.mark.parametrize(("up", "down", "margin"), [(0, 0, 1), (1, 2, 1), (6, 3, 5), (4, 24, 23)])
def test_margins_reach_as_far_as_minimum_times(up: int, down: int, margin: int) -> None:
    axis = calendar(24 * 30)
    windows = cut_windows(site(axis, min_up_steps=up, min_down_steps=down))

    assert {(len(w.lead), len(w.trail)) for w in windows} == {(margin, margin)}
    for before, after in pairwise(windows):
        assert before.trail == list(after.core)[:margin]
        assert after.lead == list(before.core)[-margin:]
    assert windows[0].lead == list(windows[-1].core)[-margin:]


def test_margins_never_meet_within_a_short_year() -> None:
    axis = make_axis((6,), day=[0] * 5 + [1])
    windows = cut_windows(site(axis, min_up_steps=9), days=1)

    for window in windows:
        assert sorted(window.steps) == list(range(6))


def test_a_year_of_one_window_has_no_margins() -> None:
    axis = calendar(24 * 5, 24 * 5)
    windows = cut_windows(site(axis, min_up_steps=4))

    assert [(w.first, w.stop) for w in windows] == [(0, 120), (120, 240)]
    assert all(w.lead == w.trail == [] for w in windows)
    assert all(w.whole_years == w.years for w in windows)


def test_a_site_of_batteries_alone_has_windows() -> None:
    axis = calendar(24 * 30)
    windows = cut_windows(make_case(axis, units=()))

    assert len(windows) == 4
    assert {(len(w.lead), len(w.trail)) for w in windows} == {(1, 1)}
