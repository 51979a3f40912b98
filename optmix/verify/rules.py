"""The rules that apply to a site: whether a plan keeps them, by their own independent check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from optmix.rules.in_force import rules_in_force
from optmix.rules.outcome import open_rows, outcome_of
from optmix.schema.result import RuleMargin
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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.rules.in_force import RuleInForce
    from optmix.rules.rule import RuleCheck, Slack
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
    margins = _margins(case, check.slacks, families)
    first = margins[0] if margins else None
    stands = outcome_of(each, _status(each, check, is_broken=bool(findings)))
    outcome = stands.model_copy(
        update={
            "margin": first.margin if first else None,
            "unit": first.unit if first else "",
            "margin_of": first.of if first else "",
            "margins": margins,
            "binding_hours": _binding_hours(case, _told(check.slacks, families)),
            "evidence_rows": (*check.rows, *open_rows(stands)),
            "cost_usd": check.cost_usd,
        }
    )
    n_checks = sum(int(np.isfinite(rows.slack).sum()) for rows in families)
    return RulesChecked(findings, (outcome,), n_checks, check.cost_usd)


def _status(each: RuleInForce, check: RuleCheck, *, is_broken: bool) -> RuleStatus:
    if is_broken:
        return "fail"
    if check.is_told_only:
        return "checklist"
    return "pass" if check.slacks or each.rule.has_limits else "info"


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


def _told(slacks: Sequence[Slack], families: Sequence[Rows]) -> list[Rows]:
    """Return the limits that have a margin: a ban that is kept has none."""
    pairs = zip(families, slacks, strict=True)
    return [rows for rows, slack in pairs if not slack.is_ban or rows.finding() is not None]


def _margins(
    case: Case, slacks: Sequence[Slack], families: Sequence[Rows]
) -> tuple[RuleMargin, ...]:
    """Return what is left to each limit: those broken first, then by their share of the limit.

    Slacks of different units cannot be compared as they are.
    """
    found: list[tuple[bool, float, RuleMargin]] = []
    told = _told(slacks, families)
    for rows, slack in zip(families, slacks, strict=True):
        nearest = rows.margin()
        if rows not in told or nearest is None or not np.isfinite(nearest.slack):
            continue
        is_broken = rows.finding() is not None
        # What is within tolerance is kept to the limit.
        left = nearest.slack if is_broken else max(nearest.slack, 0.0)
        size = np.broadcast_to(np.asarray(slack.size, dtype=np.float64), rows.slack.shape)
        limit = float(size.flat[int(np.argmin(rows.slack))]) or 1.0
        one = RuleMargin(
            what=rows.what,
            of=rows.subject,
            margin=left,
            unit=rows.unit,
            binds=bool((rows.slack <= np.asarray(rows.tolerance)).any()),
            binding_hours=_binding_hours(case, [rows]),
        )
        found.append((not is_broken, left / limit, one))
    return tuple(one for *_, one in sorted(found, key=lambda each: each[:2]))


def _binding_hours(case: Case, families: Sequence[Rows]) -> float:
    """Return the hours in which any limit leaves nothing."""
    binds = np.zeros(case.axis.n_steps, dtype=np.bool_)
    for rows in families:
        is_tight: NDArray[np.bool_] = rows.slack <= np.asarray(rows.tolerance)
        if rows.slack.shape == binds.shape:
            binds |= is_tight
    return float(binds.sum()) * case.axis.step_h
