"""Indices of reliability on a page: one figure where that is known, else what it lies between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from optmix.report.html.numbers import number, span
from optmix.report.indices import NO_FAILURE_DATA, apart, index_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["index_figure"]


def index_figure(name: str, found: Mapping[str, Any], at: str = "") -> Markup:
    """Return an index as far as it is known, as HTML.

    Parameters
    ----------
    name
        Its field.
    found
        Fields of a summary of reliability, or of a record that holds some of them.
    at
        Place of that summary in its file; empty where its figures have none.

    Returns
    -------
    markupsafe.Markup
        The figure; the ends of its interval where they do not read alike; or why there is none.
    """
    if found.get("has_failure_data") is False:
        return Markup('<span class="none">{}</span>').format(NO_FAILURE_DATA)
    if found.get(name) is None:
        return Markup('<span class="none">not assessed</span>')
    index = index_of(name)
    ends = apart(index, found)
    if ends is None:
        place = f"{at}/{name}" if at else ""
        return number(found[name], index.unit, index.digits, scale=index.scale, at=place)
    places = (f"{at}/{index.low}", f"{at}/{index.high}") if at else ("", "")
    return span(ends, index.unit, index.digits, places=places)
