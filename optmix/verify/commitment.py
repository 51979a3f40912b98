"""Which units run: online, started, stopped.

COM-1  ``u[t] <= n - m[week(t)]``
COM-2  ``u[t] - u[t-1] = v[t] - w[t]``
COM-3  ``sum of v over (t-UT, t] <= u[t]``
COM-4  ``sum of w over (t-DT, t] <= n - u[t]``

A unit that starts in a step is online in it, and one that stops is not, however short its minimum
times: UT and DT are at least one step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.horizon import previous, window_sum
from optmix.verify.rows import Rows
from optmix.verify.tolerances import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["commitment"]


def commitment(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of COM-1 to COM-4."""
    before = previous(case.axis)
    for g, unit in enumerate(case.units):
        count, online = plan.units[g], plan.online[g]
        starts, stops = plan.starts[g], plan.stops[g]
        yield Rows.at_most(
            "COM-1",
            "more units online than built and not in maintenance",
            "units",
            online,
            count - plan.in_maintenance[g],
            EXACT,
            subject=unit.name,
        )
        yield Rows.equal(
            "COM-2",
            "starts and stops do not add up to the change of units online",
            "units",
            online - online[before],
            starts - stops,
            EXACT,
            subject=unit.name,
        )
        yield Rows.at_most(
            "COM-3",
            "a unit stops before its minimum up time is over",
            "units",
            window_sum(case.axis, starts, max(1, unit.min_up_steps)),
            online,
            EXACT,
            subject=unit.name,
        )
        yield Rows.at_most(
            "COM-4",
            "a unit starts before its minimum down time is over",
            "units",
            window_sum(case.axis, stops, max(1, unit.min_down_steps)),
            count - online,
            EXACT,
            subject=unit.name,
        )
