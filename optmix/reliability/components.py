"""What a system is made of: classes of units, storage products, common causes.

Shapes: T steps over all operating years, as in ``optmix.data.axis``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import Problem, did_you_mean
from optmix.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.data.arrays import Floats, Ints

__all__ = ["CommonCause", "DeratedState", "Storage", "UnitClass", "outside", "outside_somewhere"]

PROBABILITY_SLACK = 1e-9


@dataclass(frozen=True)
class DeratedState:
    """A partial outage of one unit.

    Attributes
    ----------
    capacity_frac
        Share of capacity left.
    probability
        Probability of the state, unconditional: with the forced outage probability and the other
        states it adds up to less than 1.
    mean_h
        Mean duration; by default the mean time to repair of the unit.
    """

    capacity_frac: float
    probability: float
    mean_h: float | None = None

    def problems(self, where: str) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        if not 0 < self.capacity_frac < 1:
            yield outside(where, "capacity_frac", self.capacity_frac, "above 0 and below 1")
        if not 0 <= self.probability < 1:
            yield outside(where, "probability", self.probability, "from 0 to below 1")
        if self.mean_h is not None and not 0 < self.mean_h < math.inf:
            yield outside(where, "mean_h", self.mean_h, "hours above 0")


@dataclass(frozen=True, eq=False)
class UnitClass:
    """Units that are alike and fail independently; the grid tie is a class with one unit.

    Attributes
    ----------
    name
        Name of the type, or ``grid``.
    count
        Units built.
    capacity_mw
        Most output of one unit that is not on outage. Shape (T,).
    outage_frac
        Probability that one unit, not in planned maintenance, is on forced outage. Shape (T,).
    mttr_h
        Mean time to repair, the same in every step. Repair rate ``1 / mttr_h``; failure rate
        ``outage_frac / (1 - outage_frac) / mttr_h``.
    in_maintenance
        Units in planned maintenance, at most ``count``. Shape (T,).
    derated
        Partial outages.
    is_standby
        Whether these units stand still until they are called, and may then fail to start.
    start_failure_frac
        Probability that a start fails.
    start_h
        Time from the call to output.
    """

    name: str
    count: int
    capacity_mw: Floats
    outage_frac: Floats
    mttr_h: float
    in_maintenance: Ints
    derated: tuple[DeratedState, ...] = ()
    is_standby: bool = False
    start_failure_frac: float = 0.0
    start_h: float = 0.0

    @property
    def available_count(self) -> Ints:
        """Units not in planned maintenance. Shape (T,)."""
        return self.count - self.in_maintenance

    @cached_property
    def unavailable_frac(self) -> Floats:
        """Probability that one unit does not run when needed. Shape (T,).

        For standby units this counts failed starts: units fail to start independently, and each
        that is not out is tried until enough run, so the number that can run is binomial again.
        """
        if not self.is_standby:
            return self.outage_frac
        return 1.0 - (1.0 - self.outage_frac) * (1.0 - self.start_failure_frac)

    @property
    def failure_rate_per_h(self) -> Floats:
        """Failures of one running unit per hour. Shape (T,)."""
        return np.asarray(self.outage_frac / (1.0 - self.outage_frac) / self.mttr_h)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        where = f'units "{self.name}"'
        if self.count < 0:
            yield outside(where, "count", self.count, "a whole number, 0 or more")
        yield from outside_somewhere(where, "capacity_mw", self.capacity_mw, 0.0, math.inf)
        states = sum(state.probability for state in self.derated)
        yield from outside_somewhere(where, "outage_frac", self.outage_frac, 0.0, 1.0)
        if (
            self.outage_frac.size
            and float(self.outage_frac.max())
            < 1
            <= states + float(self.outage_frac.max()) + PROBABILITY_SLACK
        ):
            yield Problem(
                "outage_frac and the probabilities of derated states add up to 1 or more",
                where,
                "probabilities that leave some chance of full output",
                "give the probability of each state, not of that state or worse",
            )
        if not 0 < self.mttr_h < math.inf:
            yield outside(where, "mttr_h", self.mttr_h, "hours above 0")
        if ((self.in_maintenance < 0) | (self.in_maintenance > self.count)).any():
            yield Problem("more units in maintenance than built", where, f"0 to {self.count}")
        if not 0 <= self.start_failure_frac < 1:
            yield outside(where, "start_failure_frac", self.start_failure_frac, "0 to below 1")
        if not 0 <= self.start_h < math.inf:
            yield outside(where, "start_h", self.start_h, "hours, 0 or more")
        for state in self.derated:
            yield from state.problems(where)


@dataclass(frozen=True)
class Storage:
    """One battery product.

    Attributes
    ----------
    name
        Name of the product.
    modules
        Modules built.
    module_mw
        Power of one module at the bus, charging or discharging.
    usable_mwh
        Energy of one module between its lowest and highest state of charge.
    eta_charge, eta_discharge
        Efficiencies.
    retention
        Share of stored energy left after one step.
    outage_frac
        Probability that one module is on forced outage.
    mttr_h
        Mean time to repair.
    """

    name: str
    modules: int
    module_mw: float
    usable_mwh: float
    eta_charge: float = 1.0
    eta_discharge: float = 1.0
    retention: float = 1.0
    outage_frac: float = 0.0
    mttr_h: float = 24.0

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        where = f'storage "{self.name}"'
        if self.modules < 0:
            yield outside(where, "modules", self.modules, "a whole number, 0 or more")
        for field in ("module_mw", "usable_mwh"):
            value = getattr(self, field)
            if not 0 <= value < math.inf:
                yield outside(where, field, value, "0 or more")
        for field in ("eta_charge", "eta_discharge"):
            value = getattr(self, field)
            if not 0 < value <= 1:
                yield outside(where, field, value, "above 0, at most 1")
        if not 0 <= self.retention <= 1:
            yield outside(where, "retention", self.retention, "from 0 to 1")
        if not 0 <= self.outage_frac < 1:
            yield outside(where, "outage_frac", self.outage_frac, "from 0 to below 1")
        if not 0 < self.mttr_h < math.inf:
            yield outside(where, "mttr_h", self.mttr_h, "hours above 0")


@dataclass(frozen=True)
class CommonCause:
    """Something that takes every unit of several classes at once: fuel supply, bus, tie.

    Attributes
    ----------
    name
        What fails.
    outages_per_year
        How often, per calendar year.
    mean_h
        Mean duration.
    affects
        Names of the unit classes and storage products that are lost meanwhile.
    """

    name: str
    outages_per_year: float
    mean_h: float
    affects: tuple[str, ...]

    @property
    def probability(self) -> float:
        """Share of time that it lasts."""
        return self.outages_per_year * self.mean_h / HOURS_PER_YEAR

    def problems(self, known: Sequence[str]) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        where = f'common cause "{self.name}"'
        if not 0 <= self.outages_per_year < math.inf:
            yield outside(where, "outages_per_year", self.outages_per_year, "0 or more")
        if not 0 < self.mean_h < math.inf:
            yield outside(where, "mean_h", self.mean_h, "hours above 0")
        elif not self.probability < 1:
            yield Problem(
                f"{self.outages_per_year:g} outages of {self.mean_h:g} h last all year",
                where,
                f"outages_per_year * mean_h below {HOURS_PER_YEAR:g}",
            )
        for name in self.affects:
            if name not in known:
                hint = did_you_mean(name, known)
                yield Problem(f'affects "{name}", which is not there', where, _listed(known), hint)


def outside(where: str, field: str, value: object, allowed: str) -> Problem:
    """Return the problem of a value that is not allowed."""
    return Problem(f"{field} is {value}", where, allowed)


def outside_somewhere(
    where: str, field: str, values: Floats, low: float, below: float
) -> Iterator[Problem]:
    """Yield a problem for the first value that is not in ``low <= value < below``."""
    wrong = np.flatnonzero(~((values >= low) & (values < below)))
    if wrong.size:
        limits = f"from {low:g} to below {below:g}" if math.isfinite(below) else f"{low:g} or more"
        first = int(wrong[0])
        yield Problem(f"{field} is {values.flat[first]:g} in step {first}", where, limits)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nothing: the system is empty"
