"""What else to know about the rules of a site: what is left to do, and what rests on little."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.schema.result import RuleOutcome

__all__ = ["notes_of_rules"]


def notes_of_rules(outcomes: Sequence[RuleOutcome], rule: str | None = None) -> Iterator[str]:
    """Yield sentences on the rules of a site.

    Parameters
    ----------
    outcomes
        How its rules stand.
    rule
        Only this one, of which it is told too that it does not apply.
    """
    asked = [each for each in outcomes if rule in (None, each.id)]
    applying = [each for each in asked if each.applies]
    if rule is not None:
        for each in (each for each in asked if not each.applies):
            yield f"The rule {each.id} does not apply: {each.reason}."
    left_to_do = [each.id for each in applying if each.status == "checklist"]
    if left_to_do:
        yield f"Checklists, left to the planner and passed by no plan: {', '.join(left_to_do)}."
    unsure = [each.id for each in applying if "unverified" in each.confidence]
    if unsure:
        yield f"Resting in part on unverified sources: {', '.join(unsure)}."
