"""The rules that apply to a site: whether a plan keeps them, by their own independent check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.rules.in_force import rules_in_force
from optmix.rules.outcome import outcome_of
from optmix.verify.rows import Rows
from optmix.verify.tolerances import (
    COST_FLOOR_USD,
    EMISSION_FLOOR_TPY,
    ENERGY_FLOOR_MWH,
    EXACT,
    FUEL_FLOOR_MMBTU,
    HOURS_FLOOR,
    POWER_FLOOR_MW,
    allowance,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.in_force import RuleInForce
    from optmix.rules.rule import Slack
    from optmix.schema.result import Finding, RuleOutcome, RuleStatus

__all__ = ["RulesChecked", "check_rules"]

RATE_FLOOR_LB_PER_MWH: Final = 1e-9
"""Rates are data, and are off by their arithmetic alone."""

OTHER_FLOOR: Final = 1e-6
"""Rules of other packages may count in any unit."""

FLOORS: Final = {
    "MW": POWER_FLOOR_MW,
    "MWh": ENERGY_FLOOR_MWH,
    "MMBtu": FUEL_FLOOR_MMBTU,
    "short ton/yr": EMISSION_FLOOR_TPY,
    "USD/yr": COST_FLOOR_USD,
    "lb/MWh": RATE_FLOOR_LB_PER_MWH,
    "h": HOURS_FLOOR,
    "units": EXACT,
}
"""Absolute part of the tolerance, by unit of a slack."""


@dataclass(frozen=True)
class RulesChecked:
    """What all rules of a site say of a plan.

    Attributes
    ----------
    findings
        What is broken.
    outcomes
        How each rule stands.
    n_checks
        How many rows were checked.
    cost_usd
        What rules add to the annual cost.
    """

    findings: tuple[Finding, ...]
    outcomes: tuple[RuleOutcome, ...]
    n_checks: int
    cost_usd: float


def check_rules(case: Case, plan: Plan) -> RulesChecked:
    """Check a plan of the right structure against the rules of its site."""
    findings: list[Finding] = []
    outcomes: list[RuleOutcome] = []
    n_checks, cost = 0, 0.0
    for each in rules_in_force(case):
        checked = _checked(case, plan, each)
        findings += checked.findings
        outcomes += checked.outcomes
        n_checks += checked.n_checks
        cost += checked.cost_usd
    return RulesChecked(tuple(findings), tuple(outcomes), n_checks, cost)


def _checked(case: Case, plan: Plan, each: RuleInForce) -> RulesChecked:
    if not each.applies:
        return RulesChecked((), (outcome_of(each, "not applicable"),), 0, 0.0)
    check = each.rule.check(plan, case, each.params)
    families = [_rows(each.rule.id, slack) for slack in check.slacks]
    findings = tuple(found for rows in families if (found := rows.finding()) is not None)
    told = [
        rows
        for rows, slack in zip(families, check.slacks, strict=True)
        if not slack.is_ban or rows.finding() is not None
    ]
    margins = [margin for rows in told if (margin := rows.margin()) is not None]
    margins = [margin for margin in margins if np.isfinite(margin.slack)]
    # Slacks of different units cannot be compared: one that is broken counts before the first.
    unit = findings[0].unit if findings else margins[0].unit if margins else ""
    of_unit = [margin for margin in margins if margin.unit == unit]
    nearest = min(of_unit, key=lambda margin: margin.slack, default=None)
    least = nearest.slack if nearest else None
    if least is not None and not findings:
        least = max(least, 0.0)  # what is within tolerance is kept to the limit
    status: RuleStatus = "fail" if findings else "checklist" if check.is_told_only else "pass"
    outcome = outcome_of(each, status).model_copy(
        update={
            "margin": least,
            "unit": unit,
            "margin_of": nearest.subject if nearest else "",
            "binding_hours": _binding_hours(case, told),
            "evidence_rows": check.rows,
            "cost_usd": check.cost_usd,
        }
    )
    n_checks = sum(int(np.isfinite(rows.slack).sum()) for rows in families)
    return RulesChecked(findings, (outcome,), n_checks, check.cost_usd)


def _rows(rule_id: str, slack: Slack) -> Rows:
    return Rows(
        equation=rule_id,
        what=slack.what,
        unit=slack.unit,
        slack=np.asarray(slack.slack, dtype=np.float64),
        tolerance=allowance(FLOORS.get(slack.unit, OTHER_FLOOR), slack.size, slack.one),
        subject=slack.subject,
        part_of_step=slack.part_of_step,
    )


def _binding_hours(case: Case, families: list[Rows]) -> float:
    """Return the hours in which any limit leaves nothing."""
    binds = np.zeros(case.axis.n_steps, dtype=np.bool_)
    for rows in families:
        is_tight: NDArray[np.bool_] = rows.slack <= np.asarray(rows.tolerance)
        if rows.slack.shape == binds.shape:
            binds |= is_tight
    return float(binds.sum()) * case.axis.step_h
