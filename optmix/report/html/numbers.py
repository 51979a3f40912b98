"""Figures on a page: each carries its value, its unit, and its place in the file it is from."""

from __future__ import annotations

import json
import math
from typing import Any, Protocol

from markupsafe import Markup

__all__ = ["MISSING", "Numbers", "Written", "number", "span"]

MISSING = Markup('<span class="none">not known</span>')


def number(
    value: float | None, unit: str, digits: int | str = 0, *, scale: float = 1.0, at: str = ""
) -> Markup:
    """Return a figure with its unit as HTML.

    Parameters
    ----------
    value
        The figure; none is shown as not known.
    unit
        Its unit, as it is shown.
    digits
        Decimals that are shown, or a format such as ``.4g``.
    scale
        What the figure is multiplied by to be shown in its unit.
    at
        Its place in that file, as a JSON pointer (RFC 6901); empty for a figure derived from
        others.

    Examples
    --------
    >>> print(number(0.00123, "", 2, scale=100.0, at="/gap"))
    <data value="0.00123" data-at="/gap" data-scale="100">0.12</data>
    """
    if value is None or not math.isfinite(value):
        return MISSING
    form = digits if isinstance(digits, str) else f",.{digits}f"
    shown = format(value * scale, form)
    if float(shown.replace(",", "")) == 0.0:
        shown = shown.removeprefix("-")
    place = Markup(' data-at="{}"').format(at) if at else Markup("")
    place += Markup(' data-scale="{:g}"').format(scale) if scale != 1.0 else Markup("")
    figure = Markup('<data value="{!r}"{}>{}</data>').format(float(value), place, shown)
    return figure + (Markup('&nbsp;<span class="unit">{}</span>').format(unit) if unit else "")


def span(
    ends: tuple[float, float],
    unit: str,
    digits: int | str = 0,
    *,
    scale: float = 1.0,
    places: tuple[str, str] = ("", ""),
) -> Markup:
    """Return two figures that something lies between, as HTML; one where they read alike."""
    low, high = (
        number(end, unit, digits, scale=scale, at=at) for end, at in zip(ends, places, strict=True)
    )
    return low if low.striptags() == high.striptags() else low + " to " + high


class Written(Protocol):
    """What has a file that is its only full form: ``result.json``, ``portfolio.json``."""

    def to_json(self) -> str:
        """Return the text of that file."""


class Numbers:
    """Writes figures of one result, looked up where its file has them.

    Parameters
    ----------
    result
        The result, of a site or of a portfolio.
    side
        Put before each place, where a page shows more than one result.
    """

    def __init__(self, result: Written, side: str = "") -> None:
        self._document: Any = json.loads(result.to_json())
        self._side = side

    def __call__(self, at: str, unit: str, digits: int | str = 0, scale: float = 1.0) -> Markup:
        """Return the figure at a place, with its unit, as HTML."""
        return number(self.value(at), unit, digits, scale=scale, at=f"{self._side}{at}")

    def value(self, at: str) -> float | None:
        """Return the figure at a place; none where the file has null or no such place."""
        found = self._document
        for part in at.split("/")[1:]:
            if isinstance(found, list):
                found = found[int(part)]
            else:
                found = found.get(part) if isinstance(found, dict) else None
        return None if found is None else float(found)
