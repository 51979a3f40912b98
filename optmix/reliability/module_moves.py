"""How counts of storage modules out change, together with what a change does to stored energy.

A module that fails takes its share of the stored energy along, and comes back empty. On running
sums over points of the state of charge each change of the count is a sparse matrix, and one larger
sparse matrix does all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.count_matrices import CountAxis

__all__ = ["ModuleMoves", "on_moving_points", "on_shares"]

WHOLE = 1e-9
"""Share of a bin below which a position counts as whole."""

Places = Literal["down", "up"]


class ModuleMoves:
    """All changes of the count of modules out in one step, as one matrix.

    Parameters
    ----------
    axis
        Counts of modules out.
    energy_mwh
        Usable energy for each count. Shape (J,).
    width
        Columns of the running sums.
    of_change
        What the running sums become, from counts of one energy to counts of another: a matrix of
        shape (width, width) for the energies before and after.
    tail
        Probability below which a change is left out; what is left out counts as beyond the cut.
    """

    def __init__(
        self,
        axis: CountAxis,
        energy_mwh: Floats,
        width: int,
        of_change: Callable[[float, float], csr_matrix],
        tail: float,
    ) -> None:
        self._shape = axis.size * width
        self._kind = axis.kind
        self._matrices = [_all(matrix, energy_mwh, of_change, tail) for matrix in axis.matrices]

    def apply(self, sums: Floats, step: int) -> Floats:
        """Move running sums, of shape (..., J, width), to a step from the one before it."""
        flat = np.ascontiguousarray(sums.reshape(-1, self._shape).T)
        moved = self._matrices[self._kind[step]] @ flat
        return np.ascontiguousarray(moved.T).reshape(sums.shape)


def _all(
    matrix: Floats, energy_mwh: Floats, of_change: Callable[[float, float], csr_matrix], tail: float
) -> csr_matrix:
    from scipy.sparse import bmat

    energy = energy_mwh.tolist()
    blocks = [
        [
            matrix[to, was] * of_change(energy[was], energy[to])
            if matrix[to, was] > tail or to == was
            else None
            for was in range(len(energy))
        ]
        for to in range(len(energy))
    ]
    return bmat(blocks, format="csr")


def on_shares(was_mwh: float, to_mwh: float, bins: int) -> csr_matrix:
    """Return a change on bins that are shares of the energy in service, means kept.

    What fails leaves shares as they are; what comes back empty dilutes them.
    """
    from scipy.sparse import csr_matrix, identity

    if was_mwh >= to_mwh:
        return identity(bins + 1, format="csr")
    reached = np.arange(bins + 1, dtype=np.float64) * (was_mwh / to_mwh)
    first, column = np.floor(reached[:-1] + WHOLE).astype(np.int64), np.arange(bins)
    # A share between two bins goes to both, such that its mean stays; the sum up to a bin takes
    # what does not go further. What was full goes up to wherever all of it is counted.
    rows, columns = [np.arange(bins + 1)], [np.full(bins + 1, bins)]
    parts = [_part_up_to(rows[0], reached[-1])]
    for offset in (-1, 0, 1):
        row = first + offset
        part = _part_up_to(row, reached[:-1]) - _part_up_to(row, reached[1:])
        keep = (row >= 0) & (row <= bins) & (part > 0)
        rows.append(row[keep])
        columns.append(column[keep])
        parts.append(part[keep])
    places = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.concatenate(parts), places), shape=(bins + 1, bins + 1))


def _part_up_to(row: Ints, reached: Floats | float) -> Floats:
    """Return the part of what lies at a place that sums up to a bin take."""
    return np.asarray(np.clip(row + 1.0 - reached, 0.0, 1.0), dtype=np.float64)


def on_moving_points(was_mwh: float, to_mwh: float, n_points: int, rounding: Places) -> csr_matrix:
    """Return a change on points of stored energy, wherever between two points they start.

    What comes back empty leaves stored energy as it is; what fails takes its share. The first
    column is the sum at one end, that below full (``down``) or that of empty (``up``), and the last
    one the sum of everything.
    """
    from scipy.sparse import csr_matrix

    edge, everything = 0, n_points + 1
    point = np.arange(n_points)
    if was_mwh > to_mwh > 0:
        ratio = was_mwh / to_mwh
        if rounding == "down":
            point = np.ceil(point * ratio + (ratio - 1.0) - WHOLE).astype(np.int64)
        else:
            point = np.floor(point * ratio + WHOLE).astype(np.int64)
    # With more in service, whatever is stored is less than full.
    at_edge = everything if rounding == "down" and to_mwh > was_mwh else edge
    of = np.concatenate([[at_edge], np.minimum(point + 1, everything), [everything]])
    rows = np.arange(n_points + 2)
    return csr_matrix((np.ones(n_points + 2), (rows, of)), shape=(n_points + 2, n_points + 2))
