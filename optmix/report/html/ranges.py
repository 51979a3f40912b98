"""The range of a series in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.data.arrays import Floats

__all__ = ["range_text", "varies"]


def range_text(values: Floats, unit: str) -> str:
    """Return what a series lies between, or the one figure that it is all along.

    Examples
    --------
    >>> import numpy as np
    >>> range_text(np.array([1.0, 2.5]), "MW"), range_text(np.array([5.0, 5.01]), "MW")
    ('between 1.0 and 2.5 MW', 'steady at 5.0 MW')
    """
    low, high = _ends(values)
    return f"between {low} and {high} {unit}" if low != high else f"steady at {low} {unit}"


def varies(values: Floats) -> bool:
    """Return whether a series has more than one figure to the digits that are told."""
    low, high = _ends(values)
    return low != high


def _ends(values: Floats) -> tuple[str, str]:
    return f"{values.min():,.1f}", f"{values.max():,.1f}"
