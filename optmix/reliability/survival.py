"""Chance to serve demand through an outage of the grid of a given length.

No unit is repaired during the outage. Each is available at its start with some probability, may
fail to start, and fails in each step with some probability; failures come before the step. The
battery covers what the units do not, and is charged from what they leave.

The state of charge lives on bins. Rounded down it gives a lower bound on survival, rounded up an
upper one; where every move is a whole number of bins the two are the same, and exact.

Source
------
The question is that of the backup reliability of REopt (Marqusee, Ericson and Jenket, "Impact of
emergency diesel generator reliability on microgrids and building-tied systems", Applied Energy 285
(2021) 116437), which rounds to the nearest bin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InputError, Problem
from optmix.reliability.components import outside
from optmix.reliability.result import Interval
from optmix.reliability.states import binomial
from optmix.reliability.system import SURPLUS_TOLERANCE_MW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.system import System

__all__ = ["BackupBattery", "BackupUnits", "island_units", "outage_survival"]

WHOLE = 1e-9
DEFAULT_BINS = 400


@dataclass(frozen=True)
class BackupUnits:
    """Units that are alike.

    Attributes
    ----------
    count, capacity_mw
        How many, and the capacity of each.
    available_frac
        Probability that one can be called when the outage begins.
    start_failure_frac
        Probability that one that is called does not start, and stays out.
    failure_frac
        Probability that one that runs fails before a step; 1 / MTTF for hourly steps.
    """

    count: int
    capacity_mw: float
    available_frac: float = 1.0
    start_failure_frac: float = 0.0
    failure_frac: float = 0.0

    def problems(self, where: str) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        if self.count < 0:
            yield outside(where, "count", self.count, "a whole number, 0 or more")
        if not 0 <= self.capacity_mw < np.inf:
            yield outside(where, "capacity_mw", self.capacity_mw, "0 or more")
        for field in ("available_frac", "start_failure_frac", "failure_frac"):
            if not 0 <= getattr(self, field) <= 1:
                yield outside(where, field, getattr(self, field), "from 0 to 1")


@dataclass(frozen=True)
class BackupBattery:
    """Battery that covers what units do not.

    Attributes
    ----------
    power_mw, energy_mwh
        Power, and usable energy.
    stored_mwh
        Energy in store when the outage begins.
    eta_charge, eta_discharge
        Efficiencies.
    """

    power_mw: float
    energy_mwh: float
    stored_mwh: float
    eta_charge: float = 1.0
    eta_discharge: float = 1.0

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        for field in ("power_mw", "energy_mwh"):
            if not 0 <= getattr(self, field) < np.inf:
                yield outside("battery", field, getattr(self, field), "0 or more")
        if not 0 <= self.stored_mwh <= self.energy_mwh:
            yield outside("battery", "stored_mwh", self.stored_mwh, "from 0 to energy_mwh")
        for field in ("eta_charge", "eta_discharge"):
            if not 0 < getattr(self, field) <= 1:
                yield outside("battery", field, getattr(self, field), "above 0, at most 1")


NO_BATTERY = BackupBattery(0.0, 0.0, 0.0)


def outage_survival(
    demand_mw: Floats,
    units: Sequence[BackupUnits],
    battery: BackupBattery = NO_BATTERY,
    *,
    step_h: float = 1.0,
    bins: int = DEFAULT_BINS,
) -> tuple[Interval, ...]:
    """Return the probability that demand is served up to each step of an outage.

    Parameters
    ----------
    demand_mw
        Demand from the first step of the outage on. Shape (D,).
    units
        Units on site.
    battery
        Storage on site.
    step_h
        Length of a step.
    bins
        Bins of the state of charge.

    Returns
    -------
    tuple of Interval
        After 1 to D steps; certified bounds.

    Raises
    ------
    InputError
        Every figure that is not allowed.

    Examples
    --------
    One engine that always starts and fails once in 100 steps, without a battery:

    >>> import numpy as np
    >>> engine = BackupUnits(1, 5.0, failure_frac=0.01)
    >>> round(outage_survival(np.array([5.0, 5.0]), [engine])[1].value, 6)
    0.9801
    """
    _refuse(demand_mw, units, battery, step_h, bins)
    low = _survival(demand_mw, units, battery, step_h, bins, up=False)
    high = _survival(demand_mw, units, battery, step_h, bins, up=True)
    # Rounding of sums may put the ends the wrong way round where both runs are exact.
    return tuple(
        Interval.between(min(a, b), max(a, b))
        for a, b in zip(low.tolist(), high.tolist(), strict=True)
    )


def island_units(system: System, step: int, without: str = "grid") -> tuple[BackupUnits, ...]:
    """Return the units of a system as they stand when an outage begins.

    Parameters
    ----------
    system
        The system.
    step
        Step in which the outage begins; capacities stay as they are in that step.
    without
        Name of the class that is lost, the grid tie.
    """
    return tuple(
        BackupUnits(
            count=int(unit.available_count[step]),
            capacity_mw=float(unit.capacity_mw[step]),
            available_frac=1.0 - float(unit.outage_frac[step]),
            start_failure_frac=unit.start_failure_frac if unit.is_standby else 0.0,
            failure_frac=float(-np.expm1(-unit.failure_rate_per_h[step] * system.step_h)),
        )
        for unit in system.units
        if unit.name != without
    )


def _refuse(
    demand_mw: Floats,
    units: Sequence[BackupUnits],
    battery: BackupBattery,
    step_h: float,
    bins: int,
) -> None:
    problems = [p for i, unit in enumerate(units) for p in unit.problems(f"units {i + 1}")]
    problems += battery.problems()
    if not len(demand_mw) or not ((demand_mw >= 0) & (demand_mw < np.inf)).all():
        problems.append(outside("outage", "demand_mw", demand_mw, "figures of 0 or more"))
    if not 0 < step_h < np.inf:
        problems.append(outside("outage", "step_h", step_h, "hours above 0"))
    if bins < 1:
        problems.append(outside("outage", "bins", bins, "a whole number, 1 or more"))
    if problems:
        raise InputError(problems)


def _survival(
    demand_mw: Floats,
    units: Sequence[BackupUnits],
    battery: BackupBattery,
    step_h: float,
    bins: int,
    *,
    up: bool,
) -> Floats:
    """Return one bound on survival after each step. Shape (D,)."""
    mass, running = _start(units, battery, bins, up=up)
    capacity = sum(
        (unit.capacity_mw * n for unit, n in zip(units, running, strict=True)),
        start=np.zeros(len(mass)),
    )
    fails = [_failures(unit) for unit in units]
    sizes = [unit.count + 1 for unit in units]
    bin_mwh = battery.energy_mwh / bins
    alive = np.empty(len(demand_mw))
    for t, demand in enumerate(demand_mw.tolist()):
        mass = _after_failures(mass, fails, sizes)
        deficit = np.maximum(demand - capacity, 0.0)
        surplus = np.maximum(capacity - demand, 0.0)
        gain = step_h * (
            np.minimum(surplus, battery.power_mw) * battery.eta_charge
            - np.minimum(deficit, battery.power_mw) / battery.eta_discharge
        )
        move = gain / bin_mwh if bin_mwh > 0 else np.zeros_like(gain)
        needed = deficit * step_h / battery.eta_discharge / bin_mwh if bin_mwh > 0 else deficit
        bad = deficit - battery.power_mw > SURPLUS_TOLERANCE_MW
        bins_of = np.arange(mass.shape[1])
        short = (bins_of < needed[:, None] - WHOLE) & (deficit > SURPLUS_TOLERANCE_MW)[:, None]
        mass = np.where(bad[:, None] | short, 0.0, mass)
        mass = _shifted(mass, move, up=up)
        alive[t] = mass.sum()
    return alive


def _start(
    units: Sequence[BackupUnits], battery: BackupBattery, bins: int, *, up: bool
) -> tuple[Floats, list[Ints]]:
    """Return the law of units that start and bins, and the units of each class that run."""
    law = np.ones(1)
    for unit in units:
        started = binomial(unit.count, unit.available_frac * (1.0 - unit.start_failure_frac))
        law = np.multiply.outer(law, started).ravel()
    grids = np.meshgrid(*(np.arange(unit.count + 1) for unit in units), indexing="ij")
    place = battery.stored_mwh / battery.energy_mwh * bins if battery.energy_mwh > 0 else 0.0
    first = int(np.ceil(place - WHOLE) if up else np.floor(place + WHOLE))
    mass = np.zeros((len(law), bins + 1 if battery.energy_mwh > 0 else 1))
    mass[:, first] = law
    return mass, [grid.ravel() for grid in grids]


def _failures(unit: BackupUnits) -> Floats:
    """Return the probability of each number running (axis 0), given that before (axis 1)."""
    matrix = np.zeros((unit.count + 1, unit.count + 1))
    for n in range(unit.count + 1):
        matrix[: n + 1, n] = binomial(n, 1.0 - unit.failure_frac)
    return matrix


def _after_failures(mass: Floats, fails: Sequence[Floats], sizes: Sequence[int]) -> Floats:
    width = mass.shape[1]
    for k, matrix in enumerate(fails):
        after = int(np.prod(sizes[k + 1 :], dtype=np.int64)) * width
        mass = matrix @ mass.reshape(-1, sizes[k], after)
    return mass.reshape(-1, width)


def _shifted(mass: Floats, move: Floats, *, up: bool) -> Floats:
    """Return the mass with each row moved by so many bins, held at both ends."""
    most = mass.shape[1] - 1
    whole = np.ceil(move - WHOLE) if up else np.floor(move + WHOLE)
    to = np.clip(np.arange(most + 1) + whole[:, None].astype(np.int64), 0, most)
    moved = np.zeros_like(mass)
    np.add.at(moved, (np.arange(len(mass))[:, None], to), mass)
    return moved
