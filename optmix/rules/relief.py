"""What makes a rule ask for less: one of its parameters, which way it gives, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optmix.data.case import Case
    from optmix.rules.events import EventKind

__all__ = ["Relief", "Written", "drawn_events", "less", "more"]

Written: TypeAlias = bool | float | int | str | tuple[float, ...]
"""A value as a site file holds it; a date is text."""


@dataclass(frozen=True)
class Relief:
    """One parameter of a rule that may give way.

    Attributes
    ----------
    name
        The parameter.
    value, loosest
        What it is, and a value at which it asks for as little as it can. Not numbers for a switch.
    unit
        Unit of both.
    is_whole
        Whether only whole numbers make sense.
    written
        What a number stands for in the site file, where that is another value: a date, a list.
    """

    name: str
    value: bool | float | int | str
    loosest: bool | float | int | str
    unit: str = ""
    is_whole: bool = False
    written: Callable[[float], Written] | None = None


def less(
    name: str, value: float, least: float = 0.0, unit: str = "", *, is_whole: bool = False
) -> Iterator[Relief]:
    """Yield a parameter that asks for less where it is smaller, unless it is as small as can be."""
    if value > least:
        yield Relief(name, value, least, unit, is_whole)


def more(name: str, value: float | None, most: float, unit: str = "") -> Iterator[Relief]:
    """Yield a parameter that asks for less where it is larger, unless more of it is of no use."""
    if value is not None and value < most:
        yield Relief(name, value, most, unit)


def drawn_events(case: Case, kind: EventKind, params: Any, length: str) -> Iterator[Relief]:
    """Yield the number of drawn events and their length; none where the site gives its own.

    Parameters
    ----------
    case
        The site.
    kind
        The kind of event.
    params
        Parameters of the rule, of which one is ``events_per_year``.
    length
        Name of the one that is their length in hours.
    """
    if kind in case.events:
        return
    yield from less("events_per_year", params.events_per_year, 0, is_whole=True)
    yield from less(length, getattr(params, length), case.axis.step_h, "h")
