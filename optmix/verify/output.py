"""How much the units give, and how fast that may change.

DIS-1  ``pmin[t] * u[t] <= p[t] <= pmax[t] * u[t]``
RMP-1  ``p[t] - p[t-1] <= R * u[t-1] + max(pmin[t], R) * v[t]``
RMP-2  ``p[t-1] - p[t] <= R * u[t] + max(pmin[t-1], R) * w[t]``

A ramp of a full unit or more in one step limits nothing: DIS-1 already implies those rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.verify.horizon import previous
from optmix.verify.rows import Rows
from optmix.verify.tolerances import POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["output"]


def output(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of DIS-1, RMP-1 and RMP-2."""
    for g in range(len(case.units)):
        yield from _range(case, plan, g)
        if case.units[g].ramp_mw_per_step < case.units[g].pmax_mw.max():
            yield from _ramps(case, plan, g)


def _range(case: Case, plan: Plan, g: int) -> Iterator[Rows]:
    unit, online, power = case.units[g], plan.online[g], plan.output_mw[g]
    most = unit.pmax_mw * online
    tolerance = allowance(POWER_FLOOR_MW, most, unit.pmax_mw)
    yield Rows.at_most(
        "DIS-1",
        "output above the capability of the units online",
        "MW",
        power,
        most,
        tolerance,
        subject=unit.name,
    )
    yield Rows.at_most(
        "DIS-1",
        "output below the minimum load of the units online",
        "MW",
        unit.pmin_mw * online,
        power,
        tolerance,
        subject=unit.name,
    )


def _ramps(case: Case, plan: Plan, g: int) -> Iterator[Rows]:
    before = previous(case.axis)
    unit, online, power = case.units[g], plan.online[g], plan.output_mw[g]
    ramp = unit.ramp_mw_per_step
    rise = power - power[before]
    at_start = np.maximum(unit.pmin_mw, ramp)
    at_stop = at_start[before]
    tolerance = allowance(POWER_FLOOR_MW, power + power[before], at_start + at_stop + ramp)
    yield Rows.at_most(
        "RMP-1",
        "output rises faster than the units can follow",
        "MW",
        rise,
        ramp * online[before] + at_start * plan.starts[g],
        tolerance,
        subject=unit.name,
    )
    yield Rows.at_most(
        "RMP-2",
        "output falls faster than the units can follow",
        "MW",
        -rise,
        ramp * online + at_stop * plan.stops[g],
        tolerance,
        subject=unit.name,
    )
