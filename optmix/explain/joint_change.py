"""Changes of several fields together, where no single one leaves a plan.

Numbers that give way in the model are moved by one program, as little as they can be as a sum of
shares of their values. Rules, switches and figures that only trying tells about are no part of that
program: each of them is given up in turn, and the program then says what else must give way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from optmix.errors import InputError
from optmix.explain.least_change import SMALLEST_FRAC, least_change, solved_change
from optmix.explain.levers import apply
from optmix.explain.long_horizon import least_of
from optmix.explain.other_levers import figures_of_rules
from optmix.rules.in_force import ready_case
from optmix.solve.method import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.explain.levers import Lever, Value
    from optmix.explain.records import Change
    from optmix.explain.session import Session
    from optmix.schema.site import Site

    Moved = list[tuple[Lever, Value]]

__all__ = ["joint_changes"]

MOST_TOLD: Final = 6
"""More joint changes than this are not looked for."""


def joint_changes(session: Session, site: Site, levers: Sequence[Lever]) -> Iterator[Change]:
    """Yield changes of several fields together, each applied and solved.

    First numbers alone, if they are enough, then each rule, switch or other figure together with
    the numbers that it needs beside it. Where all of these fail too, several rules and switches are
    given up at once, none of which can be kept.

    Parameters
    ----------
    session
        Clock and solves.
    site
        A site without a plan, to which no single change gives one.
    levers
        All that may give way.

    Raises
    ------
    StoppedError
        Time was up first.
    """
    soft = [each for each in levers if each.is_number and each.relations is not None]
    hard = [each for each in levers if each not in soft]
    is_year = is_long(ready_case(site).axis)
    if is_year:  # each of them takes minutes to tell about
        hard = [each for each in hard if not each.is_number]
    alone = _moved(session, site, soft, [])
    n_told = 0
    for given_up in [[], *([each] for each in hard)]:
        beside = [] if is_year else soft
        ways = _ways(session, site, soft, given_up, beside, is_last_resort=not alone)
        for moved in ways if given_up else filter(None, [alone]):
            for change in _told(session, site, given_up, moved):
                yield change
                n_told += 1
            if n_told >= MOST_TOLD:
                return
    if not n_told:
        yield from _several_given_up(session, site, soft, hard)


def _ways(
    session: Session,
    site: Site,
    soft: Sequence[Lever],
    given_up: Sequence[Lever],
    beside: Sequence[Lever],
    *,
    is_last_resort: bool,
) -> Iterator[Moved]:
    """Yield each number that is enough once something is given up, or else several together.

    Only those ``beside`` are tried one by one. Several are no news where numbers are enough without
    giving up anything.
    """
    together = _moved(session, site, soft, given_up)
    if not together:
        return
    n_found = 0
    for lever in beside:
        moved = _moved(session, site, [lever], given_up)
        if moved:
            yield moved
            n_found += 1
    if not n_found and is_last_resort:
        yield together


def _several_given_up(
    session: Session, site: Site, soft: Sequence[Lever], hard: Sequence[Lever]
) -> Iterator[Change]:
    """Yield the change of all rules and switches of which none can be kept, with its numbers."""
    given_up = list(hard)
    moved = _moved(session, site, soft, given_up)
    if moved is None:
        return
    for lever in hard:
        fewer = [each for each in given_up if each is not lever]
        found = _moved(session, site, soft, fewer)
        if found is not None:
            given_up, moved = fewer, found
    change = _applied(session, site, [*moved, *((each, each.loosest) for each in given_up)])
    if change is not None:
        yield change


def _moved(
    session: Session, site: Site, soft: Sequence[Lever], given_up: Sequence[Lever]
) -> Moved | None:
    """Return how little numbers must move once some levers limit nothing; none if no plan is left.

    Nothing moves where giving up those levers is enough.
    """
    told = " and ".join(each.what for each in given_up)
    session.begin(f"least change of several fields{', without ' if told else ''}{told}")
    # What is known of the limits of a year holds for the site as it is alone.
    alone = replace(session, year=None) if given_up else session
    try:
        loose = apply(site, [(each, each.loosest) for each in given_up])
        found = least_of(alone, loose, soft)
    except InputError:
        return None
    if not found.has_plan:
        return None
    return [
        (each, each.moved(found.amounts[each.field]))
        for each in soft
        if found.amounts.get(each.field, 0.0) > SMALLEST_FRAC * max(abs(each.now), 1.0)
    ]


def _told(
    session: Session, site: Site, given_up: Sequence[Lever], moved: Moved
) -> Iterator[Change]:
    """Yield a change of numbers with what is given up, and with as little of it as is enough."""
    if not given_up:
        change = _applied(session, site, moved)
        if change is not None:
            yield change
        return
    (lever,) = given_up
    whole = _applied(session, site, [*moved, (lever, lever.loosest)])
    if whole is None:
        return
    if lever.is_rule or not lever.is_number:
        yield whole
    partly = apply(site, moved)
    figures = [lever] if lever.is_number else []
    if lever.is_rule:
        figures = list(figures_of_rules(ready_case(partly), {lever.field}))
    for figure in figures:
        found = least_change(replace(session, year=None), partly, figure)
        if found is not None:
            settings = (*(each.setting(value) for each, value in moved), *found.settings)
            yield found.model_copy(update={"settings": settings, "size_frac": None})


def _applied(session: Session, site: Site, moved: Moved) -> Change | None:
    try:
        return solved_change(session, site, moved)
    except InputError:
        return None
