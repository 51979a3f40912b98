"""Loss of load by week for any counts in service: lower bounds with storage as units without end.

The loss of a week depends only on how many units are in service in it, so one answer serves every
fleet and every schedule that comes to the same counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.bracket import with_storage_as_units
from optmix.reliability.capability import Capability
from optmix.reliability.common_cause import scenarios
from optmix.reliability.fleet import GRID, Fleet
from optmix.reliability.fleet_risk import risk_of_fleet
from optmix.reliability.from_case import system_of
from optmix.reliability.hourly import combinations_beside_largest, risk_by_step
from optmix.reliability.risk import StepRisk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case
    from optmix.reliability.system import System

__all__ = ["WeekLoss", "least_loaded"]

MOST_COMBINATIONS = 20_000_000
"""Most combinations of states over all steps that are computed step by step."""

ACCURACY = 1e-2
"""Relative width of bounds where an exact answer takes long."""


def least_loaded(case: Case, fleet: Fleet, least_modules: Sequence[int] | None = None) -> System:
    """Return the system of a fleet with the least demand that such fleets have.

    Modules bring auxiliaries with them, so a smaller fleet has less to serve. By default no modules
    are counted but those that every fleet of the site has. Nothing is in planned maintenance.
    """
    no_maintenance = np.zeros((len(case.units), case.axis.n_steps), dtype=np.int64)
    counts = least_modules or [item.n_min for item in case.batteries]
    least = {item.name: n for item, n in zip(case.batteries, counts, strict=True)}
    system = system_of(case, Fleet(fleet.units, least, fleet.withdrawal_mw), no_maintenance)
    storage = tuple(
        replace(item, modules=fleet.modules.get(item.name, 0)) for item in system.storage
    )
    return replace(system, storage=storage)


class WeekLoss:
    """Lower bounds on the loss of each week; hours and energy.

    Parameters
    ----------
    case
        The site.
    block
        Week of each step. Shape (T,).
    withdrawal_mw
        Contracted withdrawal.
    rarest
        States less likely than this lose nothing.
    """

    def __init__(self, case: Case, block: Ints, withdrawal_mw: float, rarest: float) -> None:
        every = Fleet({unit.name: 1 for unit in case.units}, {}, withdrawal_mw)
        system = with_storage_as_units(least_loaded(case, every))
        self._n_units, self._n_modules = len(case.units), len(case.batteries)
        self._has_tie = any(unit.name == GRID for unit in system.units)
        self._system, self._block, self._rarest = system, block, rarest
        self._capability = Capability(system)
        self._scenarios = [
            (scenario.probability, [unit.name in scenario.lost for unit in system.units])
            for scenario in scenarios(system.common_causes)
        ]
        _, first, where = np.unique(
            self._capability.chances, axis=0, return_index=True, return_inverse=True
        )
        self._alike = [
            (step, np.flatnonzero(where.ravel() == kind)) for kind, step in enumerate(first)
        ]
        self._known: dict[tuple[int, ...], Floats] = {}

    def loss(self, units: Sequence[int], modules: Sequence[int]) -> Floats:
        """Return hours and energy lost in each week with counts in service. Shape (2, K)."""
        counts = (*units, *([1] if self._has_tie else []), *modules)
        if counts not in self._known:
            self._known[counts] = self._loss(counts)
        return self._known[counts]

    def _loss(self, counts: Sequence[int]) -> Floats:
        lolp, unserved_mw = (np.zeros(self._system.n_steps) for _ in range(2))
        for probability, lost in self._scenarios:
            left = [0 if is_lost else n for n, is_lost in zip(counts, lost, strict=True)]
            risk = self._risk(left)
            lolp += probability * risk.lolp
            unserved_mw += probability * risk.unserved_mw
        hours = self._system.hours_per_year
        return np.stack([np.bincount(self._block, hours * each) for each in (lolp, unserved_mw)])

    def _risk(self, counts: Sequence[int]) -> StepRisk:
        """Return risk that is no higher than the true one, without frequencies."""
        capability, system = self._capability, self._system
        states = capability.states(capability.rows[0], counts, self._rarest)
        if combinations_beside_largest(states) * system.n_steps > MOST_COMBINATIONS:
            return risk_of_fleet(capability, system, counts, ACCURACY).low
        risk = StepRisk.none(system.n_steps)
        for first, steps in self._alike:
            states = capability.states(capability.rows[first], counts, self._rarest)
            part, _ = risk_by_step(
                states, capability.capacity_mw[:, steps], system.load_mw[steps], self._rarest
            )
            risk.put(steps, part)
        return risk
