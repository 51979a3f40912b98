"""What a planner knows by heart: N+k, floors by common causes, trips that nothing bridges.

They stand beside a reliability target and never replace it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.common_cause import scenarios
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.reliability.system import System

__all__ = ["common_cause_floor_h", "expected_energy_mwh", "n_plus"]


def n_plus(system: System) -> int | None:
    """Return how many of the largest units may be out in every step with load still met.

    Batteries are not counted; units in planned maintenance are out already. The grid tie counts as
    one unit.

    Returns
    -------
    int or None
        None where load is not met even with every unit.
    """
    total = sum((unit.capacity_mw * unit.available_count for unit in system.units), _zero(system))
    spare_mw = total - system.load_mw + SURPLUS_TOLERANCE_MW
    if (spare_mw < 0).any():
        return None
    capacity = np.array([unit.capacity_mw for unit in system.units]).reshape(-1, system.n_steps)
    left = np.array([unit.available_count for unit in system.units]).reshape(-1, system.n_steps)
    order = np.argsort(-capacity, axis=0)
    lost = np.zeros(system.n_steps, dtype=np.int64)
    for k in range(len(system.units)):
        size_mw = np.take_along_axis(capacity, order[k : k + 1], axis=0)[0]
        count = np.take_along_axis(left, order[k : k + 1], axis=0)[0]
        with np.errstate(divide="ignore"):
            bearable = np.minimum(np.floor(spare_mw / size_mw), count).astype(np.int64)
        lost += bearable
        # Where not all units of this size may be out, smaller ones are not asked: the k largest
        # units are those that a planner takes out.
        spare_mw = np.where(bearable == count, spare_mw - bearable * size_mw, -1.0)
        size_is_last = spare_mw < 0
        left = np.where(size_is_last, 0, left)
        spare_mw = np.where(size_is_last, 0.0, spare_mw)
    return int(lost.min())


def common_cause_floor_h(system: System) -> float:
    r"""Return a loss of load expectation that common causes alone force.

    No number of nines of the units gets below it: units are taken as perfect, and so is the
    storage, full when a cause strikes. Storage of energy ``E`` outlasts the first
    :math:`\tau = E / d` hours of a cause, ``d`` being the least deficit, and of an exponential
    duration of mean ``D`` the share :math:`e^{-\tau/D}` comes after that. Where there are steps of
    surplus in which it could recharge, or where several causes strike together, only its power is
    counted against it, so the figure is a lower bound.
    """
    return math.fsum(
        scenario.probability * _forced_h(system, scenario.lost)
        for scenario in scenarios(system.common_causes)
        if scenario.lost
    )


def _forced_h(system: System, lost: frozenset[str]) -> float:
    """Return the hours of the year lost if a scenario lasted for ever."""
    left = (unit.capacity_mw * unit.count for unit in system.units if unit.name not in lost)
    deficit_mw = system.load_mw - sum(left, _zero(system)) - SURPLUS_TOLERANCE_MW
    stores = [item for item in system.storage if item.name not in lost]
    power_mw = sum(item.modules * item.module_mw for item in stores)
    beyond_power = deficit_mw > power_mw
    hours = system.hours_per_year
    forced = float(hours @ beyond_power)
    least_mw = float(deficit_mw.min())
    if least_mw <= 0:
        return forced
    energy_mwh = sum(item.modules * item.usable_mwh * item.eta_discharge for item in stores)
    means_h = [cause.mean_h for cause in system.common_causes if lost.issubset(cause.affects)]
    outlasted = math.exp(-energy_mwh / least_mw / min(means_h)) if means_h else 0.0
    return forced + outlasted * float(hours @ ~beyond_power)


def expected_energy_mwh(system: System, order: Sequence[str]) -> dict[str, float]:
    """Return the expected yearly energy of each class, loaded in an order (Booth-Baleriaux).

    A class serves what the classes before it leave unserved and the classes with it do not.

    Parameters
    ----------
    system
        Units and demand.
    order
        Names of classes, the first one loaded first; classes not named are not run.

    Source
    ------
    Booth 1972, Power system simulation model based on probability analysis, IEEE Trans. PAS-91.
    """
    from optmix.reliability.adequacy import Adequacy

    adequacy = Adequacy(system)
    names = [unit.name for unit in system.units]
    built = {unit.name: unit.count for unit in system.units}
    counts = dict.fromkeys(names, 0)
    energy: dict[str, float] = {}
    unserved_mwh = float(system.hours_per_year @ system.load_mw)
    for name in order:
        counts[name] = built[name]
        loss = adequacy.loss([counts[each] for each in names])
        left_mwh = 0.5 * (loss.eue_low_mwh + loss.eue_high_mwh)
        energy[name] = unserved_mwh - left_mwh
        unserved_mwh = left_mwh
    return energy


def _zero(system: System) -> Floats:
    return np.zeros(system.n_steps)
