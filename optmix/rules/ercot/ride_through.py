"""Ride-through of voltage and frequency by large electronic loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.facts import RequestedMw, requested_mw
from optmix.rules.measures import peak_demand_mw
from optmix.rules.relief import less, more
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.rules.words import beside
from optmix.schema.base import Flag, Fraction, Label, NonNegative, Positive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["ErcotRideThrough", "ErcotRideThroughParams"]


class ErcotRideThroughParams(Params):
    """Parameters of ``ercot.ride-through``."""

    threshold_mw: Positive = 75.0
    """Requested demand from which on a load is large."""
    requested_mw: RequestedMw = None
    """Demand that is asked for; by default the peak demand of the site."""
    computing_frac: Fraction = 1.0
    """Share of demand that is computing."""
    least_computing_frac: Fraction = 0.50
    """Share of computing from which on a large load is an electronic one."""
    frac: Fraction = 0.0
    """Power of batteries and uninterruptible supplies as a share of peak demand."""
    ups_mw: NonNegative = 0.0
    """Power of uninterruptible supplies within the load, which the model does not hold."""
    is_attested: Flag = False
    """Whether the planner has attested it; until then the rule stays a checklist."""
    curves: Label = "voltage and frequency tables of NOGRR282"
    """What is to be ridden through."""


class ErcotRideThrough(Rule[ErcotRideThroughParams]):
    """An attestation that the planner brings; and storage for it, where a share is asked for.

    Storage is checked all the same, but without the attestation nothing passes.
    """

    id = "ercot.ride-through"
    title = "Ride-through of large electronic loads"
    cite = "NOGRR282"
    evidence = (
        Evidence("P", "NOGRR282", "large electronic loads stay connected through disturbances"),
        Evidence("S", "NPRR1308", "75 MW or more, of which computing is half or more"),
        Evidence("D", "frac, computing_frac", "no storage is asked for; all demand is computing"),
    )
    params = ErcotRideThroughParams

    def applies(self, case: Case, params: ErcotRideThroughParams) -> Applicability:
        """Test the tie, the demand, and what it is of."""
        peak = requested_mw(case, params.requested_mw)
        if case.grid is None:
            return Applicability.no("the site is islanded: the grid does not disturb it")
        if peak < params.threshold_mw:
            return Applicability.no(
                f"demand of {beside(peak, params.threshold_mw)} MW is below "
                f"{params.threshold_mw:,.6g} MW"
            )
        if params.computing_frac < params.least_computing_frac:
            return Applicability.no(f"computing is {params.computing_frac:.0%} of demand only")
        return Applicability.yes(
            f"demand of {peak:,.6g} MW, {params.computing_frac:.0%} of it computing"
        )

    def words(self, params: ErcotRideThroughParams) -> str:
        """Say what is asked."""
        asked = f"Attest that the load rides through the {params.curves}"
        if params.frac == 0:
            return f"{asked}."
        return f"{asked}; batteries and UPS have {params.frac:.0%} of peak demand or more."

    def asks(self, case: Case, params: ErcotRideThroughParams) -> bool:  # noqa: ARG002
        """Ask nothing without a share."""
        return params.frac > 0

    def build(self, block: RuleBlock, m: Model, params: ErcotRideThroughParams) -> None:
        """Ask for storage, if a share is given."""
        if not self.asks(block.case, params):
            return
        case = block.case

        def enough_storage(_: int) -> Expr:
            batteries = sum(item.module_mw * m.n_modules[item.name] for item in case.batteries)
            return batteries + params.ups_mw >= params.frac * peak_demand_mw(case)

        block.rows("enough_storage", [0], enough_storage)

    def reliefs(self, case: Case, params: ErcotRideThroughParams) -> Iterator[Relief]:
        """Yield what may give way."""
        if self.asks(case, params):
            yield from less("frac", params.frac)
            yield from more("ups_mw", params.ups_mw, params.frac * peak_demand_mw(case), "MW")

    def check(self, plan: Plan, case: Case, params: ErcotRideThroughParams) -> RuleCheck:
        """List what is to be attested, and compare storage with the share."""
        modules = [item.module_mw for item in case.batteries]
        stored = params.ups_mw + sum(
            float(mw * n) for mw, n in zip(modules, plan.modules, strict=True)
        )
        needed = params.frac * peak_demand_mw(case)
        is_open = not params.is_attested
        attested = "to be attested by the planner" if is_open else "attested, as the site says"
        rows = (
            EvidenceRow(what=params.curves, value=attested),
            EvidenceRow(what="power of batteries and UPS", value=stored, unit="MW"),
            EvidenceRow(what="needed", value=needed, unit="MW"),
        )
        if params.frac == 0:
            return RuleCheck(rows=rows, is_told_only=is_open)
        what = "less power of batteries and UPS than asked for"
        one = sum(modules)
        slack = Slack(what, "MW", stored - needed, needed, one)
        return RuleCheck((slack,), rows, is_told_only=is_open)
