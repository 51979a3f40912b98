"""How time and memory grow with size: exponents of power laws through what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Growth:
    """Time and memory as powers of size, for one method.

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
    memory_exponent
        The same as ``exponent`` for peak memory; none where it is not known.
    """

    method: str
    points: int
    exponent: float | None
    last_exponent: float | None
    memory_exponent: float | None


def growths(rows: Iterable[dict[str, Any]], size: str) -> list[Growth]:
    """Return the growth of each method in the column `size`, in the order of the rows."""
    done: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        mine = done.setdefault(row["method"], [])
        if row["status"] == "optimal":
            mine.append(row)
    return [_growth(method, mine, size) for method, mine in done.items()]


def _growth(method: str, done: list[dict[str, Any]], size: str) -> Growth:
    times = sorted((row[size], row["solve_s"]) for row in done)
    memory = [(row[size], row["peak_mib"]) for row in done if row.get("peak_mib")]
    return Growth(
        method, len(times), _exponent(times), _exponent(times[-2:]), _exponent(sorted(memory))
    )


def _exponent(done: list[tuple[float, float]]) -> float | None:
    if len({size for size, _ in done}) < 2:
        return None
    sizes, figures = np.log(np.array(done)).T
    return float(np.polyfit(sizes, figures, 1)[0])
