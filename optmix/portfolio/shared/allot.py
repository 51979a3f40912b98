"""Allot what is shared: search, say what more is worth, and solve each site with its share."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from optmix.portfolio.progress import PortfolioProgress
from optmix.portfolio.records import Allocation, SiteOutcome, outcome_of
from optmix.portfolio.run import solve_each
from optmix.portfolio.shared.account import account, one_more
from optmix.portfolio.shared.evaluate import Evaluator
from optmix.portfolio.shared.limits import limits_of, shares_of
from optmix.portfolio.shared.pool import Member
from optmix.portfolio.shared.search import Search
from optmix.portfolio.shared.variant import with_mix, within
from optmix.portfolio.task import Delivery

if TYPE_CHECKING:
    from optmix.portfolio.parcel import Options
    from optmix.portfolio.read import Campuses
    from optmix.portfolio.rows import Row
    from optmix.portfolio.run import Session
    from optmix.portfolio.shared.pool import Plan
    from optmix.portfolio.shared.search import Found
    from optmix.schema.site import Site

__all__ = ["solve_shared"]

PLAN_SHARE = 0.8
"""The search aims at this share of the gap: the sites are then solved once more, each to its own
gap, and may come out a little dearer."""

SITE_SHARE = 0.2
"""Each site is solved to this share of the gap at least, for the gaps of sites add up to it."""

USUAL_GAP = 0.001
"""Gap of a site where nobody gave one: that of the usual profile."""


def solve_shared(campuses: Campuses, session: Session) -> tuple[list[SiteOutcome], Allocation]:
    """Return what became of each row, and how what is shared was allotted.

    Sites that cannot be solved even with all that they want are rows that failed; the others share.

    Raises
    ------
    InputError
        Results cannot be written.
    """
    limits = limits_of(campuses.shared)
    everyone = [
        Member(row, shares_of(row.site, limits)) for row in campuses.rows if row.site is not None
    ]
    session.options = close_enough(session.options, campuses.shared.gap)
    gap = PLAN_SHARE * campuses.shared.gap
    evaluator = Evaluator(session, len(limits))
    search = Search(everyone, limits, evaluator, gap, partial(_tell, session))
    search.begin()
    search.members = [member for member in everyone if member.plans]
    found = search.run([limit.cap for limit in limits])
    worth = [one_more(search, found, place) for place in range(len(limits))]
    outcomes = _solve_with_shares(campuses.rows, search, found)
    return outcomes, account(search, found, worth, outcomes, campuses.shared.gap)


def close_enough(options: Options, gap: float) -> Options:
    """Return options with gaps of sites that leave room for a gap of all together.

    Examples
    --------
    >>> from optmix.portfolio.parcel import Options
    >>> [close_enough(Options(gap=given), 0.005).gap for given in (0.005, 1e-4, None)]
    [0.001, 0.0001, None]
    """
    most = SITE_SHARE * gap
    given = USUAL_GAP if options.gap is None else options.gap
    return replace(options, gap=most) if given > most else options


def _tell(session: Session, found: Found, n_asked: int) -> None:
    """Tell where a search stands; how many solves it will take is not known."""
    told = "looking for an allocation"
    if math.isfinite(found.cost_usd):
        told = f"cost {found.cost_usd:,.0f}, bound {found.bound_usd:,.0f}, gap {found.gap:.2%}"
    session.on_progress(
        PortfolioProgress(n_asked, n_asked, 0, 0, session.elapsed_s, eta_s=None, detail=told)
    )


def _solve_with_shares(rows: tuple[Row, ...], search: Search, found: Found) -> list[SiteOutcome]:
    """Solve each site with its share; rows without one say why they have none."""
    plans = found.plans or []
    with_plans = zip(search.members, plans, strict=False)
    shares = {member.row.name: _with_share(member, plan) for member, plan in with_plans}
    ready = [
        replace(row, site=shares.get(row.name))
        for row in rows
        if row.site is None or row.name in shares
    ]
    solved = {item.name: item for item in solve_each(ready, search.evaluator.session)}
    return [solved.get(row.name) or _without(row, search) for row in rows]


def _with_share(member: Member, plan: Plan) -> Site:
    """Return a site that takes no more than a plan of it does.

    A site has no limit on its capital, so where that is shared the mix is that of the plan.
    """
    site = member.row.site
    assert site is not None  # noqa: S101 - members are sites that can be solved
    site = within(site, member.shares, plan.taken)
    is_held = any(share.kind == "capital" for share in member.shares)
    return with_mix(site, plan.mix) if is_held else site


def _without(row: Row, search: Search) -> SiteOutcome:
    """Return the outcome of a site that takes no part, or for which there is no allocation."""
    delivery = search.evaluator.failures.get(row.name)
    if delivery is None:
        takes_part = any(member.row.name == row.name for member in search.members)
        why = "no allocation keeps within what is shared" if takes_part else "the site has no plan"
        delivery = Delivery(failure=why, exit_code=4)
    outcome = outcome_of(row, delivery)
    is_stopped = search.evaluator.session.interrupt.is_set()
    return outcome.model_copy(update={"status": "not run"}) if is_stopped else outcome
