"""How little limits must give way: in one program, or, for long horizons, cut into windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.errors import InfeasibleError, InputError
from optmix.explain.levers import loosened
from optmix.rules.in_force import ready_case
from optmix.solve.elastic import Least, least_gives
from optmix.solve.elastic_year import YearGives
from optmix.solve.method import is_long
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.explain.levers import Lever
    from optmix.explain.session import Session
    from optmix.schema.site import Site
    from optmix.solve.elastic import Give

__all__ = ["least_of", "look_at_year", "weighted"]


def look_at_year(session: Session, site: Site, levers: Sequence[Lever]) -> None:
    """Let all limits of a long horizon be looked at in one program, and keep it in the session.

    Raises
    ------
    StoppedError
        Time was up first.
    """
    if not is_long(ready_case(site).axis):
        return
    session.begin("limits of the year")
    soft = [each for each in levers if each.relations is not None and each.is_number]
    try:
        session.year = YearGives(ready_case(loosened(site, soft)), weighted(soft))
    except (InputError, InfeasibleError):  # not all together: each limit will be looked at alone
        session.year = None


def least_of(session: Session, site: Site, levers: Sequence[Lever]) -> Least:
    """Return how little some levers must give way, as a sum of shares of their values.

    Over a long horizon operation is relaxed, so what is enough may then be too little.

    Raises
    ------
    InputError
        The loosest values do not go together.
    StoppedError
        Time was up first.
    """
    gives = weighted(levers)
    names = {each.field for each in levers}
    if session.year is not None and names <= session.year.names:
        return session.year.least(names, session.begin)
    case = ready_case(loosened(site, levers))
    if not is_long(case.axis):
        return least_gives(case, gives, time_limit_s=session.left_s, interrupt=session.interrupt)
    try:
        return YearGives(case, gives).least(names, session.begin)
    except InfeasibleError:
        return Least(Status.INFEASIBLE, {})


def weighted(levers: Sequence[Lever]) -> list[Give]:
    """Return what gives way, one the unit of each as a share of its value."""
    return [each.give(1.0 / max(abs(each.now), 1.0)) for each in levers]
