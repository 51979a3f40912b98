"""How time grows with size: the exponent of a power law through what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Growth:
    """Time as a power of size, for one method.

    Attributes
    ----------
    method
        The method.
    points
        How many solves ended within the gap; the others are left out.
    exponent
        Of the least-squares line through the logarithms; 1 is linear. None below two sizes.
    last_exponent
        Between the two largest sizes, where what every solve costs once weighs least.
    """

    method: str
    points: int
    exponent: float | None
    last_exponent: float | None


def growths(rows: Iterable[dict[str, Any]], size: str) -> list[Growth]:
    """Return the growth of each method in the column `size`, in the order of the rows."""
    by_method: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        done = by_method.setdefault(row["method"], [])
        if row["status"] == "optimal":
            done.append((row[size], row["solve_s"]))
    return [_growth(method, sorted(done)) for method, done in by_method.items()]


def _growth(method: str, done: list[tuple[float, float]]) -> Growth:
    return Growth(method, len(done), _exponent(done), _exponent(done[-2:]))


def _exponent(done: list[tuple[float, float]]) -> float | None:
    if len({size for size, _ in done}) < 2:
        return None
    sizes, seconds = np.log(np.array(done)).T
    return float(np.polyfit(sizes, seconds, 1)[0])
