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

    Attributes
    ----------
    size
        Combinations of counts.
    energy_mwh
        Usable energy of the modules in service. Shape (M,).
    module_axis
        Counts of modules out; none where none can fail.
    other_axes
        All other counts, neighbours joined where that makes matrices of a good size.
    n_modules_out
        Counts of modules out that are told apart.
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
        self.module_axis: CountAxis | None = self._axes[-1] if modules else None
        self.other_axes: list[CountAxis] = _joined(self._axes[:-1] if modules else self._axes)
        self.n_modules_out = 1 if self.module_axis is None else self.module_axis.size

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

    def _lost(self, name: str, causes_out: Sequence[Ints]) -> NDArray[np.bool_]:
        lost = np.zeros(self.size, dtype=bool)
        for cause, out in zip(self._system.common_causes, causes_out, strict=True):
            if name in cause.affects:
                lost |= out > 0
        return lost


def _joined(axes: Sequence[CountAxis]) -> list[CountAxis]:
    joined: list[CountAxis] = []
    for axis in axes:
        last = joined[-1] if joined else None
        fits = last is not None and last.size * axis.size <= LARGEST_FACTOR
        if last is not None and fits and last.is_constant and axis.is_constant:
            joined[-1] = _product(last, axis)
        else:
            joined.append(axis)
    return joined


def _product(first: CountAxis, second: CountAxis) -> CountAxis:
    """Return two constant axes as one."""
    matrices = np.kron(first.matrices[0], second.matrices[0])[None]
    law = np.kron(first.law[0], second.law[0])[None]
    most_out = first.size * second.size - 1
    return CountAxis(most_out, matrices, first.kind, law, first.beyond + second.beyond)
