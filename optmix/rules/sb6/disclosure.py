"""Disclosure of requests elsewhere that are substantially similar, and of backup generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import Fraction, NonNegative

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["SbSixDisclosure", "SbSixDisclosureParams"]


class SbSixDisclosureParams(Params):
    """Parameters of ``sb6.disclosure``."""

    delay_yr: NonNegative = 1.0
    """Delay of this request that approval of another one would mean, which makes it material."""
    mw_change_frac: Fraction = 0.20
    """Change of this request, as a share of its demand, that makes it material."""


class SbSixDisclosure(Rule[SbSixDisclosureParams]):
    """What the planner must tell the utility; nothing that a model can keep."""

    id = "sb6.disclosure"
    title = "Disclosure of similar requests and of backup generation"
    cite = "PURA 37.0561 (d), (e); 16 TAC 25.194 (d)"
    evidence = (
        Evidence(
            "P", "PURA 37.0561 (d)", "requests elsewhere that are substantially similar are told"
        ),
        Evidence("S", "PURA 37.0561 (e)", "on-site backup generation is told to the utility"),
        Evidence("S", "16 TAC 25.194 (d)", "what makes a change of a request material"),
    )
    params = SbSixDisclosureParams
    needs = ("sb6.applicability",)
    is_checklist = True

    def applies(self, case: Case, params: SbSixDisclosureParams) -> Applicability:  # noqa: ARG002
        """Test the tie."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it asks for no connection")
        return Applicability.yes("the site asks for a connection")

    def words(self, params: SbSixDisclosureParams) -> str:
        """Say what is to be told."""
        return (
            "Tell the utility of similar requests elsewhere in the state whose approval would "
            f"delay this one by {params.delay_yr:g} years or change it by "
            f"{params.mw_change_frac:.0%} or more, and of on-site backup generation."
        )

    def check(self, plan: Plan, case: Case, params: SbSixDisclosureParams) -> RuleCheck:
        """List what is to be done."""
        installed = sum(
            float(unit.net_rating_mw * count)
            for unit, count in zip(case.units, plan.units, strict=True)
        )
        similar = (
            f"similar requests elsewhere: delay of {params.delay_yr:g} years or change of "
            f"{params.mw_change_frac:.0%} or more"
        )
        return RuleCheck(
            rows=(
                EvidenceRow(what=similar, value="to be told by the planner"),
                EvidenceRow(what="on-site generation to be told", value=installed, unit="MW"),
            )
        )
