"""How the rules of a site stand before there is a plan: which apply, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.rules.in_force import RuleInForce, rules_in_force
from optmix.rules.rule import confidence_of
from optmix.schema.result import RuleOutcome

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.result import RuleStatus

__all__ = ["outcome_of", "unchecked_outcomes"]


def unchecked_outcomes(case: Case) -> tuple[RuleOutcome, ...]:
    """Return every rule of a site, with nothing said of any plan."""
    return tuple(outcome_of(each, "not checked") for each in rules_in_force(case))


def outcome_of(each: RuleInForce, status: RuleStatus) -> RuleOutcome:
    """Return a rule with a status, and with what holds of it whatever the plan."""
    rule, params = each.rule, each.params
    if not each.applies:
        status = "not applicable"
    elif rule.is_checklist:
        status = "checklist"
    return RuleOutcome(
        id=rule.id,
        title=rule.title,
        applies=each.applies,
        reason=each.applicability.reason,
        status=status,
        words=rule.words(params),
        params=params.model_dump(mode="json"),
        set_by=dict(each.set_by),
        evidence="; ".join(map(str, each.evidence)),
        confidence=confidence_of(each.evidence),
    )
