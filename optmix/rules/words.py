"""Words that several rules tell sites by."""

from __future__ import annotations

__all__ = ["beside"]

MOST_DIGITS = 17


def beside(value: float, limit: float) -> str:
    """Return a value with so many digits that it does not read like the limit it is told beside.

    Examples
    --------
    >>> beside(74.0, 75.0), beside(74.99999999, 75.0), beside(75.0, 75.0)
    ('74', '74.99999999', '75')
    """
    for digits in range(6, MOST_DIGITS):
        told = f"{value:,.{digits}g}"
        if told != f"{limit:,.{digits}g}":
            return told
    return f"{value:,.6g}"
