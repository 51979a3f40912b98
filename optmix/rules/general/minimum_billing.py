"""Minimum billing of contracted demand, as in the data-center tariff of AEP Ohio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.rules.measures import peak_demand_mw
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.rules.words import beside
from optmix.schema.base import Fraction, NonNegative, Positive
from optmix.schema.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["MinimumBilling", "MinimumBillingParams", "billed_at_least_mw"]

NOTHING_MW = 1e-9


class MinimumBillingParams(Params):
    """Parameters of ``minimum-billing``."""

    threshold_mw: NonNegative = 25.0
    """Peak demand above which the tariff is for a site."""
    first_up_to_mw: NonNegative = 25.0
    """Upper end of the first bracket of contracted demand."""
    second_up_to_mw: NonNegative = 75.0
    """Upper end of the second bracket."""
    first_frac: Fraction = 0.60
    """Share of the first bracket that is billed at least."""
    second_frac: Fraction = 0.85
    """Share of the second bracket."""
    third_frac: Fraction = 1.0
    """Share of what is above the second bracket."""
    cap_frac: Fraction = 0.85
    """Share of all contracted demand that is billed at most, as long as no more is drawn."""
    rate_usd_per_mw_month: Positive | None = None
    """Charge per billed MW and month; by default the demand charge of the site."""


class MinimumBilling(Rule[MinimumBillingParams]):
    r"""What is billed in a month is the largest import, or a share of the contract if that is more.

    .. math:: B_m \ge peak_m, \qquad B_m \ge M(W)

    Where the site has a demand charge, that bills the peaks, and this rule what is above them. The
    least billed demand :math:`M(W)` is the lower of the sum over brackets and of the cap. That is
    not convex where a contract may lie on either side of their crossing (116.7 MW as they stand),
    so one of the two is taken for a site: the lower one at its peak demand, or at the largest
    contract if that is less. It never bills less than the lower of both. What it bills more, at
    most 6.25 MW as the brackets stand, is told in the result.
    """

    id = "minimum-billing"
    title = "Minimum billing of contracted demand"
    cite = "PUCO 24-508-EL-ATA, data center tariff of AEP Ohio"
    evidence = (
        Evidence("S", "PUCO 24-508-EL-ATA", "85 % of contracted demand is billed, above 25 MW"),
        Evidence("S", "AEP Ohio, brackets", "60, 85 and 100 %, which lets smaller sites pay less"),
        Evidence(
            "D",
            "the lower of brackets and cap",
            "one of them for a site, told by its peak demand: up to 6.25 MW too much on a contract "
            "far from that",
        ),
        Evidence("D", "contract", "the contracted withdrawal; exit fees are left out"),
    )
    params = MinimumBillingParams
    no_relief = "it charges, and leaves every plan"

    def applies(self, case: Case, params: MinimumBillingParams) -> Applicability:
        """Test the tie, the demand and the rate."""
        peak = peak_demand_mw(case)
        if case.grid is None:
            return Applicability.no("the site is islanded: nothing is contracted")
        if peak <= params.threshold_mw:
            return Applicability.no(
                f"demand of {beside(peak, params.threshold_mw)} MW is not above "
                f"{params.threshold_mw:,.6g} MW"
            )
        rate = _rate(case, params)
        if rate == 0:
            return Applicability.no(
                "neither rate_usd_per_mw_month nor a demand charge of the site is given"
            )
        reason = f"USD {rate:,.0f} per MW and month, least by the {_schedule(case, params)}"
        return Applicability.yes(reason, "; ".join(_warnings(case, params)))

    def words(self, params: MinimumBillingParams) -> str:
        """Say what is billed."""
        return (
            f"Each month bills at least {params.first_frac:.0%} of the first "
            f"{params.first_up_to_mw:g} MW of the contract, {params.second_frac:.0%} up to "
            f"{params.second_up_to_mw:g} MW and {params.third_frac:.0%} of the rest, or "
            f"{params.cap_frac:.0%} of all if that is less."
        )

    def faults(self, params: MinimumBillingParams) -> Iterator[Fault]:
        """Refuse brackets that overlap."""
        first, second = params.first_up_to_mw, params.second_up_to_mw
        if first > second:
            yield Fault(
                ("first_up_to_mw",),
                f"first_up_to_mw is {first:g}, above second_up_to_mw",
                f"up to {second:g}",
                "the second bracket begins where the first one ends",
            )

    def build(self, block: RuleBlock, m: Model, params: MinimumBillingParams) -> None:
        """Bill the largest import of each month or the least billed demand."""
        case, lines = block.case, _lines(block.case, params)
        largest = case.grid.withdrawal_max_mw if case.grid else 0.0
        # Shares that fall from bracket to bracket may bill more than all that is contracted.
        most = max(largest, billed_at_least_mw(case, params, largest))
        billed = {month: block.shared_variable(f"billed_mw[{month}]", most) for month in m.MONTHS}

        def least_billed(k: str, month: int, line: int) -> Expr:
            per_mw, offset_mw = lines[line]
            return billed[month] - per_mw * m.withdrawal_mw[k] >= offset_mw * m.has_tie[k]

        def peak_billed(k: str, month: int) -> Expr:
            return billed[month] >= m.peak_mw[k, month]

        months = [(k, month) for k in m.TIES for month in m.MONTHS]
        over = [(*each, line) for each in months for line in range(len(lines))]
        block.rows("least_billed", over, least_billed)
        block.rows("peak_billed", months, peak_billed)
        rate, of_site = _rate(case, params), _paid_by_site(case, params)
        for k, month in months:
            usd = rate * billed[month] - of_site * m.peak_mw[k, month]
            block.add_cost_usd(m.months_per_year_of[month] * usd)

    def check(self, plan: Plan, case: Case, params: MinimumBillingParams) -> RuleCheck:
        """Count what is billed above the peaks."""
        least = billed_at_least_mw(case, params, plan.withdrawal_mw)
        peak = np.zeros(len(case.axis.month_label))
        np.maximum.at(peak, case.axis.month, plan.import_mw)
        billed, months = np.maximum(least, peak), _months_per_year(case)
        usd = _rate(case, params) * billed - _paid_by_site(case, params) * peak
        above = _rate(case, params) * (billed - peak)
        contract = plan.withdrawal_mw
        lower = min(_bracketed_mw(params, contract), params.cap_frac * contract)
        rows = (
            EvidenceRow(what="contract", value=contract, unit="MW"),
            EvidenceRow(what="least billed demand", value=least, unit="MW"),
            EvidenceRow(what="billed by", value=_schedule(case, params)),
            EvidenceRow(what="more than the lower schedule", value=least - lower, unit="MW"),
            EvidenceRow(what="smallest peak of a month", value=float(peak.min()), unit="MW"),
            EvidenceRow(what="billed above the peaks", value=float(months @ above), unit="USD/yr"),
        )
        return RuleCheck(rows=rows, cost_usd=float(months @ usd))


def billed_at_least_mw(case: Case, params: MinimumBillingParams, contract_mw: float) -> float:
    """Return the least demand that a contract bills in a month, by the schedule of the site."""
    return max([per_mw * contract_mw + offset for per_mw, offset in _lines(case, params)] + [0.0])


def _lines(case: Case, params: MinimumBillingParams) -> list[tuple[float, float]]:
    """Return slope and offset of the lines whose maximum is the least billed demand."""
    if _schedule(case, params) == "cap":
        return [(params.cap_frac, 0.0)]
    first, second = params.first_up_to_mw, params.second_up_to_mw
    to_second = (params.first_frac - params.second_frac) * first
    to_third = to_second + (params.second_frac - params.third_frac) * second
    return [
        (params.first_frac, 0.0),
        (params.second_frac, to_second),
        (params.third_frac, to_third),
    ]


def _schedule(case: Case, params: MinimumBillingParams) -> str:
    """Return what bills less where the site is expected to contract."""
    largest = case.grid.withdrawal_max_mw if case.grid else 0.0
    contract = min(peak_demand_mw(case), largest)
    return "cap" if params.cap_frac * contract < _bracketed_mw(params, contract) else "brackets"


def _bracketed_mw(params: MinimumBillingParams, contract_mw: float) -> float:
    ends = np.array([0.0, params.first_up_to_mw, params.second_up_to_mw, np.inf])
    inside = np.clip(contract_mw - ends[:-1], 0.0, np.diff(ends))
    return float(inside @ (params.first_frac, params.second_frac, params.third_frac))


def _warnings(case: Case, params: MinimumBillingParams) -> Iterator[str]:
    charged = case.grid.demand_charge_usd_per_mw_month if case.grid else 0.0
    if charged > 0 and _paid_by_site(case, params) == 0:
        yield "the demand charge of the site is counted too; leave one of them out"
    if not params.first_frac <= params.second_frac <= params.third_frac:
        yield "shares that fall from bracket to bracket are billed by the largest line"
    more = _most_above_lower_mw(case, params)
    if more > NOTHING_MW:
        yield (
            f"the least billed demand is that by {_schedule(case, params)} whatever is contracted, "
            f"up to {more:,.4g} MW more than the lower of brackets and cap; the result tells how "
            "much"
        )


def _most_above_lower_mw(case: Case, params: MinimumBillingParams) -> float:
    """Return the most that any contract is billed beyond the lower of brackets and cap.

    Between the ends of brackets both are straight lines, so one of these ends is the worst.
    """
    largest = case.grid.withdrawal_max_mw if case.grid else 0.0
    ends = (params.first_up_to_mw, params.second_up_to_mw, largest)
    contracts = [contract for contract in ends if contract <= largest]
    return max(
        billed_at_least_mw(case, params, mw) - min(_bracketed_mw(params, mw), params.cap_frac * mw)
        for mw in contracts
    )


def _rate(case: Case, params: MinimumBillingParams) -> float:
    given = params.rate_usd_per_mw_month
    return _paid_by_site(case, params) if given is None else given


def _paid_by_site(case: Case, params: MinimumBillingParams) -> float:
    """Return the rate at which the site itself bills its peaks, unless the rule has its own."""
    if case.grid is None or params.rate_usd_per_mw_month is not None:
        return 0.0
    return case.grid.demand_charge_usd_per_mw_month


def _months_per_year(case: Case) -> Floats:
    """Return how many months of an average year each month stands for. Shape (M,)."""
    per_year = case.axis.probability * case.axis.month_factor
    return np.asarray(per_year[case.axis.month_year])
