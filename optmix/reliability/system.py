"""The system whose reliability is asked for: what serves demand, and demand, by step.

Plain numpy data. It comes from a site and a fleet (``from_case``) or from published tables
(``tables``), and every engine reads it. Construction checks it, so engines need not.

Shapes: T steps over all operating years, as in ``optmix.data.axis``. Time is cyclic within each
operating year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optmix.errors import InputError, Problem
from optmix.reliability.components import (
    CommonCause,
    DeratedState,
    Storage,
    UnitClass,
    outside,
    outside_somewhere,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from optmix.data.arrays import Floats, Ints

__all__ = [
    "SURPLUS_TOLERANCE_MW",
    "CommonCause",
    "DeratedState",
    "Storage",
    "System",
    "UnitClass",
]

SURPLUS_TOLERANCE_MW = 1e-9
"""Load is lost where capacity is short by more than this: ``X < L``, never ``X <= L``."""


@dataclass(frozen=True, eq=False)
class System:
    """Everything that decides how often demand is not met.

    Attributes
    ----------
    step_h
        Length of every step.
    demand_mw
        Gross demand. Shape (T,).
    relief_mw
        Demand that flexible tiers can give up in a shortage. Shape (T,).
    year
        Operating year of each step, counted from 0; each year is one block. Shape (T,).
    day
        Calendar day of each step, counted over all years. Shape (T,).
    hours_per_year
        Hours of an average year that each step stands for. Their sum is the length of the year
        that indices are for: 8736, 8760 or 8784 h; it is reported and never rescaled. Shape (T,).
    units, storage, common_causes
        What serves demand, and what can take several of them at once.
    """

    step_h: float
    demand_mw: Floats
    relief_mw: Floats
    year: Ints
    day: Ints
    hours_per_year: Floats
    units: tuple[UnitClass, ...]
    storage: tuple[Storage, ...] = ()
    common_causes: tuple[CommonCause, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no engine could make sense of.

        Raises
        ------
        InputError
            Every problem found.
        """
        problems = [*self._problems()]
        if problems:
            raise InputError(problems)

    @property
    def n_steps(self) -> int:
        """Number of steps over all operating years."""
        return len(self.demand_mw)

    @property
    def hours(self) -> float:
        """Length of the year that indices are for."""
        return math.fsum(self.hours_per_year.tolist())

    @cached_property
    def load_mw(self) -> Floats:
        """Demand that must be served: gross demand less relief, never below 0. Shape (T,)."""
        return np.maximum(self.demand_mw - self.relief_mw, 0.0)

    @cached_property
    def demand_mwh(self) -> float:
        """Gross energy demanded in the year."""
        return math.fsum((self.demand_mw * self.hours_per_year).tolist())

    @property
    def can_fail(self) -> bool:
        """Whether the data give anything a chance to fail; where not, no loss says nothing."""
        return (
            any(unit.outage_frac.any() or unit.start_failure_frac > 0 for unit in self.units)
            or any(item.outage_frac > 0 for item in self.storage)
            or any(cause.affects and cause.outages_per_year > 0 for cause in self.common_causes)
        )

    def with_counts(self, counts: Mapping[str, int]) -> System:
        """Return the same system with other numbers of units; names not given keep theirs.

        Raises
        ------
        InputError
            There are fewer units than are in planned maintenance.
        """
        units = tuple(
            replace(unit, count=counts[unit.name]) if unit.name in counts else unit
            for unit in self.units
        )
        return replace(self, units=units)

    def without_storage(self) -> System:
        """Return the same system without its batteries."""
        return self._with(self.units, ())

    def built(self) -> System:
        """Return the same system without classes and products of which nothing is built."""
        units = tuple(unit for unit in self.units if unit.count > 0)
        return self._with(units, tuple(item for item in self.storage if item.modules > 0))

    def _with(self, units: tuple[UnitClass, ...], storage: tuple[Storage, ...]) -> System:
        """Return the same system with some of its parts; common causes affect those left."""
        known = {unit.name for unit in units} | {item.name for item in storage}
        causes = tuple(
            replace(cause, affects=tuple(name for name in cause.affects if name in known))
            for cause in self.common_causes
        )
        return replace(self, units=units, storage=storage, common_causes=causes)

    def _problems(self) -> Iterator[Problem]:
        if not 0 < self.step_h < math.inf:
            yield outside("system", "step_h", self.step_h, "hours above 0")
        if not self.n_steps:
            yield Problem("there are no steps", "demand_mw", "one value a step, at least one")
        yield from self._wrong_shapes()
        yield from outside_somewhere("system", "demand_mw", self.demand_mw, 0.0, math.inf)
        yield from outside_somewhere("system", "relief_mw", self.relief_mw, 0.0, math.inf)
        yield from outside_somewhere("system", "hours_per_year", self.hours_per_year, 0.0, math.inf)
        for name in ("year", "day"):
            if (np.diff(getattr(self, name)) < 0).any():
                yield Problem(f"{name} goes back", "system", f"each {name} as one block of steps")
        names = [*(unit.name for unit in self.units), *(item.name for item in self.storage)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f'"{name}" stands twice', "system", "a name of its own for each")
        for unit in self.units:
            yield from unit.problems()
        for item in self.storage:
            yield from item.problems()
        for cause in self.common_causes:
            yield from cause.problems(names)

    def _wrong_shapes(self) -> Iterator[Problem]:
        arrays = {
            name: getattr(self, name) for name in ("relief_mw", "year", "day", "hours_per_year")
        }
        for unit in self.units:
            for name in ("capacity_mw", "outage_frac", "in_maintenance"):
                arrays[f'{name} of "{unit.name}"'] = getattr(unit, name)
        for name, array in arrays.items():
            if array.shape != self.demand_mw.shape:
                what = f"{name} has shape {array.shape}"
                yield Problem(what, "system", f"shape {self.demand_mw.shape}, that of demand_mw")
