"""Event hours of rules: those that the site gives, or draws from a documented window with a seed.

Drawn hours are scenarios of ours (evidence D). They show what a plan does in such hours, and prove
nothing of how often these come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optmix.data.arrays import Ints
    from optmix.data.axis import Axis
    from optmix.data.case import Case

    Mask = NDArray[np.bool_]

__all__ = [
    "WINDOWS",
    "Draw",
    "EventKind",
    "EventWindow",
    "event_hours",
    "event_mask",
    "first_steps",
]

EventKind = Literal[
    "emergency", "firm_load_shed", "coincident_peak", "gas_interruption", "grid_constraint"
]


@dataclass(frozen=True)
class EventWindow:
    """Months and clock hours in which events of a kind may begin, and why just there."""

    months: tuple[int, ...]
    hours: tuple[int, ...]
    why: str


_ALL_DAY: Final = tuple(range(24))

WINDOWS: Final[dict[EventKind, EventWindow]] = {
    "emergency": EventWindow(
        (6, 7, 8, 9), (17, 18, 19, 20), "summer evenings, when load net of solar output is highest"
    ),
    "firm_load_shed": EventWindow(
        (12, 1, 2), _ALL_DAY, "winter, after the storm of February 2021, at any hour"
    ),
    "coincident_peak": EventWindow(
        (6, 7, 8, 9), (15, 16, 17, 18), "the candidate hours of the four coincident peaks"
    ),
    "gas_interruption": EventWindow(
        (12, 1, 2), _ALL_DAY, "winter, when wells and compressors freeze, at any hour"
    ),
    "grid_constraint": EventWindow(
        (6, 7, 8, 9), (15, 16, 17, 18, 19, 20), "summer afternoons, when lines carry most"
    ),
}
"""Where events of each kind are drawn from. All of these are modelling defaults."""


@dataclass(frozen=True)
class Draw:
    """How events are drawn where a site gives none.

    Attributes
    ----------
    events_per_year
        Events in each operating year.
    event_h
        Length of each.
    seed
        Seed; the same draw of the same kind gives the same hours in every rule.
    """

    events_per_year: int
    event_h: float
    seed: int = 0


def event_mask(case: Case, kind: EventKind, draw: Draw | None = None) -> Mask:
    """Return whether each step is part of an event. Shape (T,).

    Parameters
    ----------
    case
        The site; what it gives goes before any draw.
    kind
        The kind of event.
    draw
        How to draw events where the site gives none; without it there are none then.
    """
    if kind in case.events:
        return case.events[kind]
    axis = case.axis
    mask = np.zeros(axis.n_steps, dtype=np.bool_)
    for year in range(axis.n_years) if draw is not None else ():
        assert draw is not None  # noqa: S101 - for the type checker
        steps = np.asarray(axis.steps_of_year(year))
        mask[steps[_drawn(axis, steps, kind, year, draw)]] = True
    return mask


def event_hours(case: Case, mask: Mask) -> float:
    """Return the hours of a mask over all operating years."""
    return float(mask.sum()) * case.axis.step_h


def first_steps(case: Case, mask: Mask) -> list[int]:
    """Return the first step of each event. An event that lasts the whole year has none."""
    return [int(t) for t in np.flatnonzero(mask) if not mask[case.axis.before(int(t))]]


def _drawn(axis: Axis, steps: Ints, kind: EventKind, year: int, draw: Draw) -> Ints:
    """Return places of the drawn events among the steps of a year; they do not overlap."""
    window = WINDOWS[kind]
    month = np.array([int(axis.month_label[m][5:7]) for m in axis.month[steps].tolist()])
    may_begin = np.isin(month, window.months) & np.isin(axis.local_hour[steps], window.hours)
    length = min(math.ceil(draw.event_h / axis.step_h - 1e-9), len(steps))
    chance = np.random.default_rng([draw.seed, get_args(EventKind).index(kind), year])
    taken = np.zeros(len(steps), dtype=np.bool_)
    found: list[int] = []
    for _ in range(draw.events_per_year):
        places = [p for p in np.flatnonzero(may_begin) if _is_free(taken, int(p), length)]
        if not places:
            break
        first = int(chance.choice(places))
        event = (first + np.arange(length)) % len(steps)
        taken[event] = True
        found += event.tolist()
    return np.array(sorted(found), dtype=np.int64)


def _is_free(taken: Mask, first: int, length: int) -> bool:
    """Return whether an event fits there, with a step free on either side."""
    around = np.arange(first - 1, first + length + 1) % len(taken)
    return not taken[around].any()
