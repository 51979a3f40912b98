"""Long horizons: the weeks in which a site cannot do with its limits decide how far these give way.

A year in one piece takes too long. Each week alone, with free borders, asks for no more than the
year does, so the largest need of any week is a lower limit of what the year needs; whether it is
enough is found out by solving the year.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from optmix.errors import InputError
from optmix.explain.levers import loosened
from optmix.rules.in_force import ready_case
from optmix.solve.decomposition.windows import WINDOW_DAYS, cut_windows
from optmix.solve.elastic import Least, least_gives
from optmix.solve.method import is_long
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.case import Case
    from optmix.explain.levers import Lever
    from optmix.explain.session import Session
    from optmix.model.concept import Window
    from optmix.schema.site import Site
    from optmix.solve.elastic import Give

__all__ = ["find_hard_windows", "least_of"]

MOST_WINDOWS: Final = 4
"""So many of the hardest weeks are looked at before the others."""

SOME: Final = 1e-6
"""A week that needs less than this of all limits together is not hard."""


def find_hard_windows(session: Session, site: Site, levers: Sequence[Lever]) -> None:
    """Look for the weeks that need limits to give way, and keep them in the session.

    Raises
    ------
    StoppedError
        Time was up first.
    """
    if not is_long(ready_case(site).axis):
        return
    soft = [each for each in levers if each.relations is not None and each.is_number]
    try:
        loose = ready_case(loosened(site, soft))
    except InputError:
        return
    gives = [each.give(1.0 / max(abs(each.now), 1.0)) for each in soft]
    needs: list[tuple[float, int]] = []
    for number, window in enumerate(cut_windows(loose, WINDOW_DAYS)):
        session.begin(f"window {number}")
        found = _least(session, loose, gives, window, is_relaxed=True)
        need = sum(give.weight * found.amounts.get(give.name, 0.0) for give in gives)
        if need > SOME:
            needs.append((need, number))
    hardest = sorted(needs, reverse=True)[:MOST_WINDOWS]
    session.hard_windows = tuple(number for _, number in hardest)


def least_of(session: Session, site: Site, levers: Sequence[Lever], gives: Sequence[Give]) -> Least:
    """Return how little some levers must give way: over all steps, or over the hardest weeks."""
    case = ready_case(loosened(site, levers))
    if not is_long(case.axis):
        return _least(session, case, gives, None)
    if not session.hard_windows:  # what is short is so over the year
        return _least(session, case, gives, None, is_relaxed=True)
    windows = cut_windows(case, WINDOW_DAYS)
    amounts: dict[str, float] = {give.name: 0.0 for give in gives}
    others = [number for number in range(len(windows)) if number not in session.hard_windows]
    for number in (*session.hard_windows, *others):
        session.begin(f"{levers[0].what}: window {number}")
        so_far = [replace(give, most=amounts[give.name]) for give in gives]
        if _least(session, case, so_far, windows[number]).has_plan:
            continue
        found = _least(session, case, gives, windows[number])
        if not found.has_plan:
            return found
        amounts = {name: max(amounts[name], more) for name, more in found.amounts.items()}
        if number not in session.hard_windows:
            session.hard_windows = (number, *session.hard_windows)
    return Least(Status.FEASIBLE, amounts)


def _least(
    session: Session,
    case: Case,
    gives: Sequence[Give],
    window: Window | None,
    *,
    is_relaxed: bool = False,
) -> Least:
    return least_gives(
        case,
        gives,
        window=window,
        is_relaxed=is_relaxed,
        time_limit_s=session.left_s,
        interrupt=session.interrupt,
    )
