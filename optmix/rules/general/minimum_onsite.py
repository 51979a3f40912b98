"""A least share of demand that is served from the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from optmix.rules.measures import capability_at_peak_mw, mean_demand_mw, peak_demand_mw
from optmix.rules.relief import less
from optmix.rules.rule import Applicability, Evidence, EvidenceRow, Params, Rule, RuleCheck, Slack
from optmix.schema.base import Fraction, NonNegative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan
    from optmix.rules.relief import Relief
    from optmix.rules.rule import Expr, Model, RuleBlock

__all__ = ["MinimumOnsite", "MinimumOnsiteParams"]


class MinimumOnsiteParams(Params):
    """Parameters of ``minimum-onsite``."""

    frac: NonNegative = 1.0
    """Accredited capacity on site as a share of demand."""
    basis: Literal["peak", "mean"] = "peak"
    """Which demand is meant."""
    battery_credit_frac: Fraction = 0.0
    """Share of the power of batteries that is accredited."""


class MinimumOnsite(Rule[MinimumOnsiteParams]):
    """Capacity on site, each unit at its capability at peak times its availability."""

    id = "minimum-onsite"
    title = "Least capacity on site"
    cite = "a target of the planner; no law"
    evidence = (
        Evidence("D", "accredited capacity", "capability at peak demand, less forced outages"),
        Evidence("D", "share of demand", "all of it, as some regulators abroad ask"),
    )
    params = MinimumOnsiteParams

    def applies(self, case: Case, params: MinimumOnsiteParams) -> Applicability:
        """Apply everywhere."""
        needed = _needed_mw(case, params)
        return Applicability.yes(f"the site asks for {needed:,.6g} MW on site")

    def words(self, params: MinimumOnsiteParams) -> str:
        """Say what is asked."""
        return (
            f"Accredited capacity on site is at least {params.frac:.0%} of {params.basis} demand."
        )

    def build(self, block: RuleBlock, m: Model, params: MinimumOnsiteParams) -> None:
        """Ask for the capacity."""
        case = block.case

        def enough_on_site(_: int) -> Expr:
            units = sum(_accredited_mw(case, unit) * m.n_units[unit.name] for unit in case.units)
            batteries = sum(
                params.battery_credit_frac * item.module_mw * m.n_modules[item.name]
                for item in case.batteries
            )
            return units + batteries >= _needed_mw(case, params)

        block.rows("enough_on_site", [0], enough_on_site)

    def reliefs(self, case: Case, params: MinimumOnsiteParams) -> Iterator[Relief]:  # noqa: ARG002
        """Yield what may give way."""
        yield from less("frac", params.frac)

    def check(self, plan: Plan, case: Case, params: MinimumOnsiteParams) -> RuleCheck:
        """Count the capacity."""
        needed = _needed_mw(case, params)
        units = sum(
            count * _accredited_mw(case, unit)
            for unit, count in zip(case.units, plan.units.tolist(), strict=True)
        )
        batteries = sum(
            count * params.battery_credit_frac * item.module_mw
            for item, count in zip(case.batteries, plan.modules.tolist(), strict=True)
        )
        one = sum(_accredited_mw(case, unit) for unit in case.units)
        what = "less accredited capacity on site than asked for"
        return RuleCheck(
            (Slack(what, "MW", units + batteries - needed, needed, one),),
            (
                EvidenceRow(what="accredited units", value=float(units), unit="MW"),
                EvidenceRow(what="accredited batteries", value=float(batteries), unit="MW"),
                EvidenceRow(what="needed", value=needed, unit="MW"),
            ),
        )


def _accredited_mw(case: Case, unit: UnitType) -> float:
    return capability_at_peak_mw(case, unit) * (1.0 - unit.forced_outage_frac)


def _needed_mw(case: Case, params: MinimumOnsiteParams) -> float:
    demand = peak_demand_mw(case) if params.basis == "peak" else mean_demand_mw(case)
    return params.frac * demand
