"""Random choices that are the same in every run, and short enough to read in a failing case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Dice"]


class Dice:
    """Draws from one seeded stream."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, *values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def whole(self, least: int, most: int) -> int:
        """Return an integer between two, both included."""
        return int(self.rng.integers(least, most + 1))

    def between(self, least: float, most: float) -> float:
        """Return a number of three digits after the point."""
        return round(float(self.rng.uniform(least, most)), 3)

    def noise(self, n: int, spread: float) -> Floats:
        """Return a walk around zero that forgets half of itself in two steps."""
        walk = np.zeros(n)
        for t in range(1, n):
            walk[t] = 0.7 * walk[t - 1] + self.rng.normal(0.0, spread)
        return walk

    def some(self, n: int, count: int) -> NDArray[np.int64]:
        """Return ``count`` different numbers below ``n``, all of them if there are no more."""
        return np.sort(self.rng.choice(n, size=min(count, n), replace=False))
