"""Loss of load of any fleet without storage; what does not depend on counts is prepared once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.capability import Capability
from optmix.reliability.common_cause import scenarios
from optmix.reliability.fleet_risk import MOST_GROUPS, NEGLIGIBLE, risk_of_fleet
from optmix.reliability.risk import Indices, StepRisk, indices, with_rises
from optmix.reliability.states import RAREST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.reliability.common_cause import Scenario
    from optmix.reliability.system import System

__all__ = ["ACCURACY", "Adequacy", "Evaluation", "Loss"]

ACCURACY = 1e-3
"""Relative width of an interval where none was asked for."""


@dataclass(frozen=True)
class Loss:
    """Bounds on loss of load, equal where it is known."""

    lole_low_h: float
    lole_high_h: float
    eue_low_mwh: float
    eue_high_mwh: float

    @property
    def is_exact(self) -> bool:
        """Whether the bounds differ by no more than rounding."""
        return (
            self.lole_high_h - self.lole_low_h <= NEGLIGIBLE * self.lole_high_h
            and self.eue_high_mwh - self.eue_low_mwh <= NEGLIGIBLE * self.eue_high_mwh
        )


@dataclass(frozen=True)
class Evaluation:
    """All indices of one fleet, from below and from above.

    The frequencies of ``low`` and ``high`` bound nothing unless ``loss.is_exact``: more capacity
    can mean more but shorter losses.
    """

    low: Indices
    high: Indices
    grid_mw: float
    dropped: float
    how: str

    @property
    def loss(self) -> Loss:
        """The bounds on hours and energy."""
        return Loss(self.low.lole_h, self.high.lole_h, self.low.eue_mwh, self.high.eue_mwh)


class Adequacy:
    """Loss of load of any numbers of the units of a system; storage is not looked at.

    Parameters
    ----------
    system
        Capability by step, demand, common causes.
    accuracy
        Relative width of an interval that is good enough where an exact answer takes long.
    """

    def __init__(self, system: System, accuracy: float = ACCURACY) -> None:
        self.system = system
        self.accuracy = accuracy
        self.capability = Capability(system)
        self._scenarios = [
            (scenario, [unit.name in scenario.lost for unit in system.units])
            for scenario in scenarios(system.common_causes)
        ]

    def loss(self, counts: Sequence[int] | None = None) -> Loss:
        """Return bounds on the loss of some numbers of units, in the order of the system.

        Without ``counts``, those of the system are taken. This is the short way: one table and two
        sums over its states, where all steps have the same capability.
        """
        if len(self.capability.groups) > MOST_GROUPS:
            return self.evaluate(counts).loss
        sums = np.zeros(4)
        for scenario, fleet in self._fleets(counts):
            sums += scenario.probability * self._sums(fleet)
        return Loss(*sums.tolist())

    def evaluate(self, counts: Sequence[int] | None = None) -> Evaluation:
        """Return every index of some numbers of units, in the order of the system."""
        low, high = (StepRisk.none(self.system.n_steps) for _ in range(2))
        grid_mw = dropped = 0.0
        how = ""
        for scenario, fleet in self._fleets(counts):
            part = risk_of_fleet(self.capability, self.system, fleet, self.accuracy)
            _add(low, with_rises(part.low, self.system), scenario)
            _add(high, with_rises(part.high, self.system), scenario)
            grid_mw = max(grid_mw, part.grid_mw)
            dropped += scenario.probability * part.dropped
            how = how or part.how
        if len(self._scenarios) > 1:
            how += f", in {len(self._scenarios)} scenarios of common causes"
        below, above = indices(self.system, low), indices(self.system, high)
        above = _with_dropped(above, dropped, self.system)
        return Evaluation(below, above, grid_mw, dropped, how)

    def _fleets(self, counts: Sequence[int] | None) -> list[tuple[Scenario, list[int]]]:
        """Return each scenario with the units it leaves."""
        built = [unit.count for unit in self.system.units] if counts is None else counts
        return [
            (scenario, [0 if is_lost else n for n, is_lost in zip(built, lost, strict=True)])
            for scenario, lost in self._scenarios
        ]

    def _sums(self, fleet: Sequence[int]) -> Floats:
        """Return the four bounds, leaving out no more states than the answer bears."""
        sums = np.zeros(4)
        for rarest in RAREST:
            sums, left_out = self._sums_without(fleet, rarest)
            if (left_out <= NEGLIGIBLE * sums[0::2]).all():
                break
        return sums

    def _sums_without(self, fleet: Sequence[int], rarest: float) -> tuple[Floats, Floats]:
        """Return the four bounds, and the hours and energy of what was left out."""
        sums, left_out = np.zeros(4), np.zeros(2)
        for group in self.capability.groups:
            loads, row = group.loads, group.row
            tables = self.capability.tables(row, fleet, rarest, loads.top_mw, with_flow=False)
            worst = loads.loss(tables.pessimistic)
            best = worst if tables.is_exact else loads.loss(tables.optimistic)
            extra = tables.dropped * np.array([loads.hours[0], loads.energy_mwh[0]])
            sums[0::2] += best
            sums[1::2] += worst + extra
            left_out += extra
        return sums, left_out


def _add(whole: StepRisk, part: StepRisk, scenario: Scenario) -> None:
    """Add the risk of one scenario, with the losses that begin when its causes do."""
    whole.lolp[:] += scenario.probability * part.lolp
    whole.unserved_mw[:] += scenario.probability * part.unserved_mw
    whole.loss_per_h[:] += scenario.probability * part.loss_per_h
    whole.loss_per_h[:] += scenario.repair_flow_per_h * part.lolp


def _with_dropped(found: Indices, dropped: float, system: System) -> Indices:
    """Return indices with all states that were left out counted as loss of the whole load."""
    load_mwh = float(system.hours_per_year @ system.load_mw)
    return replace(
        found,
        lole_h=found.lole_h + dropped * system.hours,
        eue_mwh=found.eue_mwh + dropped * load_mwh,
        lole_days=found.lole_days + dropped * system.hours / system.step_h,
    )
