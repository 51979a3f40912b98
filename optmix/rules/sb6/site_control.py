"""Proof of site control: ownership, a lease, or another legal interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck
from optmix.schema.base import NonNegative

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["SbSixSiteControl", "SbSixSiteControlParams"]


class SbSixSiteControlParams(Params):
    """Parameters of ``sb6.site-control``."""

    lease_years_after_peak: NonNegative = 5.0
    """Years that a lease must last beyond the one in which demand reaches its peak."""


class SbSixSiteControl(Rule[SbSixSiteControlParams]):
    """A proof that the planner brings; nothing that a model can keep."""

    id = "sb6.site-control"
    title = "Proof of site control"
    cite = "PURA 37.0561 (g); 16 TAC 25.194 (d)"
    evidence = (
        Evidence("S", "PURA 37.0561 (g)", "ownership, lease or another legal interest is shown"),
        Evidence("S", "16 TAC 25.194 (d)", "how long a lease must last"),
    )
    params = SbSixSiteControlParams
    needs = ("sb6.applicability",)
    is_checklist = True

    def applies(self, case: Case, params: SbSixSiteControlParams) -> Applicability:  # noqa: ARG002
        """Test the tie."""
        if case.grid is None:
            return Applicability.no("the site is islanded: it asks for no connection")
        return Applicability.yes("the site asks for a connection")

    def words(self, params: SbSixSiteControlParams) -> str:
        """Say what is to be shown."""
        return (
            "Show ownership of the site, another legal interest, or a lease that lasts "
            f"{params.lease_years_after_peak:g} years beyond the year of peak demand."
        )

    def check(self, plan: Plan, case: Case, params: SbSixSiteControlParams) -> RuleCheck:  # noqa: ARG002
        """List what is to be done."""
        years = params.lease_years_after_peak
        return RuleCheck(
            rows=(
                EvidenceRow(what="proof of site control", value="to be shown by the planner"),
                EvidenceRow(what="lease beyond the year of peak", value=years, unit="yr"),
            )
        )
