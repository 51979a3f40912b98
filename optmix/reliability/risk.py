"""Chance of loss in each step, and the indices that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.copt import OutageTable
    from optmix.reliability.system import System

__all__ = ["Indices", "StepRisk", "indices", "risk_below"]


@dataclass(frozen=True, eq=False)
class StepRisk:
    """Loss of load in each step.

    Attributes
    ----------
    lolp
        Probability that load is lost. Shape (T,).
    unserved_mw
        Expected power not served. Shape (T,).
    loss_per_h
        Frequency of losses by failures of units, per hour. Shape (T,).
    """

    lolp: Floats
    unserved_mw: Floats
    loss_per_h: Floats

    @classmethod
    def none(cls, n_steps: int) -> StepRisk:
        """Return the risk of no loss at all, to be filled in."""
        return cls(np.zeros(n_steps), np.zeros(n_steps), np.zeros(n_steps))

    def put(self, steps: Ints, part: StepRisk) -> None:
        """Fill in some steps."""
        for whole, piece in zip(self.arrays, part.arrays, strict=True):
            whole[steps] = piece

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """All three."""
        return self.lolp, self.unserved_mw, self.loss_per_h


@dataclass(frozen=True)
class Indices:
    """Yearly indices of one chance of loss in each step."""

    lole_h: float
    eue_mwh: float
    lole_days: float
    lolf_per_yr: float


def risk_below(table: OutageTable, load_mw: Floats) -> StepRisk:
    """Return the risk of loads met from one table.

    Notes
    -----
    Sums run upwards from the least capacity, all of positive terms.
    """
    lost = np.searchsorted(table.available_mw, load_mw - SURPLUS_TOLERANCE_MW, side="left")
    lolp = _sums(table.probability)[lost]
    capacity_mw = _sums(table.probability * table.available_mw)[lost]
    frequency = _sums(table.repair_flow_per_h)[lost]
    return StepRisk(lolp, load_mw * lolp - capacity_mw, np.maximum(frequency, 0.0))


def _sums(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))


def indices(system: System, risk: StepRisk) -> Indices:
    r"""Return the yearly indices of a system.

    Notes
    -----
    Loss begins when a unit fails, or when load rises past what is available at that moment:

    .. math:: \mathrm{LOLF} = \sum_t F_t + \sum_t \max(0, \mathrm{LOLP}_t - \mathrm{LOLP}_{t-1})

    The second sum is exact where the available capacity of a state changes only by failures and
    repairs; where capability follows the weather it leaves out steps in which some states become
    lost and others cease to be.
    """
    steps_per_year = system.hours_per_year / system.step_h
    rises = np.maximum(0.0, risk.lolp - risk.lolp[step_before(system.year)])
    _, first = np.unique(system.day, return_index=True)
    worst_of_day = np.maximum.reduceat(risk.lolp, first)
    return Indices(
        lole_h=float(system.hours_per_year @ risk.lolp),
        eue_mwh=float(system.hours_per_year @ risk.unserved_mw),
        lole_days=float(steps_per_year[first] @ worst_of_day),
        lolf_per_yr=float(system.hours_per_year @ risk.loss_per_h + steps_per_year @ rises),
    )


def step_before(year: Ints) -> Ints:
    """Return the step before each in its cyclic year. Shape (T,)."""
    steps = np.arange(len(year))
    _, first = np.unique(year, return_index=True)
    last = np.append(first[1:], len(year)) - 1
    before = steps - 1
    before[first] = last
    return before
