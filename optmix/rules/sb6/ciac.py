"""Contribution in aid of construction: what is paid for the equipment that connects the load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.finance import capital_recovery_factor
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import NonNegative, Positive

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Model, RuleBlock

__all__ = ["SbSixCiac", "SbSixCiacParams"]


class SbSixCiacParams(Params):
    """Parameters of ``sb6.ciac``."""

    ciac_fixed_usd: NonNegative = 0.0
    """Contribution of having a tie at all, as the utility quotes it."""
    ciac_usd_per_mw: NonNegative = 0.0
    """Contribution per MW of contracted withdrawal, as the utility quotes it."""
    life_yr: Positive = 30.0
    """Years over which it is paid off."""


class SbSixCiac(Rule[SbSixCiacParams]):
    """A payment that the utility quotes for the site, paid off like other capital of the tie."""

    id = "sb6.ciac"
    title = "Contribution in aid of construction"
    cite = "PURA 35.004 (c-1); 16 TAC 25.194"
    evidence = (
        Evidence("P", "PURA 35.004 (c-1)", "large loads contribute to the cost of connecting them"),
        Evidence("S", "16 TAC 25.194", "a contribution in aid of construction as a commitment"),
        Evidence("D", "life_yr", "it is paid off like other capital; the amounts are the user's"),
    )
    params = SbSixCiacParams
    no_relief = "it charges, and leaves every plan"
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixCiacParams) -> Applicability:
        """Test the tie and the amounts; the site may count the interconnection already."""
        if case.grid is None:
            return Applicability.no("the site is islanded: nothing is connected")
        if params.ciac_fixed_usd == 0 and params.ciac_usd_per_mw == 0:
            return Applicability.no("no contribution is given; the utility quotes one")
        warning = ""
        if case.grid.capital_usd_per_mw_yr > 0 or case.grid.capital_fixed_usd_per_yr > 0:
            warning = (
                "interconnection capital of [grid] is counted too; both must not mean the same"
            )
        return Applicability.yes("a contribution is given", warning)

    def words(self, params: SbSixCiacParams) -> str:
        """Say what is paid."""
        return (
            f"A plan with a tie contributes USD {params.ciac_fixed_usd:,.0f} and "
            f"USD {params.ciac_usd_per_mw:,.0f} for each MW of contracted withdrawal."
        )

    def build(self, block: RuleBlock, m: Model, params: SbSixCiacParams) -> None:
        """Charge its annuity."""
        crf = capital_recovery_factor(block.case.wacc, params.life_yr)
        fixed, per_mw = crf * params.ciac_fixed_usd, crf * params.ciac_usd_per_mw
        block.add_cost_usd(sum(fixed * m.has_tie[k] + per_mw * m.withdrawal_mw[k] for k in m.TIES))

    def check(self, plan: Plan, case: Case, params: SbSixCiacParams) -> RuleCheck:
        """Count what is paid."""
        paid = params.ciac_fixed_usd * float(plan.has_grid)
        paid += params.ciac_usd_per_mw * plan.withdrawal_mw
        annual = paid * capital_recovery_factor(case.wacc, params.life_yr)
        return RuleCheck(
            rows=(
                EvidenceRow(what="contribution", value=paid, unit="USD"),
                EvidenceRow(what="its annuity", value=annual, unit="USD/yr"),
            ),
            cost_usd=annual,
        )
