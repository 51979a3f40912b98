"""Say how an allocation stands: its proof, who takes what, and what more would be worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from optmix.portfolio.records import Allocation, LimitOutcome, OneMore
from optmix.portfolio.shared.limits import taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.portfolio.records import SiteOutcome
    from optmix.portfolio.shared.pool import Member
    from optmix.portfolio.shared.search import Found, Search

__all__ = ["account", "one_more"]


def one_more(search: Search, found: Found, place: int) -> OneMore | None:
    """Return what a little more of a limit is worth, by the same search with a larger cap."""
    limits = search.limits
    caps = [item.cap + (item.step if at == place else 0.0) for at, item in enumerate(limits)]
    more = search.run(caps) if found.plans is not None else None
    if more is None or more.plans is None or found.plans is None:
        return None
    changes = {}
    for member, now, then in zip(search.members, found.plans, more.plans, strict=True):
        before = member.within_limits(now.taken, len(limits))[place]
        changes[member.row.name] = member.within_limits(then.taken, len(limits))[place] - before
    return OneMore(
        amount=limits[place].step,
        value_usd_per_yr=max(0.0, found.cost_usd - more.cost_usd),
        low_usd_per_yr=max(0.0, found.bound_usd - more.cost_usd),
        high_usd_per_yr=max(0.0, found.cost_usd - more.bound_usd),
        to={name: change for name, change in changes.items() if abs(change) > 1e-6},  # noqa: PLR2004
    )


def account(
    search: Search,
    found: Found,
    worth: Sequence[OneMore | None],
    outcomes: Sequence[SiteOutcome],
    gap_target: float,
) -> Allocation:
    """Return how an allocation stands, by the sites as they were solved with their shares."""
    by_name = {item.name: item for item in outcomes}
    sharing = [by_name[member.row.name] for member in search.members]
    costs = [item.objective_usd for item in sharing if item.objective_usd is not None]
    cost = sum(costs) if costs and len(costs) == len(sharing) else found.cost_usd
    bound = min(found.bound_usd, cost)
    gap = (cost - bound) / max(1.0, abs(cost)) if math.isfinite(cost) else None
    return Allocation(
        status=_status(found, gap, gap_target),
        objective_usd=cost if math.isfinite(cost) else None,
        bound_usd=bound if math.isfinite(bound) else None,
        gap=gap,
        gap_target=gap_target,
        limits=tuple(
            _limit(search, found, place, more, by_name) for place, more in enumerate(worth)
        ),
        n_solves=search.evaluator.n_asked,
        n_rounds=search.n_rounds,
    )


def _status(
    found: Found, gap: float | None, gap_target: float
) -> Literal["optimal", "feasible", "infeasible", "no_plan"]:
    if found.plans is None or gap is None:
        return "infeasible" if found.bound_usd == math.inf else "no_plan"
    return "optimal" if gap <= gap_target else "feasible"


def _limit(
    search: Search,
    found: Found,
    place: int,
    more: OneMore | None,
    by_name: dict[str, SiteOutcome],
) -> LimitOutcome:
    limit = search.limits[place]
    n_limits = len(search.limits)
    by_site = {
        member.row.name: _used(member, by_name[member.row.name], place, n_limits)
        for member in search.members
    }
    return LimitOutcome(
        name=limit.name,
        kind=limit.kind,
        unit=limit.unit,
        cap=limit.cap,
        used=sum(by_site.values()),
        by_site=by_site,
        price_usd_per_yr=found.prices[place],
        one_more=more,
    )


def _used(member: Member, outcome: SiteOutcome, place: int, n_limits: int) -> float:
    site = member.row.site
    if outcome.mix is None or site is None:
        return 0.0
    amounts = taken(site, member.shares, outcome.mix, outcome.emissions)
    return member.within_limits(amounts, n_limits)[place]
