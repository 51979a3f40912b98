"""Check a plan against its case: every equation, every cost line, from scratch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optmix.data.cost_lines import COST_LINES
from optmix.verify.battery import battery
from optmix.verify.bounds import bounds
from optmix.verify.commitment import commitment
from optmix.verify.cost import cost_usd
from optmix.verify.demand import demand
from optmix.verify.emissions import POLLUTANTS, emissions, emitted_tpy
from optmix.verify.energy import energy_mwh
from optmix.verify.fuel import fuel
from optmix.verify.grid import grid
from optmix.verify.maintenance import maintenance
from optmix.verify.output import output
from optmix.verify.reserve import reserve
from optmix.verify.rules import check_rules
from optmix.verify.sizing import sizing
from optmix.verify.structure import SHAPES, normalised, structure
from optmix.verify.supply import supply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import Finding, RuleOutcome
    from optmix.verify.rows import Margin, Rows

__all__ = ["FAMILIES", "Verification", "verify_plan"]

FAMILIES: tuple[Callable[[Case, Plan], Iterator[Rows]], ...] = (
    sizing,
    bounds,
    commitment,
    output,
    fuel,
    supply,
    maintenance,
    battery,
    grid,
    demand,
    reserve,
    emissions,
)
"""Every family of equations. Each yields the rows of its equations for a case and a plan."""


@dataclass(frozen=True)
class Verification:
    """What the check of one plan found.

    Figures that a plan of the wrong shape does not allow are not a number.

    Attributes
    ----------
    findings
        What is broken; empty for a correct plan.
    costs_usd
        Annual cost by line, in the order of :data:`optmix.data.cost_lines.COST_LINES`.
    objective_usd
        Their sum.
    energy_mwh
        Expected energy a year, by source and use.
    emissions_tpy
        Expected emissions a year by pollutant, in short tons.
    emissions_by_year_tpy
        The same for each operating year by its name.
    lcoe_usd_per_mwh
        Annual cost per MWh served; none where nothing is served.
    margins
        Least slack of each inequality, by equation.
    n_checks
        How many rows were checked.
    rules
        How each rule stands to the plan.
    """

    findings: tuple[Finding, ...]
    costs_usd: dict[str, float]
    objective_usd: float
    energy_mwh: dict[str, float]
    emissions_tpy: dict[str, float]
    emissions_by_year_tpy: dict[str, dict[str, float]]
    lcoe_usd_per_mwh: float | None
    margins: dict[str, Margin]
    n_checks: int
    rules: tuple[RuleOutcome, ...] = ()

    @property
    def is_correct(self) -> bool:
        """Whether the plan breaks nothing."""
        return not self.findings


def verify_plan(case: Case, plan: Plan) -> Verification:
    """Check a plan against its case.

    Parameters
    ----------
    case
        The site as numbers.
    plan
        Any plan, however wrong: what is wrong with it is a finding, never an exception.

    Returns
    -------
    Verification
        Findings and recomputed figures.

    Raises
    ------
    SchemaError
        A rule of the site, or a parameter of one, is unknown or not valid.
    """
    unsound = structure(case, plan)
    if unsound:
        return _unreadable(tuple(unsound))
    plan = normalised(plan)
    findings: list[Finding] = []
    margins: dict[str, Margin] = {}
    n_checks = 0
    for family in FAMILIES:
        for rows in family(case, plan):
            n_checks += rows.n_rows
            finding, margin = rows.finding(), rows.margin()
            if finding:
                findings.append(finding)
            least = margins.get(rows.equation)
            if margin and (least is None or margin.slack < least.slack):
                margins[rows.equation] = margin
    ruled = check_rules(case, plan)
    costs = cost_usd(case, plan) | {"rules": ruled.cost_usd}
    energy = energy_mwh(case, plan)
    objective = math.fsum(costs.values())
    return Verification(
        findings=(*findings, *ruled.findings),
        costs_usd=costs,
        objective_usd=objective,
        energy_mwh=energy,
        emissions_tpy=_expected_emissions(case, plan),
        emissions_by_year_tpy=_emissions_by_year(case, plan),
        lcoe_usd_per_mwh=objective / energy["served"] if energy["served"] > 0 else None,
        margins=margins,
        n_checks=n_checks + ruled.n_checks,
        rules=ruled.outcomes,
    )


def _expected_emissions(case: Case, plan: Plan) -> dict[str, float]:
    probability = case.axis.probability
    return {name: float(probability @ emitted_tpy(case, plan, name)) for name in POLLUTANTS}


def _emissions_by_year(case: Case, plan: Plan) -> dict[str, dict[str, float]]:
    by_year: dict[str, dict[str, float]] = {name: {} for name in case.axis.year_name}
    for pollutant in POLLUTANTS:
        amounts = emitted_tpy(case, plan, pollutant).tolist()
        for year, amount in zip(case.axis.year_name, amounts, strict=True):
            by_year[year][pollutant] = amount
    return by_year


def _unreadable(findings: tuple[Finding, ...]) -> Verification:
    """Return the verification of a plan that cannot be evaluated."""
    nothing = math.nan
    return Verification(
        findings=findings,
        costs_usd=dict.fromkeys(COST_LINES, nothing),
        objective_usd=nothing,
        energy_mwh={},
        emissions_tpy=dict.fromkeys(POLLUTANTS, nothing),
        emissions_by_year_tpy={},
        lcoe_usd_per_mwh=None,
        margins={},
        n_checks=len(SHAPES),
    )
