"""The least change of one field that leaves a plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from optmix.errors import InputError
from optmix.explain.levers import apply
from optmix.explain.long_horizon import least_of
from optmix.explain.records import Change
from optmix.rules.in_force import applying, ready_case
from optmix.solve.method import is_long
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from optmix.explain.levers import Lever, Value
    from optmix.explain.session import Session
    from optmix.schema.site import Site

__all__ = ["SMALLEST_FRAC", "is_enough", "least_change", "solved_change"]

CLOSE: Final = 1.004
"""A change is no more than this times too large."""

SMALLEST_FRAC: Final = 1e-5
"""Changes below this share of the value, or of what is possible, are not told apart."""

PARTS: Final = 10
"""Parts of the way to the loosest value that are tried where that value itself does not help."""

LITTLE: Final = 0.01
"""First step by which a change of a long horizon is made larger, as a share of it."""

CHECK_GAP: Final = 0.01
"""Gap to which a changed site is solved for its cost."""

COST_TIME_S: Final = 10.0
"""Time for that; the cost is that of the best plan by then."""


def is_enough(session: Session, site: Site, lever: Lever) -> bool:
    """Return whether there is a plan once one lever limits nothing."""
    try:
        loose = apply(site, [(lever, lever.loosest)])
        return session.allows_plan(loose, f"without {lever.what}")
    except InputError:  # a value that does not go with others is no remedy
        return False


def least_change(session: Session, site: Site, lever: Lever) -> Change | None:
    """Return the least change of one lever that leaves a plan, applied and solved.

    Parameters
    ----------
    session
        Clock and solves.
    site
        A site without a plan.
    lever
        What may give way.

    Returns
    -------
    Change
        None where this lever alone is not enough.

    Raises
    ------
    StoppedError
        Time was up first.
    """
    if not lever.is_number or lever.relations is None:
        if not is_enough(session, site, lever):
            return None
        if lever.is_number:
            return _by_trying(session, site, lever, 0.0)
        return _verified(session, site, lever, lever.loosest)
    session.begin(f"least change of {lever.what}")
    found = least_of(session, site, [lever])
    if not found.has_plan:
        if found.status is not Status.INFEASIBLE:
            session.begin(lever.what)  # stops if time is up
        return _between_ends(session, site, lever) if lever.is_loose_already else None
    change = found.amounts[lever.field]
    verified = _verified(session, site, lever, lever.moved(change))
    return _beyond(session, site, lever, change) if verified is None else verified


def _beyond(session: Session, site: Site, lever: Lever, low: float) -> Change | None:
    """Look for a change larger than what the model asks for.

    What the model does not say of the lever (a reliability target, say) needs more of it.
    """
    if not is_enough(session, site, lever):
        return _between_ends(session, site, lever) if lever.is_loose_already else None
    high = None
    if is_long(ready_case(site).axis):
        low, high = _a_little_more(session, site, lever, low)
    return _by_trying(session, site, lever, low, high)


def _a_little_more(
    session: Session, site: Site, lever: Lever, low: float
) -> tuple[float, float | None]:
    """Return a change that is not enough and one that is, growing from one a little too small.

    Each trial of a long horizon is a solve, and what its relaxed windows ask for is nearly enough.
    """
    step = 1.0 if lever.is_whole else LITTLE * low
    while step > 0 and low + step < lever.reach:
        if _holds(session, site, lever, low + step):
            return low, low + step
        low, step = low + step, 2 * step
    return low, None


def _between_ends(session: Session, site: Site, lever: Lever) -> Change | None:
    """Look for a lever that helps though its loosest value does not.

    Less demand also lowers what rules and a target ask for, of which its relations say nothing;
    very little demand is below what a unit can run at.
    """
    case = ready_case(site)
    is_asked_more = bool(applying(case)) or site.reliability.target != "none"
    if not is_asked_more or is_long(case.axis):
        return None
    low = 0.0
    for part in range(1, PARTS):
        high = lever.reach * part / PARTS
        if _holds(session, site, lever, high):
            return _by_trying(session, site, lever, low, high)
        low = high
    return None


def _by_trying(
    session: Session, site: Site, lever: Lever, low: float, high: float | None = None
) -> Change | None:
    """Close in on the least change between one that is not enough and one that is."""
    high = lever.reach if high is None else high
    # The loosest value may be beyond all measure, so the value itself says what is small.
    low = max(low, SMALLEST_FRAC * min(high, abs(lever.now) or high))
    if _holds(session, site, lever, low):
        high = low
    while high > CLOSE * low and (middle := _between(lever, low, high)) is not None:
        if _holds(session, site, lever, middle):
            high = middle
        else:
            low = middle
    rounder = _rounder(lever, low, high)
    if rounder is not None and _holds(session, site, lever, rounder):
        high = rounder
    return _verified(session, site, lever, lever.moved(high))


def _between(lever: Lever, low: float, high: float) -> float | None:
    """Return a change between two; none where no whole number lies there."""
    middle = math.sqrt(low * high)
    if not lever.is_whole:
        return middle
    whole = min(max(math.floor(middle), math.floor(low) + 1), math.ceil(high) - 1)
    return whole if low < whole < high else None


def _rounder(lever: Lever, low: float, high: float) -> float | None:
    """Return the change that leads to the shortest number between two others."""
    if lever.is_whole:
        return None
    ends = sorted((float(lever.moved(low)), float(lever.moved(high))))
    for digits in range(1, 6):
        value = float(f"{sum(ends) / 2:.{digits}g}")
        if ends[0] < value < ends[1]:
            return abs(value - lever.now)
    return None


def _holds(session: Session, site: Site, lever: Lever, change: float) -> bool:
    value = lever.moved(change)
    try:
        return session.allows_plan(apply(site, [(lever, value)]), f"{lever.what} at {value:.6g}")
    except InputError:
        return False


def _verified(session: Session, site: Site, lever: Lever, value: Value) -> Change | None:
    """Return a change that was applied and solved, or none if it leaves no plan."""
    try:
        size = None
        if lever.is_number and lever.now and lever.written is None:
            size = abs(float(value) - lever.now) / abs(lever.now)
        return solved_change(session, site, [(lever, value)], size)
    except InputError:
        return None


def solved_change(
    session: Session, site: Site, moved: list[tuple[Lever, Value]], size_frac: float | None = None
) -> Change | None:
    """Return a change with its cost, or none if it leaves no plan.

    Parameters
    ----------
    session, site
        Clock and solves; a site without a plan.
    moved
        Levers with their values.
    size_frac
        Size of the change as a share of its value, of a single number.

    Raises
    ------
    InputError
        The values do not go together.
    StoppedError
        Time was up first.
    """
    changed = apply(site, moved)
    settings = tuple(lever.setting(value) for lever, value in moved)
    told = "; ".join(setting.what for setting in settings)
    if is_long(ready_case(changed).axis):
        # Its first plan is proof enough; the least cost would take many times as long.
        result = session.first_plan(changed, told)
        if result.objective_usd is None:
            return None
    else:
        if not session.allows_plan(changed, told):
            return None
        told = f"{told}: cost"
        result = session.solved(changed, told, gap=CHECK_GAP, at_most_s=COST_TIME_S)
        if result.status == "infeasible":
            return None
    return Change(
        settings=settings,
        size_frac=size_frac,
        status=result.status if result.objective_usd is not None else "feasible",
        annual_cost_usd=result.objective_usd,
        cost_low_usd=result.bound_usd,
    )
