"""How the rules of a site stand before there is a plan: which apply, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optmix.rules.in_force import RuleInForce, rules_in_force
from optmix.rules.rule import confidence_of, grades_of
from optmix.schema.result import EvidenceRow, RuleOutcome, RuleSource

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.result import RuleStatus

__all__ = ["OPEN", "open_rows", "outcome_of", "unchecked_outcomes"]

OPEN: Final = "to be shown by the planner"
"""What is said of an item that no plan can keep."""


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
    to_show = rule.to_show(params) if each.applies else ()
    still = f" {OPEN.capitalize()}: {'; '.join(to_show)}." if to_show else ""
    return RuleOutcome(
        id=rule.id,
        title=rule.title,
        applies=each.applies,
        reason=each.applicability.reason,
        status=status,
        words=rule.words(params) + still,
        params=params.model_dump(mode="json"),
        set_by=dict(each.set_by),
        evidence="; ".join(map(str, each.evidence)),
        grades=grades_of(each.evidence),
        sources=tuple(
            RuleSource(grade=e.grade, source=e.source, says=e.says) for e in each.evidence
        ),
        confidence=confidence_of(each.evidence),
        to_show=to_show,
    )


def open_rows(outcome: RuleOutcome) -> tuple[EvidenceRow, ...]:
    """Return a line for each thing that is open until the planner shows it."""
    return tuple(EvidenceRow(what=item, value=OPEN) for item in outcome.to_show)
