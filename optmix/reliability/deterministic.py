"""What a planner knows by heart: N+k, floors by common causes, trips that nothing bridges.

They stand beside a reliability target and never replace it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.adequacy import Adequacy
from optmix.reliability.common_cause import scenarios
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.reliability.components import CommonCause
    from optmix.reliability.system import System

__all__ = ["common_cause_floor_h", "expected_energy_mwh", "n_plus"]

TINY_MW = 1e-12
"""Keeps a division from failing where a class has no capacity, and no say."""


def n_plus(system: System) -> int | None:
    """Return how many of the largest units may be out in every step with load still met.

    Batteries are not counted; units in planned maintenance are out already. The grid tie counts as
    one unit.

    Returns
    -------
    int or None
        None where load is not met even with every unit.
    """
    spare_mw = _left_mw(system, frozenset(), in_service=True) - system.load_mw
    spare_mw += SURPLUS_TOLERANCE_MW
    if (spare_mw < 0).any():
        return None
    capacity_mw = np.array([unit.capacity_mw for unit in system.units])
    count = np.array([unit.available_count for unit in system.units])
    borne = np.zeros(system.n_steps, dtype=np.int64)
    is_open = np.ones(system.n_steps, dtype=np.bool_)
    for row in np.argsort(-capacity_mw, axis=0):
        size_mw, n = (
            np.take_along_axis(each, row[None], axis=0)[0] for each in (capacity_mw, count)
        )
        out = np.where(size_mw > 0, np.minimum(spare_mw // np.maximum(size_mw, TINY_MW), n), 0)
        out = np.where(is_open, out, 0).astype(np.int64)
        borne += out
        spare_mw = spare_mw - out * size_mw
        # The next to go out is one of this size, so smaller ones are not asked any more.
        is_open &= out == n
    return int(borne.min())


def common_cause_floor_h(system: System) -> float:
    r"""Return a loss of load expectation that common causes alone force.

    No number of nines of the units gets below it: units are taken as perfect, and so is the
    storage, full when a cause strikes. Storage of energy ``E`` outlasts the first
    :math:`\tau = E / d` hours of a cause, ``d`` being the least deficit, and of an exponential
    duration of mean ``D`` the share :math:`e^{-\tau/D}` comes after that. Where there are steps of
    surplus in which it could recharge, or where several causes strike together, only its power is
    counted against it, so the figure is a lower bound.
    """
    beyond_power = math.fsum(
        scenario.probability * float(system.hours_per_year @ _short_mw(system, scenario.lost)[0])
        for scenario in scenarios(system.common_causes)
        if scenario.lost
    )
    return beyond_power + math.fsum(_outlasting_h(system, cause) for cause in system.common_causes)


def _short_mw(system: System, lost: frozenset[str]) -> tuple[NDArray[np.bool_], float, float]:
    """Return where storage lacks the power to cover a loss, the least deficit, and its energy."""
    deficit_mw = system.load_mw - _left_mw(system, lost, in_service=False) - SURPLUS_TOLERANCE_MW
    stores = [item for item in system.storage if item.name not in lost]
    power_mw = sum(item.modules * item.module_mw for item in stores)
    energy_mwh = sum(item.modules * item.usable_mwh * item.eta_discharge for item in stores)
    return deficit_mw > power_mw, float(deficit_mw.min()), energy_mwh


def _outlasting_h(system: System, cause: CommonCause) -> float:
    """Return the hours that one cause alone takes by lasting longer than storage does."""
    is_short, least_mw, energy_mwh = _short_mw(system, frozenset(cause.affects))
    if least_mw <= 0:
        return 0.0
    others = [1.0 - other.probability for other in system.common_causes if other is not cause]
    share = math.exp(-energy_mwh / least_mw / cause.mean_h)
    alone = cause.probability * math.prod(others)
    return alone * share * float(system.hours_per_year @ ~is_short)


def _left_mw(system: System, lost: frozenset[str], *, in_service: bool) -> Floats:
    """Return the capacity of all units not lost, with or without those in maintenance."""
    left_mw = np.zeros(system.n_steps)
    for unit in system.units:
        if unit.name not in lost:
            left_mw += unit.capacity_mw * (unit.available_count if in_service else unit.count)
    return left_mw


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
