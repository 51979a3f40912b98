"""How counts of units and of common causes out change, for running sums over the state of charge.

One axis of counts after the other is multiplied by its matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.module_moves import WHOLE

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.reliability.count_space import CountSpace

__all__ = ["change_counts", "change_counts_of_points"]

ENDS = 2
"""Columns that are no points: the sum at one end, and that of everything."""

ONE_THREAD = 200_000
"""Multiplications in one product of matrices; OpenBLAS takes more threads from 262,144 on."""


def change_counts(space: CountSpace, sums: Floats, step: int) -> Floats:
    """Move counts of all but modules to a step from the one before it.

    Parameters
    ----------
    space
        The counts.
    sums
        Running sums over bins for each combination of counts. Shape (M, width).
    step
        The step moved to.
    """
    shape, before = sums.shape, 1
    for axis in space.other_axes:
        block = sums.reshape(before, axis.size, -1)
        sums = _times(axis.matrices[axis.kind[step]], block)
        before *= axis.size
    return sums.reshape(shape)


def change_counts_of_points(
    space: CountSpace, sums: Floats, step: int, offset: Floats, *, is_down: bool
) -> Floats:
    """Move counts of all but modules, where points of unlike counts do not lie side by side.

    Parameters
    ----------
    space
        The counts.
    sums
        For each combination of counts the sum at one end, running sums over points, and the sum of
        everything. Shape (M, width).
    step
        The step moved to.
    offset
        Where the points of each combination of counts lie between whole bins; the same for all
        counts of modules. Shape (M / J,).
    is_down
        Whether sums between two points count as the upper one, or else as the lower one.
    """
    shape, width, before, after = sums.shape, sums.shape[1], 1, len(offset)
    for axis in space.other_axes:
        after //= axis.size
        matrix = axis.matrices[axis.kind[step]]
        at = np.moveaxis(offset.reshape(before, axis.size, after), 1, 2)
        to, was = at[:, :, :, None], at[:, :, None, :]
        is_next = (to - was if is_down else was - to) > WHOLE
        block = np.moveaxis(sums.reshape(before, axis.size, after, -1), 1, 2)
        found = _times(matrix * ~is_next, block)
        if is_next.any():
            near = matrix * is_next
            # Neighbours in memory: columns at the ends of a row come out wrong here.
            if is_down:
                found[..., :-1] += _times(near, block[..., 1:])
            else:
                found[..., 1:] += _times(near, block[..., :-1])
            ends = block.reshape(*block.shape[:3], -1, width)[..., [0, -1]]
            ends = _times(matrix, ends.reshape(*block.shape[:3], -1))
            found.reshape(*block.shape[:3], -1, width)[..., [0, -1]] = ends.reshape(
                *block.shape[:3], -1, ENDS
            )
        sums = np.moveaxis(found, 2, 1).reshape(shape)
        before *= axis.size
    return sums


def _times(matrix: Floats, block: Floats) -> Floats:
    """Return a product, in parts that no linear algebra library spreads over threads.

    Products are so small that threads gain nothing, and on a busy machine they wait for each other.
    """
    columns = block.shape[-1]
    most = max(1, ONE_THREAD // (matrix.shape[-1] * matrix.shape[-2]))
    if columns <= most:
        return np.asarray(matrix @ block)
    result = np.empty((*block.shape[:-2], matrix.shape[-2], columns))
    for first in range(0, columns, most):
        part = slice(first, first + most)
        np.matmul(matrix, block[..., part], out=result[..., part])
    return result
