"""Joint counts of units, modules and causes out: their law, their limits, and how they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.count_matrices import CountAxis, count_axis
from optmix.reliability.risk import step_before
from optmix.reliability.steps import StepLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["CountSpace", "count_axes"]

LARGEST_FACTOR = 32
"""Axes are joined up to so many states: fewer and larger products of matrices take less time."""

ONE_THREAD = 200_000
"""Multiplications in one product of matrices; OpenBLAS takes more threads from 262,144 on."""


def count_axes(
    system: System,
    units: Sequence[Population],
    storage: Sequence[Population],
    causes: Sequence[Population],
    tail: float,
) -> list[CountAxis]:
    """Return the counts that are told apart.

    Parameters
    ----------
    system
        The system.
    units, storage, causes
        Its populations.
    tail
        Probability of the counts that may be left out, in all populations together.
    """
    items = [*units, *causes, *(storage[b] for b in _failing(storage))]
    before = step_before(system.year)
    return [count_axis(item, before, tail / len(items)) for item in items]


def _failing(storage: Sequence[Population]) -> list[int]:
    """Return the products whose modules can fail."""
    return [b for b, item in enumerate(storage) if item.law[0, 1] > 0]


class CountSpace:
    """Every combination of counts that is not next to impossible; M combinations.

    The last axis is that of the modules of storage, because only their counts change what a bin of
    the state of charge holds: bins are shares of the energy of the modules in service.

    Parameters
    ----------
    system, pool
        The system and its storage.
    units, storage, causes
        Its populations.
    axes
        The counts of units, of causes, and of modules that can fail: see :func:`count_axes`.
    """

    def __init__(
        self,
        system: System,
        pool: Pool,
        units: Sequence[Population],
        storage: Sequence[Population],
        causes: Sequence[Population],
        axes: Sequence[CountAxis],
    ) -> None:
        self._system, self._pool = system, pool
        self._units = units
        modules = _failing(storage)
        self._axes = axes
        sizes = [axis.size for axis in self._axes]
        self.size = int(np.prod(sizes, dtype=np.int64))
        grids = np.meshgrid(*(np.arange(size) for size in sizes), indexing="ij")
        self._out = [grid.ravel() for grid in grids]
        causes_out = self._out[len(units) : len(units) + len(causes)]
        self._lost_units = [self._lost(unit.name, causes_out) for unit in system.units]
        in_service = np.repeat(pool.modules[:, None], self.size, axis=1)
        for b in modules:
            in_service[b] -= self._out[-1]
        self.energy_mwh: Floats = pool.module_mwh @ in_service
        lost = np.stack([self._lost(item.name, causes_out) for item in system.storage])
        self._power_mw: Floats = pool.module_mw @ (in_service * ~lost)
        self._has_modules = bool(modules)
        self._factors = self._joined()
        self._refill: dict[tuple[int, bool], list[tuple[int, int, Ints]]] = {}

    @property
    def beyond(self) -> Floats:
        """Probability of counts beyond the cut. Shape (T,)."""
        total = np.zeros(self._system.n_steps)
        for axis in self._axes:
            total += axis.beyond[axis.kind]
        return total

    def law(self, steps: Ints) -> Floats:
        """Return the probability of each combination of counts in some steps. Shape (N, M)."""
        joint = np.ones((len(steps), 1))
        for axis in self._axes:
            part = axis.law[axis.kind[steps]]
            joint = (joint[:, :, None] * part[:, None, :]).reshape(len(steps), -1)
        return joint

    def limits(self, steps: Ints) -> StepLimits:
        """Return what each combination of counts means in some steps. Shape (N, M) each."""
        available = np.zeros((len(steps), self.size))
        for k, unit in enumerate(self._system.units):
            up = np.maximum(self._units[k].count[steps][:, None] - self._out[k], 0)
            available += unit.capacity_mw[steps][:, None] * up * ~self._lost_units[k]
        demand, load = self._system.demand_mw[steps], self._system.load_mw[steps]
        return StepLimits(
            np.maximum(available - demand[:, None], 0.0),
            np.maximum(load[:, None] - available, 0.0),
            np.broadcast_to(self._power_mw, available.shape),
            np.broadcast_to(self.energy_mwh, available.shape),
        )

    def advance(self, sums: Floats, step: int, *, up: bool) -> Floats:
        """Move the counts to a step from the one before it.

        Parameters
        ----------
        sums
            Running sums over bins for each combination of counts. Shape (M, bins + 1).
        step
            The step moved to.
        up
            Whether bins round up.
        """
        width = sums.shape[1]
        axes = len(self._factors)
        for f, factor in enumerate(self._factors):
            matrix = factor.matrices[factor.kind[step]]
            post = int(np.prod([other.size for other in self._factors[f + 1 :]], dtype=np.int64))
            block = sums.reshape(-1, factor.size, post * width)
            if self._has_modules and f == axes - 1:
                sums = self._with_refill(matrix, block, width - 1, up=up)
            else:
                sums = _times(matrix, block)
        return sums.reshape(self.size, width)

    def _with_refill(self, matrix: Floats, block: Floats, bins: int, *, up: bool) -> Floats:
        """Move modules in and out; those that come back are empty and dilute what is stored."""
        moved = _times(np.tril(matrix), block)  # as many out, or more: shares of energy stay
        for to, was, places in self._dilutions(bins, up=up):
            moved[:, to] += matrix[to, was] * block[:, was, places]
        return moved

    def _dilutions(self, bins: int, *, up: bool) -> list[tuple[int, int, Ints]]:
        """Return for each repair the bins whose running sums the new bins take over."""
        if (bins, up) not in self._refill:
            size = self._axes[-1].size
            energy = self.energy_mwh[:size]
            found = []
            for was in range(size):
                for to in range(was):
                    ratio = energy[was] / energy[to]
                    bin_of = np.arange(bins + 1) * ratio
                    new = np.ceil(bin_of - 1e-9) if up else np.floor(bin_of + 1e-9)
                    places = np.searchsorted(new, np.arange(bins + 1), side="right") - 1
                    found.append((to, was, places))
            self._refill[bins, up] = found
        return self._refill[bins, up]

    def _lost(self, name: str, causes_out: Sequence[Ints]) -> NDArray[np.bool_]:
        lost = np.zeros(self.size, dtype=bool)
        for cause, out in zip(self._system.common_causes, causes_out, strict=True):
            if name in cause.affects:
                lost |= out > 0
        return lost

    def _joined(self) -> list[CountAxis]:
        """Return the axes, neighbours joined where that makes matrices of a good size."""
        free = list(self._axes[:-1] if self._has_modules else self._axes)
        joined: list[CountAxis] = []
        for axis in free:
            last = joined[-1] if joined else None
            fits = last is not None and last.size * axis.size <= LARGEST_FACTOR
            if last is not None and fits and last.is_constant and axis.is_constant:
                joined[-1] = _product(last, axis)
            else:
                joined.append(axis)
        return [*joined, self._axes[-1]] if self._has_modules else joined


def _times(matrix: Floats, block: Floats) -> Floats:
    """Return a product, in parts that no linear algebra library spreads over threads.

    Products are so small that threads gain nothing, and on a busy machine they wait for each other.
    """
    columns = block.shape[2]
    most = max(1, ONE_THREAD // matrix.size)
    if columns <= most:
        return np.asarray(matrix @ block)
    result = np.empty_like(block)
    for first in range(0, columns, most):
        part = slice(first, first + most)
        np.matmul(matrix, block[:, :, part], out=result[:, :, part])
    return result


def _product(first: CountAxis, second: CountAxis) -> CountAxis:
    """Return two constant axes as one."""
    matrices = np.kron(first.matrices[0], second.matrices[0])[None]
    law = np.kron(first.law[0], second.law[0])[None]
    most_out = first.size * second.size - 1
    return CountAxis(most_out, matrices, first.kind, law, first.beyond + second.beyond)
