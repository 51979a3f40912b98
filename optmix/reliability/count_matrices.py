"""How the number of units out changes from one step to the next, for units that are up or down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import hypergeom

from optmix.reliability.states import binomial

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population

__all__ = ["CountAxis", "count_axis"]


@dataclass(frozen=True, eq=False)
class CountAxis:
    """Number of units out of one population, cut off where more are next to impossible.

    Attributes
    ----------
    most_out
        Most units out that are told apart.
    matrices
        Probability of each count (axis 1), given that in the step before (axis 2), for every kind
        of step. Counts beyond the cut are left out. Shape (kinds, M, M).
    kind
        Kind of each step. Shape (T,).
    law
        Probability of each count, for every kind of step. Shape (kinds, M).
    beyond
        Probability of more units out, for every kind of step. Shape (kinds,).
    """

    most_out: int
    matrices: Floats
    kind: Ints
    law: Floats
    beyond: Floats

    @property
    def size(self) -> int:
        """Counts told apart."""
        return self.most_out + 1

    @property
    def is_constant(self) -> bool:
        """Whether all steps are alike."""
        return len(self.matrices) == 1


def count_axis(item: Population, before: Ints, tail: float) -> CountAxis:
    """Return the counts of a population, and how they change.

    Parameters
    ----------
    item
        A population whose units are up or down.
    before
        The step before each step.
    tail
        Probability, in any step, of the counts that may be left out.
    """
    down = item.law[:, 1]
    keys = np.stack(
        [
            item.forward[:, 0, 1],
            item.forward[:, 1, 0],
            down,
            down[before],
            item.count,
            item.count[before],
        ],
        axis=1,
    )
    found, kind = np.unique(keys, axis=0, return_inverse=True)
    laws = [binomial(int(row[4]), float(row[2])) for row in found]
    most_out = max(_cut(law, tail) for law in laws)
    matrices = np.stack([_matrix(row, most_out) for row in found])
    return CountAxis(
        most_out,
        matrices,
        kind.ravel(),
        np.stack([_fitted(law, most_out) for law in laws]),
        np.array([float(law[:most_out:-1].sum()) for law in laws]),
    )


def _cut(law: Floats, tail: float) -> int:
    """Return the least count above which there is less probability than ``tail``."""
    above = np.cumsum(law[::-1])[::-1]
    return max(0, int(np.count_nonzero(above > tail)) - 1)


def _fitted(law: Floats, most_out: int) -> Floats:
    fitted = np.zeros(most_out + 1)
    part = law[: most_out + 1]
    fitted[: len(part)] = part
    return fitted


def _matrix(row: Floats, most_out: int) -> Floats:
    """Return the matrix of one kind of step."""
    fail, repair, _, down_before = (float(value) for value in row[:4])
    count, count_before = int(row[4]), int(row[5])
    change = np.zeros((most_out + 1, most_out + 1))
    for out in range(min(most_out, count) + 1):
        still_out = binomial(out, 1.0 - repair)
        newly_out = binomial(count - out, fail)
        change[:, out] = _fitted(np.convolve(still_out, newly_out), most_out)
    if count == count_before:
        return change
    return change @ _recount(count_before, count, down_before, most_out)


def _recount(count_before: int, count: int, down: float, most_out: int) -> Floats:
    """Return the matrix for units that go into planned maintenance or come back from it."""
    size = most_out + 1
    matrix = np.zeros((size, size))
    for out in range(min(most_out, count_before) + 1):
        if count < count_before:
            kept = np.arange(size)
            matrix[:, out] = hypergeom(count_before, out, count).pmf(kept)
        else:
            added = binomial(count - count_before, down)
            matrix[:, out] = _fitted(np.concatenate([np.zeros(out), added]), most_out)
    return matrix
