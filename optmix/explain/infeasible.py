"""Why a site has no plan: least changes that leave one, and the limits in conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optmix.errors import InputError
from optmix.explain.joint_change import joint_changes
from optmix.explain.least_change import least_change
from optmix.explain.levers import loosened
from optmix.explain.long_horizon import look_at_year
from optmix.explain.other_levers import figures_of_rules, other_levers, rule_levers
from optmix.explain.records import Change, Explanation
from optmix.explain.rule_notes import notes_of_rules
from optmix.explain.session import StoppedError
from optmix.explain.size_levers import size_levers
from optmix.explain.supply_levers import supply_levers
from optmix.rules.in_force import ready_case
from optmix.rules.outcome import unchecked_outcomes
from optmix.solve.elastic import least_gives
from optmix.solve.method import is_long
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optmix.data.case import Case
    from optmix.explain.levers import Lever
    from optmix.explain.session import Session
    from optmix.schema.site import Site

__all__ = ["explain_infeasible", "limits_of"]

DEMAND: Final = "demand.peak_mw"

NONE_ALONE: Final = "No single change is enough."

NONE_BUT_DEMAND: Final = "No single change is enough, other than less demand."


def limits_of(site: Site, case: Case) -> tuple[Lever, ...]:
    """Return every limit of a site that its user can change, rules as a whole."""
    groups = (size_levers(site, case), supply_levers(site, case), other_levers(site))
    return (*(lever for group in groups for lever in group), *rule_levers(case))


def explain_infeasible(
    session: Session, site: Site, reason: str, *, rule: str | None = None, has_conflict: bool = True
) -> Explanation:
    """Return why a site has no plan.

    Parameters
    ----------
    session
        Clock and solves.
    site
        A site that is proven to have no plan.
    reason
        What the solve said.
    rule
        Only this rule and its figures are looked at.
    has_conflict
        Whether the limits in conflict are looked for.
    """
    case = ready_case(site)
    levers = [each for each in limits_of(site, case) if rule in (None, each.field)]
    # Those that take many solves to tell about come last.
    levers.sort(key=lambda each: not each.is_number or each.relations is None)
    changes: dict[str, Change] = {}
    conflict: tuple[str, ...] = ()
    notes = list(notes_of_rules(unchecked_outcomes(case), rule))
    is_complete = True
    try:
        look_at_year(session, site, levers)
        for lever, change in _each_alone(session, site, case, levers):
            changes[lever.field] = change
        if not changes.keys() - {DEMAND} and rule is None:
            notes.append(NONE_BUT_DEMAND if changes else NONE_ALONE)
            others = [each for each in levers if each.field not in changes]
            for number, change in enumerate(joint_changes(session, site, others)):
                changes[f"together {number}"] = change
        if has_conflict and rule is None:
            find = _conflict_of_year if is_long(case.axis) else _conflict
            conflict = tuple(find(session, site, levers, set(changes)))
    except StoppedError:
        is_complete = False
        notes.append("Stopped before everything was tried.")
    return Explanation(
        name=site.name,
        status="infeasible",
        reason=reason,
        is_complete=is_complete,
        changes=tuple(sorted(changes.values(), key=_order)),
        conflict=conflict,
        notes=tuple(notes),
        seconds=session.elapsed_s,
    )


def _each_alone(
    session: Session, site: Site, case: Case, levers: list[Lever]
) -> Iterator[tuple[Lever, Change]]:
    """Yield each lever that alone is enough, and of rules their figures too."""
    enough: set[str] = set()
    for lever in levers:
        change = least_change(session, site, lever)
        if change is not None:
            yield lever, change
            enough |= {lever.field} if lever.is_rule else set()
    for lever in figures_of_rules(case, enough):
        change = least_change(session, site, lever)
        if change is not None:
            yield lever, change


def _order(change: Change) -> tuple[int, bool, float]:
    """Put fewer fields before more, numbers before switches, and small changes before large."""
    is_switch = len(change.settings) == 1 and change.size_frac is None
    return len(change.settings), is_switch, change.size_frac or 0.0


def _conflict(session: Session, site: Site, levers: list[Lever], enough: set[str]) -> Iterator[str]:
    """Yield limits that leave no plan together, but do without any one of them.

    A limit whose loosening alone is enough is part of every such set. Of the others, each is
    loosened for good if there still is no plan without it.
    """
    given_up: list[Lever] = []
    for lever in levers:
        if lever.field in enough:
            yield lever.what
            continue
        tried = [*given_up, lever]
        try:
            has_plan = _is_enough(session, site, tried)
        except InputError:
            continue
        if has_plan:
            yield lever.what
        else:
            given_up = tried


def _conflict_of_year(
    session: Session, _site: Site, levers: list[Lever], enough: set[str]
) -> Iterator[str]:
    """Yield the same for a long horizon: of its numbers, and as relaxed operation knows it."""
    year = session.year
    if year is None or year.least((), session.begin).has_plan:
        return
    given_up: set[str] = set()
    for lever in levers:
        tried = {*given_up, lever.field}
        if lever.field in enough:
            yield lever.what
        elif lever.field in year.names:
            if year.least(tried, session.begin).has_plan:
                yield lever.what
            else:
                given_up = tried


def _is_enough(session: Session, site: Site, levers: list[Lever]) -> bool:
    """Return whether there is a plan if each of some levers gives way as far as it likes."""
    loose = loosened(site, levers)
    partly = [each.give() for each in levers if each.is_loose_already]
    told = f"conflict: without {levers[-1].what}"
    if not partly:
        return session.allows_plan(loose, told)
    session.begin(told)
    found = least_gives(
        ready_case(loose), partly, time_limit_s=session.left_s, interrupt=session.interrupt
    )
    if not found.has_plan and found.status is not Status.INFEASIBLE:
        raise StoppedError
    return found.has_plan
