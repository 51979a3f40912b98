"""Cut operating years into windows of about a week."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from optmix.model.concept import Window

if TYPE_CHECKING:
    from optmix.data.arrays import Ints
    from optmix.data.axis import Axis
    from optmix.data.case import Case

__all__ = ["WINDOW_DAYS", "cut_windows"]

WINDOW_DAYS = 7
"""Length aimed at: long enough for storage and minimum times, short enough to solve in a second."""


def cut_windows(case: Case, days: int = WINDOW_DAYS) -> list[Window]:
    """Return windows that together cover every step once, in time order.

    Borders lie between calendar days, so that a daily limit concerns one window, and between
    months where there is a monthly charge. Both sides of a window are modelled as far as minimum
    times reach.
    """
    axis = case.axis
    by_month = case.grid is not None and case.grid.demand_charge_usd_per_mw_month > 0
    margin = max((max(unit.min_up_steps, unit.min_down_steps) for unit in case.units), default=1)
    windows: list[Window] = []
    for year in range(axis.n_years):
        steps = np.asarray(axis.steps_of_year(year))
        part = axis.month if by_month else axis.year
        for first, stop in _runs(part, steps):
            windows += _pieces(axis, first, stop, days, max(1, margin - 1))
    return windows


def _runs(part: Ints, steps: Ints) -> list[tuple[int, int]]:
    """Return the first and last-plus-one step of each run of equal values."""
    changes = np.flatnonzero(np.diff(part[steps])) + 1
    borders = [0, *changes.tolist(), len(steps)]
    return [(int(steps[a]), int(steps[b - 1]) + 1) for a, b in pairwise(borders)]


def _pieces(axis: Axis, first: int, stop: int, days: int, margin: int) -> list[Window]:
    """Cut a run of steps between days into pieces of nearly equal length."""
    starts = [first + int(k) for k in np.flatnonzero(np.diff(axis.day[first:stop])) + 1]
    borders = [first, *starts, stop]
    n_days = len(borders) - 1
    n_pieces = max(1, round(n_days / days))
    cuts = [borders[round(k * n_days / n_pieces)] for k in range(n_pieces + 1)]
    return [Window(axis, a, b, margin=margin) for a, b in pairwise(cuts)]
