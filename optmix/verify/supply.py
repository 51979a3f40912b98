"""Where fuel comes from: the pipeline, and stocks on site.

SUP-1  gas drawn from stocks is burned: pipeline flow = gas burned - gas drawn >= 0
SUP-2  ``flow[t] <= hourly_max``
SUP-3  ``step_h * sum of flow over a local day <= daily_max``
SUP-4  diesel burned = diesel drawn
STK-1  ``content[t] = content[t-1] + step_h * (refill[t] - withdrawn[t])``, cyclic
STK-2  ``min_content <= content <= capacity``
STK-3  refill and withdrawal within their limits
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.verify.fuel import burns_gas
from optmix.verify.horizon import part_sum, previous
from optmix.verify.rows import Rows
from optmix.verify.tolerances import FUEL_FLOOR_MMBTU, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.equipment import Stock
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["pipeline_flow_mmbtu_per_h", "supply"]


def pipeline_flow_mmbtu_per_h(case: Case, plan: Plan) -> Floats:
    """Return the gas taken from the pipeline in each step. Shape (T,)."""
    return _burned(case, plan, is_gas=True) - _drawn(case, plan, is_gas=True)


def supply(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of SUP-1 to SUP-4 and STK-1 to STK-3."""
    yield from _pipeline(case, plan)
    diesel = _burned(case, plan, is_gas=False)
    yield Rows.equal(
        "SUP-4",
        "diesel burned is not diesel drawn from stocks",
        "MMBtu/h",
        diesel,
        _drawn(case, plan, is_gas=False),
        allowance(FUEL_FLOOR_MMBTU, diesel),
    )
    for index in range(len(case.stocks)):
        yield from _stock(case, plan, index)


def _burned(case: Case, plan: Plan, *, is_gas: bool) -> Floats:
    is_meant = np.array([burns_gas(unit) is is_gas for unit in case.units], dtype=bool)
    return np.asarray(plan.fuel_mmbtu_per_h[is_meant].sum(axis=0))


def _drawn(case: Case, plan: Plan, *, is_gas: bool) -> Floats:
    is_meant = np.array([_holds_gas(stock) is is_gas for stock in case.stocks], dtype=bool)
    return np.asarray(plan.withdrawn_mmbtu_per_h[is_meant].sum(axis=0))


def _holds_gas(stock: Stock) -> bool:
    return stock.fuel == "natural_gas"


def _pipeline(case: Case, plan: Plan) -> Iterator[Rows]:
    flow = pipeline_flow_mmbtu_per_h(case, plan)
    tolerance = allowance(FUEL_FLOOR_MMBTU, _burned(case, plan, is_gas=True))
    what = "more gas drawn from stocks than is burned"
    yield Rows.at_most("SUP-1", what, "MMBtu/h", 0.0, flow, tolerance)
    if np.isfinite(case.gas.hourly_max_mmbtu_per_h):
        yield Rows.at_most(
            "SUP-2",
            "more gas in a step than the pipeline gives",
            "MMBtu/h",
            flow,
            case.gas.hourly_max_mmbtu_per_h,
            tolerance,
        )
    if np.isfinite(case.gas.daily_max_mmbtu):
        days = case.axis.day
        daily = case.axis.step_h * part_sum(days, flow)
        yield Rows.at_most(
            "SUP-3",
            "more gas in a day than the maximum daily quantity",
            "MMBtu",
            daily,
            case.gas.daily_max_mmbtu,
            allowance(FUEL_FLOOR_MMBTU, daily),
            part_of_step=days,
        )


def _stock(case: Case, plan: Plan, index: int) -> Iterator[Rows]:
    stock, content = case.stocks[index], plan.content_mmbtu[index]
    refill, withdrawn = plan.refill_mmbtu_per_h[index], plan.withdrawn_mmbtu_per_h[index]
    before = content[previous(case.axis)]
    tolerance = allowance(FUEL_FLOOR_MMBTU, stock.capacity_mmbtu)
    yield Rows.equal(
        "STK-1",
        "content of the stock does not follow from refills and withdrawals",
        "MMBtu",
        content,
        before + case.axis.step_h * (refill - withdrawn),
        tolerance,
        subject=stock.name,
    )
    for what, unit, left, right in (
        ("stock below its least content", "MMBtu", stock.min_content_mmbtu, content),
        ("stock above its capacity", "MMBtu", content, stock.capacity_mmbtu),
    ):
        yield Rows.at_most("STK-2", what, unit, left, right, tolerance, subject=stock.name)
    for what, rate, limit in (
        ("refilled faster than allowed", refill, stock.refill_max_mmbtu_per_h),
        ("withdrawn faster than allowed", withdrawn, stock.withdrawal_max_mmbtu_per_h),
    ):
        if np.isfinite(limit):
            off = allowance(FUEL_FLOOR_MMBTU, limit)
            yield Rows.at_most("STK-3", what, "MMBtu/h", rate, limit, off, subject=stock.name)
