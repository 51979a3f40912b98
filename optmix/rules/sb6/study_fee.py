"""The flat fee of the interconnection study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.finance import capital_recovery_factor
from optmix.rules.facts import RequestedMw, requested_mw
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import NonNegative, Positive

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.rule import Model, RuleBlock

__all__ = ["SbSixStudyFee", "SbSixStudyFeeParams"]


class SbSixStudyFeeParams(Params):
    """Parameters of ``sb6.study-fee``."""

    study_fee_usd: NonNegative = 100_000.0
    """Fee of the study."""
    large_fee_usd: NonNegative | None = None
    """Fee of a larger request instead; none by default."""
    large_from_mw: Positive = 250.0
    """Requested demand from which on that fee is due."""
    requested_mw: RequestedMw = None
    """Demand that is asked for; by default the peak demand of the site."""
    life_yr: Positive = 30.0
    """Years over which the fee is paid off."""


class SbSixStudyFee(Rule[SbSixStudyFeeParams]):
    """A fee that is due once there is a tie at all, paid off like other capital of the tie."""

    id = "sb6.study-fee"
    title = "Fee of the interconnection study"
    cite = "PURA 37.0561 (f); 16 TAC 25.194"
    evidence = (
        Evidence("S", "PURA 37.0561 (f)", "a flat fee of at least USD 100,000"),
        Evidence("S", "16 TAC 25.194, final", "USD 100,000; as proposed, 300,000 from 250 MW on"),
        Evidence("D", "life_yr", "the fee is paid off like other capital"),
    )
    params = SbSixStudyFeeParams
    no_relief = "it charges, and leaves every plan"
    needs = ("sb6.applicability",)

    def applies(self, case: Case, params: SbSixStudyFeeParams) -> Applicability:
        """Test the tie."""
        if case.grid is None:
            return Applicability.no("the site is islanded: nothing is studied")
        fee = _fee_usd(case, params)
        return Applicability.yes(f"USD {fee:,.0f} if the plan has a tie")

    def words(self, params: SbSixStudyFeeParams) -> str:
        """Say what is paid."""
        large = ""
        if params.large_fee_usd is not None:
            large = f", USD {params.large_fee_usd:,.0f} from {params.large_from_mw:g} MW on"
        return f"A plan with a tie pays USD {params.study_fee_usd:,.0f}{large} for the study."

    def build(self, block: RuleBlock, m: Model, params: SbSixStudyFeeParams) -> None:
        """Charge the annuity of the fee where there is a tie."""
        annual = _annual_usd(block.case, params)
        block.add_cost_usd(sum(annual * m.has_tie[k] for k in m.TIES))

    def check(self, plan: Plan, case: Case, params: SbSixStudyFeeParams) -> RuleCheck:
        """Count what is paid."""
        annual = _annual_usd(case, params) * float(plan.has_grid)
        fee = _fee_usd(case, params) * float(plan.has_grid)
        return RuleCheck(
            rows=(
                EvidenceRow(what="fee", value=fee, unit="USD"),
                EvidenceRow(what="its annuity", value=annual, unit="USD/yr"),
            ),
            cost_usd=annual,
        )


def _fee_usd(case: Case, params: SbSixStudyFeeParams) -> float:
    is_large = requested_mw(case, params.requested_mw) >= params.large_from_mw
    if params.large_fee_usd is not None and is_large:
        return params.large_fee_usd
    return params.study_fee_usd


def _annual_usd(case: Case, params: SbSixStudyFeeParams) -> float:
    return _fee_usd(case, params) * capital_recovery_factor(case.wacc, params.life_yr)
