"""Financial security for the contracted withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.finance import capital_recovery_factor
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import Fraction, NonNegative, Positive

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Model, RuleBlock

__all__ = ["SbSixSecurity", "SbSixSecurityParams", "annual_usd_per_mw"]


class SbSixSecurityParams(Params):
    """Parameters of ``sb6.security``."""

    security_usd_per_mw: NonNegative = 50_000.0
    """Security posted per MW of contracted withdrawal."""
    carry_frac_per_yr: Fraction = 0.015
    """Yearly cost of carrying it."""
    years: Positive = 3.0
    """Years until it is given back."""
    nonrefundable_usd_per_mw: NonNegative = 0.0
    """Part that is not given back."""
    life_yr: Positive = 30.0
    """Years over which these costs are paid off."""


class SbSixSecurity(Rule[SbSixSecurityParams]):
    """Security is carried for some years at a rate; what is not refunded is capital.

    Both are spread over the life of the tie: the carry of a few years by the ratio of two
    capital recovery factors.
    """

    id = "sb6.security"
    title = "Financial security for the withdrawal"
    cite = "PURA 37.0561 (h); 16 TAC 25.194"
    evidence = (
        Evidence("S", "PURA 37.0561 (h)", "proof of financial commitment, such as security per MW"),
        Evidence("S", "16 TAC 25.194, final", "USD 50,000 per MW at the intermediate agreement"),
        Evidence("D", "carry_frac_per_yr, years, life_yr", "cost of a letter of credit until then"),
    )
    params = SbSixSecurityParams
    no_relief = "it charges, and leaves every plan"
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixSecurityParams) -> Applicability:
        """Test the tie; the site may count security already."""
        if case.grid is None:
            return Applicability.no("the site is islanded: nothing is contracted")
        warning = ""
        if case.grid.security_carry_usd_per_mw_yr > 0:
            warning = "grid.security_usd_per_mw of the site is counted too; set one of them to 0"
        reason = f"USD {params.security_usd_per_mw:,.0f} for each MW of withdrawal"
        return Applicability.yes(reason, warning)

    def words(self, params: SbSixSecurityParams) -> str:
        """Say what is posted."""
        return (
            f"USD {params.security_usd_per_mw:,.0f} is posted for each MW of contracted "
            f"withdrawal for {params.years:g} years."
        )

    def build(self, block: RuleBlock, m: Model, params: SbSixSecurityParams) -> None:
        """Charge for each MW of withdrawal."""
        annual = annual_usd_per_mw(block.case.wacc, params)
        block.add_cost_usd(sum(annual * m.withdrawal_mw[k] for k in m.TIES))

    def check(self, plan: Plan, case: Case, params: SbSixSecurityParams) -> RuleCheck:
        """Count what is posted and what that costs."""
        posted = params.security_usd_per_mw * plan.withdrawal_mw
        annual = annual_usd_per_mw(case.wacc, params) * plan.withdrawal_mw
        return RuleCheck(
            rows=(
                EvidenceRow(what="security posted", value=posted, unit="USD"),
                EvidenceRow(what="cost of it", value=annual, unit="USD/yr"),
            ),
            cost_usd=annual,
        )


def annual_usd_per_mw(wacc: float, params: SbSixSecurityParams) -> float:
    """Return what a MW of withdrawal costs a year, over the life of the tie."""
    over_life = capital_recovery_factor(wacc, params.life_yr)
    carried = params.security_usd_per_mw * params.carry_frac_per_yr
    share = over_life / capital_recovery_factor(wacc, params.years)
    return carried * share + params.nonrefundable_usd_per_mw * over_life
