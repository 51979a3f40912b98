"""The planes that sizes must lie above: by cost, by power, and by mean capacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.energy_row import energy_row
from optmix.reliability.fleet import GRID
from optmix.reliability.lifting import Box
from optmix.reliability.necessary import Choice, FirmCapacity, least_weight
from optmix.reliability.week_loss import least_loaded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.data.equipment import BatteryProduct, UnitType
    from optmix.reliability.refusing import Proof

__all__ = ["Plane", "planes"]


@dataclass(frozen=True)
class Plane:
    """A proven condition: weights times counts of units and modules add up to ``least`` or more."""

    unit_weight: dict[str, float]
    module_weight: dict[str, float]
    least: float


def planes(
    case: Case, proof: Proof, unit_cost: Mapping[str, float], module_cost: Mapping[str, float]
) -> list[Plane]:
    """Return conditions that every fleet within the target fulfils.

    Parameters
    ----------
    case
        The site.
    proof
        Knows its target.
    unit_cost, module_cost
        Weights by type and by product, 0 or more; what is not named weighs nothing.

    Returns
    -------
    list of Plane
        With these weights, with power, and with the mean capacity of units as weight.

    Notes
    -----
    Withdrawal is taken at its largest, and weighs nothing. Where no fleet on offer is within the
    target, ``least`` is more than all that is on offer.
    """
    box = Box.largest(case)
    system = with_storage_as_units(least_loaded(case, proof.fleet(box.units, box)))
    limit = proof.limit_of(box)
    firm = FirmCapacity(
        system, [unit.count for unit in system.units], limit, is_hours=proof.is_hours
    )
    row = energy_row(system, len(case.units), proof.calendar, limit, is_hours=proof.is_hours)
    place = {unit.name: k for k, unit in enumerate(system.units)}
    items: list[UnitType | BatteryProduct] = [*case.units, *case.batteries]
    tie = [Choice(place[GRID], 0.0, 1, 1, 0.0)] if GRID in place else []

    def plane(weight: Mapping[str, float], least: float | None = None) -> Plane:
        found = least
        if found is None:
            choices = [
                Choice(
                    place[item.name],
                    weight[item.name],
                    item.n_min,
                    item.n_max,
                    float(row.mean_mw[place[item.name]]),
                )
                for item in items
            ]
            found = least_weight(firm, [*choices, *tie], row.least_mw)
        offered = sum(weight[item.name] * item.n_max for item in items)
        return Plane(
            {unit.name: weight[unit.name] for unit in case.units},
            {item.name: weight[item.name] for item in case.batteries},
            min(found, offered + 1.0),
        )

    cost = {**unit_cost, **module_cost}
    return [
        plane({item.name: cost.get(item.name, 0.0) for item in items}),
        plane({item.name: float(firm.firm_mw[place[item.name]]) for item in items}),
        plane({item.name: float(row.mean_mw[place[item.name]]) for item in items}, row.least_mw),
    ]
