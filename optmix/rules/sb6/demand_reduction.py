"""Paid reduction of demand ahead of emergencies, for loads that opt in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.events import Draw, event_hours, event_mask
from optmix.rules.facts import Metering, RequestedMw, requested_mw
from optmix.rules.import_cap import guard_losses_within, import_after_loss_mw
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.rules.words import beside
from optmix.schema.base import Count, Flag, NonNegative, Positive
from optmix.schema.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.arrays import Ints
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

    Mask = NDArray[np.bool_]

__all__ = ["SbSixDemandReduction", "SbSixDemandReductionParams"]

AFTER = ", or after the loss of a unit"

DAYS_BACK = 7
"""How many days before an event are looked at for one without an event."""


class SbSixDemandReductionParams(Params):
    """Parameters of ``sb6.demand-reduction``."""

    opt_in: Flag = False
    """Whether the site offers its reduction."""
    reduction_max_mw: NonNegative | None = None
    """Most that is offered; by default as much as pays."""
    threshold_mw: Positive = 75.0
    """Demand from which on the service is open to a load."""
    requested_mw: RequestedMw = None
    """Demand that is asked for; by default the peak demand of the site."""
    metering: Metering = "standard"
    """``pclr``, a controllable load, is closed to the service."""
    notice_h: NonNegative = 24.0
    """Notice of a call; every unit can start within it."""
    price_usd_per_mw_yr: NonNegative = 42_840.0
    """What a MW is paid; that of another emergency service stands in for it."""
    max_h_per_yr: NonNegative = 60.0
    """Hours of each operating year in which the service may be called, the first ones."""
    is_in_other_service: Flag = False
    """Whether the load already is an emergency response or a controllable load resource."""
    is_price_responsive: Flag = False
    """Whether the load follows prices, which closes the service to it."""
    events_per_year: Count = 2
    """Calls drawn in each operating year, where the site gives no emergencies."""
    max_event_h: Positive = 8.0
    """Length of a drawn call."""
    seed: Count = 0
    """Seed of the draw."""


class SbSixDemandReduction(Rule[SbSixDemandReductionParams]):
    r"""What is drawn from the grid goes down by a reduction that is paid for.

    The baseline :math:`B` is at most what is drawn in the same clock hours of the last day without
    a call, so what is never drawn cannot be sold. With :math:`\tau(t)` for that hour,

    .. math:: B \le W, \qquad B \le imp_{\tau(t)}, \qquad imp_t \le B - Q, \qquad 0 \le Q \le B

    Where the loss of a unit is guarded against, what is sold is kept after it, too.
    """

    id = "sb6.demand-reduction"
    title = "Procured reduction of demand"
    cite = "PURA 39.170 (b); project 58482"
    evidence = (
        Evidence("P", "PURA 39.170 (b)", "a service for large loads, closed to responsive ones"),
        Evidence("S", "project 58482", "its rules are pending"),
        Evidence("D", "price_usd_per_mw_yr", "the price of emergency response service"),
        Evidence("D", "baseline, number, length and hours of calls", "scenarios of ours"),
    )
    params = SbSixDemandReductionParams
    needs = ("sb6.applicability",)
    pays = True
    no_relief = "a site without a plan may offer nothing"

    def applies(self, case: Case, params: SbSixDemandReductionParams) -> Applicability:
        """Test the tie, the wish, the demand, and for calls."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it draws nothing")
        if not params.opt_in:
            return Applicability.no("the site does not opt in")
        peak = requested_mw(case, params.requested_mw)
        if peak < params.threshold_mw:
            return Applicability.no(
                f"demand of {beside(peak, params.threshold_mw)} MW is below "
                f"{params.threshold_mw:,.6g} MW"
            )
        mask = _mask(case, params)
        if not len(_references(case, mask)):
            return Applicability.no("no call with a day to compare it with falls into the horizon")
        return Applicability.yes(f"opted in; {event_hours(case, mask):,.6g} hours of calls")

    def words(self, params: SbSixDemandReductionParams) -> str:
        """Say what is offered."""
        return (
            f"With {params.notice_h:g} h of notice the site draws less by what it offers, at most "
            f"{params.max_h_per_yr:g} h a year, for USD {params.price_usd_per_mw_yr:,.0f} per MW "
            "and year."
        )

    def faults(self, params: SbSixDemandReductionParams) -> Iterator[Fault]:
        """Refuse what the service is exclusive with."""
        told = {
            "is_in_other_service": ("is in another service", params.is_in_other_service),
            "is_price_responsive": ("follows prices", params.is_price_responsive),
            "metering": ("is a controllable load", params.metering == "pclr"),
        }
        for name, (words, excludes) in told.items():
            if params.opt_in and excludes:
                yield Fault(
                    (name,),
                    f"the load {words}, and opts in to a service that this excludes",
                    "opt_in = true, or the other one",
                    "leave opt_in out, or the other service",
                )

    def build(self, block: RuleBlock, m: Model, params: SbSixDemandReductionParams) -> None:
        """Sell a reduction, and keep it in the hours of calls."""
        case, mask = block.case, _mask(block.case, params)
        references, most = _references(case, mask), _most_mw(case, mask)
        baseline = block.shared_variable("baseline_mw", most)
        offered = params.reduction_max_mw
        reduction = block.shared_variable(
            "reduction_mw", most if offered is None else min(most, offered)
        )
        times = set(m.TIMES)

        def within_withdrawal(k: str) -> Expr:
            least = float(case.grid.availability[references].min()) if case.grid else 0.0
            return baseline <= least * m.withdrawal_mw[k]

        def drawn_before(k: str, t: int) -> Expr:
            return m.import_mw[k, t] >= baseline

        def reduced(k: str, t: int) -> Expr:
            return m.import_mw[k, t] <= baseline - reduction

        ties = list(m.TIES)
        block.rows("within_baseline", [0], lambda _: reduction <= baseline)
        block.rows("within_withdrawal", ties, within_withdrawal)
        before = [(k, int(t)) for k in ties for t in references if int(t) in times]
        block.rows("drawn_before", before, drawn_before, needs_supply=True)
        block.rows("reduced", [(k, t) for k in ties for t in m.TIMES if mask[t]], reduced)
        if case.security.loss_of_unit:
            calls = [t for t in m.TIMES if mask[t]]
            guard_losses_within(block, m, calls, lambda _k, _t: baseline - reduction)
        block.add_cost_usd(-params.price_usd_per_mw_yr * reduction)

    def check(self, plan: Plan, case: Case, params: SbSixDemandReductionParams) -> RuleCheck:
        """Tell what the plan reduces, and what that is paid."""
        mask = _mask(case, params)
        before = float(plan.import_mw[_references(case, mask)].min())
        is_guarded = case.security.loss_of_unit
        drawn = import_after_loss_mw(plan, case) if is_guarded else plan.import_mw
        during = float(drawn[mask].max())
        baseline = min(before, _most_mw(case, mask))
        reduction = max(0.0, baseline - during)
        if params.reduction_max_mw is not None:
            reduction = min(reduction, params.reduction_max_mw)
        offered = params.reduction_max_mw
        short = 0.0 if offered is None else offered - reduction
        paid = params.price_usd_per_mw_yr * reduction
        rows = (
            EvidenceRow(what="baseline", value=baseline, unit="MW"),
            EvidenceRow(what="reduction", value=reduction, unit="MW"),
            EvidenceRow(what="short of what may be offered", value=short, unit="MW"),
            EvidenceRow(
                what=f"largest import in a call{AFTER * is_guarded}", value=during, unit="MW"
            ),
            EvidenceRow(what="hours of calls", value=event_hours(case, mask), unit="h"),
            EvidenceRow(what="notice", value=params.notice_h, unit="h"),
            EvidenceRow(what="exclusive with", value="ERS, CLR and response to prices"),
            EvidenceRow(what="paid", value=paid, unit="USD/yr"),
        )
        return RuleCheck(rows=rows, cost_usd=-paid)


def _mask(case: Case, params: SbSixDemandReductionParams) -> Mask:
    """Return the steps of calls: of each operating year those within its hours. Shape (T,)."""
    draw = Draw(params.events_per_year, params.max_event_h, params.seed)
    mask = event_mask(case, "emergency", draw).copy()
    for year in range(case.axis.n_years):
        steps = np.asarray(case.axis.steps_of_year(year))
        hours = np.cumsum(mask[steps]) * case.axis.step_h
        mask[steps] &= hours <= params.max_h_per_yr + 1e-9
    return mask


def _references(case: Case, mask: Mask) -> Ints:
    """Return the steps that calls are compared with: their clock hours on a day without one."""
    axis = case.axis
    day, found = round(24.0 / axis.step_h), set()
    for t in np.flatnonzero(mask).tolist():
        back = [axis.before(t, k * day) for k in range(1, DAYS_BACK + 1)]
        free = [b for b in back if not mask[b] and axis.local_hour[b] == axis.local_hour[t]]
        found.update(free[:1])
    return np.array(sorted(found), dtype=np.int64)


def _most_mw(case: Case, mask: Mask) -> float:
    """Return the most that a baseline may be: demand where it is measured."""
    assert case.grid is not None  # noqa: S101 - for the type checker: the rule applies with a tie
    references = _references(case, mask)
    available = case.grid.availability[references] * case.grid.withdrawal_max_mw
    return float(np.minimum(case.demand_mw[references], available).min())
