"""Seeded random numbers that are the same on every machine and in every version of numpy.

Only the raw 64-bit stream of PCG64 is used, which numpy keeps stable; its distributions are not.
Normal numbers are sums of twelve uniform ones, formed in integers, so that no rounding depends on
the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats

__all__ = ["Chance", "persistent"]


class Chance:
    """One stream of random numbers.

    Parameters
    ----------
    seed
        Seed given by the user.
    purpose
        Numbers that keep the streams of different uses apart.

    Examples
    --------
    >>> from optmix.data.chance import Chance
    >>> [round(float(x), 6) for x in Chance(0).uniform(2)]
    [0.636962, 0.269787]
    """

    def __init__(self, seed: int, *purpose: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *purpose]))

    def uniform(self, n: int) -> Floats:
        """Return ``n`` numbers from 0 up to, but not including, 1. Shape (n,)."""
        raw = self._bits.random_raw(n)
        return np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64)

    def normal(self, n: int) -> Floats:
        """Return ``n`` numbers of mean 0 and variance 1, within -6 to 6. Shape (n,).

        Source: Irwin-Hall distribution of order 12, a standard stand-in for the normal.
        """
        parts = self._bits.random_raw(12 * n).reshape(n, 12) >> np.uint64(32)
        return np.asarray(parts.sum(axis=1) * 2.0**-32 - 6.0, dtype=np.float64)


def persistent(shocks: Floats, phi: float, start: float = 0.0) -> Floats:
    """Return the first-order autoregression of the shocks, of unit variance in the long run.

    Parameters
    ----------
    shocks
        Independent numbers of variance 1. Shape (n,).
    phi
        Correlation of neighbouring values, 0 to 1.
    start
        Value before the first.
    """
    gain = (1.0 - phi * phi) ** 0.5
    value, values = start, []
    for shock in shocks.tolist():
        value = phi * value + gain * shock
        values.append(value)
    return np.array(values)
