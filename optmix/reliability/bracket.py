"""Bounds on loss of load with storage from tables alone.

Storage helps never more than if its modules could run without end, like units of their power, and
never harms: it is charged from surplus only. So loss of load lies between that of the system with
its modules as units and that of the system without them. The lower bound holds for any energy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.adequacy import Adequacy, Loss
from optmix.reliability.components import UnitClass

if TYPE_CHECKING:
    from optmix.reliability.system import System

__all__ = ["bracket", "with_storage_as_units"]


def bracket(system: System, accuracy: float) -> Loss:
    """Return certified bounds on the loss of load of a system with storage.

    Parameters
    ----------
    system
        The system.
    accuracy
        Relative width at which bounds of tables that are not exact are good enough.
    """
    best = Adequacy(with_storage_as_units(system), accuracy).loss()
    worst = Adequacy(system.without_storage(), accuracy).loss()
    return Loss(best.lole_low_h, worst.lole_high_h, best.eue_low_mwh, worst.eue_high_mwh)


def with_storage_as_units(system: System) -> System:
    """Return the system with its modules as units that never run out of energy."""
    steps = system.n_steps
    modules = tuple(
        UnitClass(
            name=item.name,
            count=item.modules,
            capacity_mw=np.full(steps, item.module_mw),
            outage_frac=np.full(steps, item.outage_frac),
            mttr_h=item.mttr_h,
            in_maintenance=np.zeros(steps, dtype=np.int64),
        )
        for item in system.storage
    )
    return replace(system, units=(*system.units, *modules), storage=())
