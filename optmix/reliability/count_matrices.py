"""How the number of units out changes from one step to the next, for units that are up or down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.states import binomial

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population

__all__ = ["CountAxis", "count_axis", "held_at_most"]


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
    found, kind = _kinds(keys)
    counts = np.rint(found[:, 4:]).astype(np.int64)
    laws = _binomials(counts[:, 0], found[:, 2], int(counts[:, 0].max()) + 1)
    most_out = _cut(laws, tail)
    matrices = _changes(found[:, 0], found[:, 1], counts[:, 0], most_out + 1)
    for i in np.flatnonzero(counts[:, 0] != counts[:, 1]).tolist():
        now, was = counts[i].tolist()
        matrices[i] = matrices[i] @ _recount(now, was, float(found[i, 3]), most_out + 1)
    beyond = laws[:, :most_out:-1].sum(axis=1)
    return CountAxis(most_out, matrices, kind, laws[:, : most_out + 1], beyond)


def _kinds(keys: Floats) -> tuple[Floats, Ints]:
    """Return the unlike rows, and which of them each row is."""
    if (keys == keys[0]).all():  # mostly so, and quicker than sorting
        return keys[:1], np.zeros(len(keys), dtype=np.int64)
    found, kind = np.unique(keys, axis=0, return_inverse=True)
    return found, kind.ravel()


def held_at_most(axis: CountAxis, most_out: int) -> CountAxis:
    """Return the axis with more units out than a number counted as just so many.

    Failures and repairs of many units keep the order of two numbers out, so the number told is
    never above the true one.
    """
    last = min(axis.most_out, most_out)
    matrices, law = axis.matrices[:, : last + 1, : last + 1].copy(), axis.law[:, : last + 1].copy()
    matrices[:, -1] += np.maximum(1.0 - matrices.sum(axis=1), 0.0)
    law[:, -1] += np.maximum(1.0 - law.sum(axis=1), 0.0)
    return CountAxis(last, matrices, axis.kind, law, np.zeros_like(axis.beyond))


def _cut(laws: Floats, tail: float) -> int:
    """Return the least count above which no law has more probability than ``tail``."""
    above = np.cumsum(laws[:, ::-1], axis=1)[:, ::-1]
    return max(0, int(np.count_nonzero(above > tail, axis=1).max()) - 1)


def _binomials(n: Ints, p: Floats, width: int) -> Floats:
    """Return the probabilities of 0 to ``width - 1`` successes. Shape (kinds, width)."""
    terms = np.zeros((len(p), width))
    terms[:, 0] = (1.0 - p) ** n
    odds = p / np.maximum(1.0 - p, np.finfo(float).tiny)
    for k in range(1, width):
        terms[:, k] = terms[:, k - 1] * np.maximum(n - k + 1, 0) / k * odds
    return terms


def _changes(fail: Floats, repair: Floats, count: Ints, size: int) -> Floats:
    """Return the matrices of failures and repairs among ``count`` units. Shape (kinds, M, M)."""
    matrices = np.zeros((len(fail), size, size))
    for out in range(size):
        possible = (count >= out).astype(np.float64)
        repaired = _binomials(np.full(len(fail), out), repair, out + 1)
        if out:  # all of them at once: the recurrence fails where repair is certain
            repaired[:, out] = repair**out
        failed = _binomials(np.maximum(count - out, 0), fail, size)
        for back in range(out + 1):
            first = out - back
            part = (repaired[:, back] * possible)[:, None]
            matrices[:, first:, out] += part * failed[:, : size - first]
    return matrices


def _recount(count: int, count_before: int, down: float, size: int) -> Floats:
    """Return the matrix for units that go into planned maintenance or come back from it."""
    matrix = np.zeros((size, size))
    for out in range(min(size - 1, count_before) + 1):
        if count < count_before:
            for kept in range(min(out, count) + 1):
                ways = math.comb(out, kept) * math.comb(count_before - out, count - kept)
                matrix[kept, out] = ways / math.comb(count_before, count)
        else:
            added = binomial(count - count_before, down)[: size - out]
            matrix[out : out + len(added), out] = added
    return matrix
