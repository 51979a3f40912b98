"""Storage as one pool that is charged from any surplus and discharged into any shortage.

What the pool does in a step depends on the capacity of units in service, and on the modules that
are not out. Modules hold equal shares of the energy: one that fails takes its share out of use, and
comes back empty.

Flexible demand is given up before the battery discharges, and it is never given up to charge the
battery: the pool charges from what is left over gross demand.

Several products of unlike duration are operated as one pool of equal durations, which each of them
can follow. That is one way to run them, so the figures are those of that way, not of the best one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.reliability.system import System

__all__ = ["Pool", "common_durations_h", "pool_of"]


@dataclass(frozen=True, eq=False)
class Pool:
    """Modules that are charged and discharged together.

    Attributes
    ----------
    module_mw, module_mwh
        Power and energy of one module of each product. Shape (B,).
    modules
        Modules of each product. Shape (B,).
    eta_charge, eta_discharge
        Efficiencies.
    retention
        Share of stored energy left after one step.
    step_h
        Length of a step.
    """

    module_mw: Floats
    module_mwh: Floats
    modules: Floats
    eta_charge: float
    eta_discharge: float
    retention: float
    step_h: float

    @property
    def most_mw(self) -> float:
        """Power with every module in service."""
        return float(self.module_mw @ self.modules)

    @property
    def most_mwh(self) -> float:
        """Energy with every module in service."""
        return float(self.module_mwh @ self.modules)

    @property
    def mw_per_mwh(self) -> float:
        """Power that each stored unit of energy can give for a step."""
        return self.retention * self.eta_discharge / self.step_h

    def gain_mwh(self, surplus_mw: Floats, deficit_mw: Floats, power_mw: Floats) -> Floats:
        """Return what a step adds to the stored energy, before it is held within its limits."""
        charged = np.minimum(surplus_mw, power_mw) * (self.eta_charge * self.step_h)
        drawn = np.minimum(deficit_mw, power_mw) * (self.step_h / self.eta_discharge)
        return np.asarray(charged - drawn)

    def unserved_mw(self, deficit_mw: Floats, power_mw: Floats, stored_mwh: Floats) -> Floats:
        """Return the shortage that the pool leaves; 0 where it is within the tolerance."""
        given = np.minimum(power_mw, stored_mwh * self.mw_per_mwh)
        left = deficit_mw - given
        return np.where(left > SURPLUS_TOLERANCE_MW, left, 0.0)


def common_durations_h(system: System) -> tuple[float, ...]:
    """Return the durations at which the products can be run as one pool, shortest first."""
    return tuple(
        sorted({item.usable_mwh / item.module_mw for item in system.storage if item.module_mw > 0})
    )


def pool_of(system: System, duration_h: float | None = None) -> Pool:
    """Return the pool of a system.

    Parameters
    ----------
    system
        The system, with at least one product.
    duration_h
        Hours at full power that every product is held to; needed where durations are unlike.
    """
    items = system.storage
    module_mw = np.array([item.module_mw for item in items], dtype=np.float64)
    module_mwh = np.array([item.usable_mwh for item in items], dtype=np.float64)
    pool = Pool(
        module_mw=module_mw,
        module_mwh=module_mwh,
        modules=np.array([item.modules for item in items], dtype=np.float64),
        eta_charge=min(item.eta_charge for item in items),
        eta_discharge=min(item.eta_discharge for item in items),
        retention=min(item.retention for item in items),
        step_h=system.step_h,
    )
    if duration_h is None or len(items) == 1:
        return pool
    held_mw = np.minimum(module_mw, module_mwh / duration_h) if duration_h > 0 else 0.0 * module_mw
    return replace(pool, module_mw=held_mw, module_mwh=held_mw * duration_h)
