"""Which large loads SB6 concerns: the gate of the other rules of the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.facts import RequestedMw, requested_mw
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.rules.words import beside
from optmix.schema.base import Flag, NonNegative, Positive

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["SbSixApplicability", "SbSixApplicabilityParams"]


class SbSixApplicabilityParams(Params):
    """Parameters of ``sb6.applicability``."""

    threshold_mw: Positive = 75.0
    """Demand at one site from which on the act concerns a new load."""
    requested_mw: RequestedMw = None
    """Demand that is asked for; by default the peak demand of the site."""
    is_expansion: Flag = False
    """Whether a load that is connected already grows."""
    existing_mw: NonNegative = 0.0
    """Demand that is connected already, of an expansion."""
    expansion_step_mw: Positive = 75.0
    """Growth from which on the act concerns an expansion."""


class SbSixApplicability(Rule[SbSixApplicabilityParams]):
    """SB6 concerns large loads with a tie to the grid; an islanded site is outside of it."""

    id = "sb6.applicability"
    title = "Large load under SB6"
    cite = "PURA 37.0561 (c); 16 TAC 25.194 (b)"
    evidence = (
        Evidence("P", "PURA 37.0561 (c)", "a demand that would exceed 75 MW at one site"),
        Evidence("S", "16 TAC 25.194 (b)", "the rule of the commission tests for 75 MW or more"),
        Evidence("D", "requested demand", "taken to be the peak demand of the site"),
        Evidence("D", "expansion step", "an expansion is tested by its growth alone"),
    )
    params = SbSixApplicabilityParams

    def applies(self, case: Case, params: SbSixApplicabilityParams) -> Applicability:
        """Test the tie and the demand."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it asks for no connection")
        mw, limit = _tested_mw(case, params), _limit_mw(params)
        noun = "growth of demand" if params.is_expansion else "requested demand"
        if params.is_expansion and mw <= 0:
            return Applicability.no(
                f"demand does not grow: {params.existing_mw:,.6g} MW are connected already, and "
                f"{_asked_mw(case, params):,.6g} MW are asked for"
            )
        if mw < limit:
            return Applicability.no(f"{noun} of {beside(mw, limit)} MW is below {limit:,.6g} MW")
        warning = ""
        if mw == limit:
            warning = (
                f"{noun} is exactly {limit:,.6g} MW: the act says that it must exceed this, the "
                "rule of the commission that it reaches it; it is taken to apply"
            )
        told = beside(mw, limit)
        return Applicability.yes(f"{noun} of {told} MW is {limit:,.6g} MW or more", warning)

    def words(self, params: SbSixApplicabilityParams) -> str:
        """Say what is tested."""
        return f"The other rules of SB6 hold from {_limit_mw(params):,.6g} MW on."

    def check(self, plan: Plan, case: Case, params: SbSixApplicabilityParams) -> RuleCheck:
        """Tell the figures; a gate asks nothing of a plan."""
        return RuleCheck(
            rows=(
                EvidenceRow(what="tested demand", value=_tested_mw(case, params), unit="MW"),
                EvidenceRow(what="threshold", value=_limit_mw(params), unit="MW"),
                EvidenceRow(what="contracted withdrawal", value=plan.withdrawal_mw, unit="MW"),
                EvidenceRow(what="rule pack", value=case.rules.pack),
            )
        )


def _limit_mw(params: SbSixApplicabilityParams) -> float:
    return params.expansion_step_mw if params.is_expansion else params.threshold_mw


def _tested_mw(case: Case, params: SbSixApplicabilityParams) -> float:
    asked = _asked_mw(case, params)
    # Differences of decimals are no decimals: 175.3 less 100.3 is to be 75.
    return round(asked - params.existing_mw, 9) if params.is_expansion else asked


def _asked_mw(case: Case, params: SbSixApplicabilityParams) -> float:
    return requested_mw(case, params.requested_mw)
