"""How many units of a class are in each state, and the probability of that."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints

__all__ = ["chances", "configurations"]

IMPOSSIBLE = -700.0
"""Logarithm below which a probability cannot be told from 0."""


def configurations(most: int, n_states: int) -> Ints:
    """Return every number of units in each state but the first.

    Parameters
    ----------
    most
        Units there can be.
    n_states
        States of one unit.

    Returns
    -------
    Ints
        Shape (configurations, S - 1).

    Examples
    --------
    >>> configurations(2, 2).tolist()
    [[0], [1], [2]]
    """
    if n_states == 2:  # noqa: PLR2004 - up and down: the usual case, and it may have many units
        return np.arange(most + 1, dtype=np.int64)[:, None]
    picks = combinations_with_replacement(range(n_states), most)
    counts = [[pick.count(state) for state in range(1, n_states)] for pick in picks]
    return np.array(counts, dtype=np.int64).reshape(-1, n_states - 1)


def chances(states: Ints, count: int, law: Floats) -> Floats:
    """Return the probability of each configuration of ``count`` units; 0 where it has more units.

    Shape
    -----
    states (configurations, S - 1), law (S,), result (configurations,).
    """
    first = count - states.sum(axis=1)
    possible = first >= 0
    everything = np.concatenate([np.maximum(first, 0)[:, None], states], axis=1)
    ways = gammaln(count + 1.0) - gammaln(everything + 1.0).sum(axis=1)
    logs = np.log(np.maximum(law, np.finfo(float).tiny))
    impossible = (everything[:, law <= 0] > 0).any(axis=1)
    return np.where(possible & ~impossible, np.exp(ways + everything @ logs), 0.0)
