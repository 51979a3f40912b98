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

__all__ = ["Indices", "RiskBracket", "StepRisk", "indices", "risk_below", "with_rises"]


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
        How often a loss begins, per hour. Shape (T,).
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


@dataclass(frozen=True, eq=False)
class RiskBracket:
    """Two risks that bracket the truth; one and the same where it is known.

    Attributes
    ----------
    low, high
        The two.
    grid_mw
        Step of the capacity grid, 0 where capacities were taken as they are.
    dropped
        Probability of states left out, not yet counted in ``high``.
    how
        How they were found, in words.
    """

    low: StepRisk
    high: StepRisk
    grid_mw: float
    dropped: float
    how: str


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


def with_rises(risk: StepRisk, system: System) -> StepRisk:
    r"""Return the risk with the losses that begin because load rises past what is available.

    Notes
    -----
    Loss begins when a unit fails, at rate :math:`F_t`, or at the start of a step:

    .. math:: \mathrm{LOLF} = \sum_t F_t + \sum_t \max(0, \mathrm{LOLP}_t - \mathrm{LOLP}_{t-1})

    The second sum is exact where the available capacity of a state changes only by failures and
    repairs; where capability follows the weather it leaves out steps in which some states become
    lost and others cease to be.
    """
    rises = np.maximum(0.0, risk.lolp - risk.lolp[step_before(system.year)])
    return StepRisk(risk.lolp, risk.unserved_mw, risk.loss_per_h + rises / system.step_h)


def indices(system: System, risk: StepRisk) -> Indices:
    """Return the yearly indices of a system."""
    _, first = np.unique(system.day, return_index=True)
    worst_of_day = np.maximum.reduceat(risk.lolp, first)
    hours = system.hours_per_year
    return Indices(
        lole_h=float(hours @ risk.lolp),
        eue_mwh=float(hours @ risk.unserved_mw),
        lole_days=float(hours[first] / system.step_h @ worst_of_day),
        lolf_per_yr=float(hours @ risk.loss_per_h),
    )


def step_before(year: Ints) -> Ints:
    """Return the step before each in its cyclic year. Shape (T,)."""
    steps = np.arange(len(year))
    _, first = np.unique(year, return_index=True)
    last = np.append(first[1:], len(year)) - 1
    before = steps - 1
    before[first] = last
    return before
