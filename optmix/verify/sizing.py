"""What is built stays within what the site offers.

SIZ-1  ``n_min <= n <= n_max`` units of each type
SIZ-2  the same for modules of each battery product
SIZ-3  ``W <= W_max`` with a tie, no withdrawal and no tie without one; ``W >= W_min`` with one
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.rows import Rows
from optmix.verify.tolerances import EXACT, POWER_FLOOR_MW, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct, UnitType
    from optmix.data.plan import Plan

__all__ = ["sizing"]


def sizing(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of SIZ-1 to SIZ-3."""
    for unit, count in zip(case.units, plan.units, strict=True):
        yield from _count("SIZ-1", "units", unit, int(count))
    for product, count in zip(case.batteries, plan.modules, strict=True):
        yield from _count("SIZ-2", "modules", product, int(count))
    yield from _tie(case, plan)


def _count(
    equation: str, noun: str, choice: UnitType | BatteryProduct, count: int
) -> Iterator[Rows]:
    yield Rows.at_most(
        equation, f"fewer {noun} than n_min", noun, choice.n_min, count, EXACT, subject=choice.name
    )
    yield Rows.at_most(
        equation, f"more {noun} than n_max", noun, count, choice.n_max, EXACT, subject=choice.name
    )


def _tie(case: Case, plan: Plan) -> Iterator[Rows]:
    most = case.grid.withdrawal_max_mw if case.grid else 0.0
    allowed = most if plan.has_grid else 0.0
    yield Rows.at_most(
        "SIZ-3",
        "more withdrawal contracted than the tie may have",
        "MW",
        plan.withdrawal_mw,
        allowed,
        allowance(POWER_FLOOR_MW, most),
    )
    least = case.grid.withdrawal_min_mw if case.grid and plan.has_grid else 0.0
    yield Rows.at_most(
        "SIZ-3",
        "less withdrawal contracted than a tie must have",
        "MW",
        least,
        plan.withdrawal_mw,
        allowance(POWER_FLOOR_MW, least),
    )
    yield Rows.at_most(
        "SIZ-3",
        "a grid tie on a site that has none on offer",
        "ties",
        int(plan.has_grid),
        int(case.grid is not None),
        EXACT,
    )
