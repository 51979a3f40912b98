"""Expected energy a year, by source and use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.verify.battery import auxiliaries_mw
from optmix.verify.horizon import hours_per_year

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan

__all__ = ["energy_mwh"]


def energy_mwh(case: Case, plan: Plan) -> dict[str, float]:
    """Return annual energy.

    ``thermal + battery_discharge - battery_charge + import - export + curtailed + unserved`` equals
    ``demand + auxiliaries``. ``thermal`` is the sum of ``thermal.<type>``, ``served`` is demand
    without what is curtailed and unserved, ``battery_losses`` is charge minus discharge.
    """
    hours = hours_per_year(case.axis)
    by_type = {
        f"thermal.{unit.name}": float(hours @ plan.output_mw[g])
        for g, unit in enumerate(case.units)
    }
    charge = float(hours @ plan.charge_mw.sum(axis=0))
    discharge = float(hours @ plan.discharge_mw.sum(axis=0))
    demand = float(hours @ case.demand_mw)
    curtailed = float(hours @ plan.curtailed_mw.sum(axis=0))
    unserved = float(hours @ plan.unserved_mw)
    return {
        "demand": demand,
        "served": demand - curtailed - unserved,
        "thermal": sum(by_type.values()),
        **by_type,
        "battery_charge": charge,
        "battery_discharge": discharge,
        "battery_losses": charge - discharge,
        "auxiliaries": auxiliaries_mw(case, plan) * float(hours.sum()),
        "import": float(hours @ plan.import_mw),
        "export": float(hours @ plan.export_mw),
        "curtailed": curtailed,
        "unserved": unserved,
    }
