"""Three small programs over all sites: the best prices, the best combination, and the bound.

Costs inside are in thousand USD per year, so that coefficients stay in a sound range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optmix.portfolio.shared.program import Program
from optmix.solve.outcome import Status
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.portfolio.shared.pool import Member, Plan

__all__ = ["Bound", "best_combination", "best_prices", "lower_bound"]

MASTER_TIME_S: Final = 60.0
"""A program over plans is small; one that takes longer gives the best it has."""

MARGIN: Final = 1e-6
"""Share of a bound that is given away: the feasibility tolerance of the solver."""


@dataclass(frozen=True)
class Bound:
    """What no allocation can undercut, and the amounts of each site where that would be."""

    cost_usd: float
    amounts: tuple[tuple[float, ...], ...]


def best_prices(
    members: Sequence[Member], caps: Sequence[float], ceilings: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """Return prices at which known plans, freely mixed, keep within the limits; and their cost.

    Maximises, over prices of the limits, what the sites would pay at their best known plans less
    what the limits are worth.

    Parameters
    ----------
    members
        The sites.
    caps
        The limits.
    ceilings
        Largest prices, USD per year.
    """
    program = Program()
    prices = [
        program.column(cap * top / USD_PER_KUSD, 0.0, 1.0)
        for cap, top in zip(caps, ceilings, strict=True)
    ]
    for member in members:
        paid = program.column(-1.0, -math.inf, math.inf)
        for plan in member.plans:
            taken = member.within_limits(plan.taken, len(caps))
            terms = {
                price: -amount * top / USD_PER_KUSD
                for price, amount, top in zip(prices, taken, ceilings, strict=True)
            }
            program.row({paid: 1.0, **terms}, upper=plan.cost_usd / USD_PER_KUSD)
    outcome = program.solve()
    if outcome.values is None or outcome.objective is None:
        return tuple(0.0 for _ in caps), math.inf
    found = tuple(
        max(0.0, float(outcome.values[price])) * top
        for price, top in zip(prices, ceilings, strict=True)
    )
    return found, -outcome.objective * USD_PER_KUSD


def best_combination(members: Sequence[Member], caps: Sequence[float]) -> list[Plan] | None:
    """Return one known plan for each site, least cost within the limits; none if none fit."""
    program = Program()
    used: list[dict[int, float]] = [{} for _ in caps]
    columns: list[list[int]] = []
    for member in members:
        own = [
            program.column(plan.cost_usd / USD_PER_KUSD, 0.0, 1.0, is_integer=True)
            for plan in member.plans
        ]
        program.row(dict.fromkeys(own, 1.0), 1.0, 1.0)
        for column, plan in zip(own, member.plans, strict=True):
            for place, amount in enumerate(member.within_limits(plan.taken, len(caps))):
                used[place][column] = amount
        columns.append(own)
    for terms, cap in zip(used, caps, strict=True):
        scale = max(1.0, cap)
        program.row({column: amount / scale for column, amount in terms.items()}, upper=cap / scale)
    outcome = program.solve(time_limit_s=MASTER_TIME_S)
    values = outcome.values
    if values is None:
        return None
    return [
        member.plans[max(range(len(own)), key=lambda k, own=own: float(values[own[k]]))]  # type: ignore[misc]
        for member, own in zip(members, columns, strict=True)
    ]


def lower_bound(members: Sequence[Member], caps: Sequence[float]) -> Bound | None:
    """Return what no allocation can undercut; none if it is proven that there is none.

    Every site has a cost above all its cuts at the amounts it gets, and above the bound of each box
    that these amounts do not leave.
    """
    program = Program()
    used: list[dict[int, float]] = [{} for _ in caps]
    columns: list[list[int]] = []
    scales: list[list[float]] = []
    for member in members:
        cost = program.column(1.0, -math.inf, math.inf)
        scale = [1.0 if share.is_count else _largest(caps, share.limits) for share in member.shares]
        own = [
            program.column(0.0, share.least / by, share.most / by, is_integer=share.is_count)
            for share, by in zip(member.shares, scale, strict=True)
        ]
        for column, share, by in zip(own, member.shares, scale, strict=True):
            for place in share.limits:
                used[place][column] = by
        _add_cuts(program, member, cost, own, scale)
        _add_boxes(program, member, cost, own, scale)
        columns.append(own)
        scales.append(scale)
    for terms, cap in zip(used, caps, strict=True):
        by = max(1.0, cap)
        program.row({column: factor / by for column, factor in terms.items()}, upper=cap / by)
    outcome = program.solve(time_limit_s=MASTER_TIME_S)
    if outcome.status is Status.INFEASIBLE:
        return None
    values = outcome.values
    if values is None or outcome.bound is None:
        return Bound(-math.inf, ())
    amounts = tuple(
        tuple(float(values[column]) * by for column, by in zip(own, scale, strict=True))
        for own, scale in zip(columns, scales, strict=True)
    )
    bound_usd = outcome.bound * USD_PER_KUSD
    return Bound(bound_usd - MARGIN * abs(bound_usd), amounts)


def _largest(caps: Sequence[float], places: Sequence[int]) -> float:
    return max(1.0, *(caps[place] for place in places))


def _add_cuts(
    program: Program, member: Member, cost: int, own: Sequence[int], scale: Sequence[float]
) -> None:
    for cut in member.cuts:
        terms = {
            column: price * by / USD_PER_KUSD
            for column, price, by in zip(own, cut.prices, scale, strict=True)
        }
        program.row({cost: 1.0, **terms}, lower=cut.bound_usd / USD_PER_KUSD)


def _add_boxes(
    program: Program, member: Member, cost: int, own: Sequence[int], scale: Sequence[float]
) -> None:
    """Hold the cost above the bound of each box, unless an amount is above that of the box.

    The bound of a site that may take all it wants stands in every case, so the difference to it is
    all that an amount above the box has to lift: no larger constant is needed. An amount that is no
    count may be that of the box and count as above it, which only weakens the bound.
    """
    anyway = max((cut.bound_usd for cut in member.cuts if not any(cut.prices)), default=-math.inf)
    for box in member.boxes:
        exceeded = {}
        for column, share, amount, by in zip(own, member.shares, box.amounts, scale, strict=True):
            if amount < share.most:
                is_above = program.column(0.0, 0.0, 1.0, is_integer=True)
                above = amount + 1 if share.is_count else amount
                factor = (share.least - above) / by
                program.row({column: 1.0, is_above: factor}, lower=share.least / by)
                exceeded[is_above] = 1.0
        if math.isinf(box.bound_usd):
            program.row(exceeded, lower=1.0)
        elif math.isfinite(anyway) and box.bound_usd > anyway:
            lift = (box.bound_usd - anyway) / USD_PER_KUSD
            terms = dict.fromkeys(exceeded, lift)
            program.row({cost: 1.0, **terms}, lower=box.bound_usd / USD_PER_KUSD)
