"""From relaxed sizes to whole ones: units, modules, and the weeks in which units are out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.errors import InfeasibleError
from optmix.solve.decomposition.linking import COUNTS, SIZES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.solve.decomposition.master import Master, Point
    from optmix.solve.decomposition.search import Search, Trial

__all__ = ["with_whole_maintenance"]

ROUNDING: Final = 1e-6
"""A relaxed size this little above a whole number is that number."""

ROUNDS: Final = 10
"""How often windows, or a target, may object to sizes and weeks."""

CLOSE: Final = 2.0
"""A point within so many gaps of what the master hopes for is good enough."""


def with_whole_maintenance(
    search: Search, trial: Trial, gap: float, *, may_grow: bool = False
) -> Trial | None:
    """Return a good point with whole sizes and whole maintenance near a trial.

    Sizes are rounded up; units in maintenance in each week are rounded up or down, so that no week
    is used that the trial avoids. Where a reliability target is missed so, maintenance goes into
    the weeks that are best for it. Where sizes may grow, windows that object get more and more
    units of the main type. None if there are objections to all such points that are tried.
    """
    master = search.master
    is_size, is_out = master.named(*SIZES), master.named("in_maintenance")
    is_count = is_size | is_out
    values = trial.point.values
    lower, upper = np.floor(values + ROUNDING), np.ceil(values - ROUNDING)
    lower = np.where(is_size, upper, lower)
    is_held, has_best_weeks = is_count, False
    best: Trial | None = None
    for count in range(ROUNDS):
        if may_grow and count:
            main = _main_type(search, values)
            lower[main] = upper[main] = min(lower[main] + 2**count, master.upper[main])
        found = _whole_point(master, lower, upper, is_held, gap)
        if found is None:
            if not (may_grow or is_held[is_out].any()) or has_best_weeks:
                return best
            # The weeks of the trial are too few for sizes above its own.
            is_held = is_size
            continue
        bound, point = found
        # What is continuous (withdrawal, peaks, parts of budgets) is fitted to the whole numbers.
        whole = master.rounded(point.values, is_count)
        settled = search.settle(whole, is_count, gap)
        if not settled.serves_all:
            continue
        if search.target is None or search.target.is_met(settled.point):
            best = settled if best is None or settled.cost < best.cost else best
            # The windows were asked: with what they told, other weeks may be better.
            if may_grow or best.cost - bound <= CLOSE * gap * abs(bound):
                return best
            continue
        if has_best_weeks or not is_out.any():
            search.target.is_missed(settled.point)
            if not may_grow:
                return best
            is_held, has_best_weeks = is_size, False
            continue
        weeks = search.target.with_best_weeks(settled.point.values)
        lower, upper = np.where(is_count, weeks, lower), np.where(is_count, weeks, upper)
        is_held, has_best_weeks = is_count, True
    return best


def _whole_point(
    master: Master, lower: Floats, upper: Floats, is_held: NDArray[np.bool_], gap: float
) -> tuple[float, Point] | None:
    """Return bound and best point with whole counts between limits, if there is one."""
    master.hold_between(lower, upper, is_held)
    master.set_integer(*COUNTS)
    try:
        return master.solve(gap)
    except InfeasibleError:
        return None
    finally:
        master.release()
        master.set_integer()


def _main_type(search: Search, values: Floats) -> int:
    """Return the place of the type that most power is of."""
    place = search.master.place
    power_mw = {place["n_units", unit.name]: unit.net_rating_mw for unit in search.case.units}
    return max(power_mw, key=lambda units: power_mw[units] * values[units], default=0)
