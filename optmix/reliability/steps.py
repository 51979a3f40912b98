"""What one step of a system does, for many states at once: surplus, shortage, power and energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.chains import Population
    from optmix.reliability.pool import Pool
    from optmix.reliability.system import System

__all__ = ["StepLimits", "Steps"]


TWO = 2
"""States of a unit without partial outages: what is out gives nothing."""


@dataclass(frozen=True, eq=False)
class StepLimits:
    """One step of N histories.

    Attributes
    ----------
    surplus_mw
        Capacity over gross demand. Shape (N,).
    deficit_mw
        Demand that must be served over capacity. Shape (N,).
    power_mw, energy_mwh
        Power and energy of the modules in service. Shape (N,).
    """

    surplus_mw: Floats
    deficit_mw: Floats
    power_mw: Floats
    energy_mwh: Floats


class Steps:
    """Reads the limits of a step off the counts of units, modules and common causes.

    Parameters
    ----------
    system
        The system.
    pool
        Its storage.
    units, storage, causes
        Its populations.
    """

    def __init__(
        self,
        system: System,
        pool: Pool,
        units: Sequence[Population],
        storage: Sequence[Population],
        causes: Sequence[Population],
    ) -> None:
        self._system, self._pool = system, pool
        self._units, self._storage, self._causes = units, storage, causes
        self.populations = (*units, *storage, *causes)
        names = [cause.affects for cause in system.common_causes]
        self._lost_units = [[unit.name in affects for affects in names] for unit in system.units]
        self._lost_storage = [
            [item.name in affects for affects in names] for item in system.storage
        ]

    def available_mw(self, step: Ints, counts: Sequence[Ints]) -> Floats:
        """Return the capacity in service. Shape (N,)."""
        total = np.zeros(len(step))
        for k, (unit, chain) in enumerate(zip(self._system.units, self._units, strict=True)):
            out = counts[k]
            in_service = chain.count[step] - out.sum(axis=0)
            if chain.n_states > TWO:
                in_service = in_service + np.tensordot(chain.output_frac[1:], out, axes=1)
            part = unit.capacity_mw[step] * in_service
            total += self._kept(part, self._lost_units[k], counts)
        return total

    def limits(self, step: Ints, counts: Sequence[Ints]) -> StepLimits:
        """Return the limits of each history in its step."""
        available = self.available_mw(step, counts)
        power, energy = np.zeros(len(step)), np.zeros(len(step))
        pool, n_units = self._pool, len(self._units)
        for b in range(len(self._storage)):
            modules = pool.modules[b] - counts[n_units + b][0]
            usable = self._kept(modules, self._lost_storage[b], counts)
            power += pool.module_mw[b] * usable
            energy += pool.module_mwh[b] * modules
        return StepLimits(
            np.maximum(available - self._system.demand_mw[step], 0.0),
            np.maximum(self._system.load_mw[step] - available, 0.0),
            power,
            energy,
        )

    def _kept(self, part: Floats, lost: Sequence[bool], counts: Sequence[Ints]) -> Floats:
        """Return a part of the capacity, 0 where a common cause takes it."""
        first = len(self._units) + len(self._storage)
        for c, is_hit in enumerate(lost):
            if is_hit:
                part = part * (1 - counts[first + c][0])
        return part
