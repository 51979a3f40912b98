"""Weeks of planned maintenance: what the site allows, what units need, what smaller fleets need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optmix.data.arrays import Floats, Ints
    from optmix.data.case import Case

__all__ = ["Calendar", "States"]

MOST_STATES = 80
"""Up to so many combinations of units out in one week are told apart."""

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class States:
    """How many units of each type may be out in one week.

    Attributes
    ----------
    out
        One row for each combination, the first without any. Shape (S, G).
    need
        What a year must hold in unit-weeks, or in other weeks that are told. Shape (G, Y).
    given
        What each combination gives of that in a week. Shape (S, G).
    """

    out: Ints
    need: Floats
    given: Floats


@dataclass(frozen=True, eq=False)
class Calendar:
    """When units may be out, and how long they must be.

    Shapes: G types, K weeks, Y operating years. Where a site schedules no maintenance, a block is a
    whole year and nothing is ever out.

    Attributes
    ----------
    block
        Week, or else year, of each step. Shape (T,).
    year
        Operating year of each block. Shape (K,).
    is_open
        Whether units may be out. Shape (K,).
    weeks_per_unit
        Weeks that one unit needs in each year. Shape (G, Y).
    most_out
        Most units of a type out at once. Shape (G,).
    """

    block: Ints
    year: Ints
    is_open: NDArray[np.bool_]
    weeks_per_unit: Floats
    most_out: Ints

    @classmethod
    def of(cls, case: Case) -> Calendar:
        """Return the calendar of a site."""
        axis = case.axis
        n_types = len(case.units)
        if case.maintenance_mode != "scheduled":
            years = np.arange(axis.n_years)
            nothing = np.zeros((n_types, axis.n_years))
            is_open = np.zeros(axis.n_years, dtype=np.bool_)
            return cls(axis.year, years, is_open, nothing, np.zeros(n_types, dtype=np.int64))
        planned_h = np.array([unit.planned_outage_h for unit in case.units])
        return cls(
            axis.week,
            axis.week_year,
            ~case.is_blackout_week,
            planned_h[:, None] / (HOURS_PER_WEEK * axis.annual_factor),
            np.array([unit.max_units_in_maintenance for unit in case.units], dtype=np.int64),
        )

    @property
    def n_blocks(self) -> int:
        """Number of weeks."""
        return len(self.year)

    @property
    def is_scheduled(self) -> bool:
        """Whether any unit is ever out."""
        return bool(self.is_open.any() and self.weeks_per_unit.any())

    def open_weeks(self) -> Floats:
        """Return the open weeks of each year. Shape (Y,)."""
        counts = np.bincount(self.year[self.is_open], minlength=self.weeks_per_unit.shape[1])
        return counts.astype(np.float64)

    def need(self, counts: Sequence[int]) -> Floats:
        """Return the unit-weeks that the units of a fleet need, in whole weeks. Shape (G, Y).

        They are never more than the calendar can hold.
        """
        n = np.asarray(counts)[:, None]
        room = np.minimum(self.most_out[:, None], n) * self.open_weeks()
        return np.asarray(np.minimum(np.ceil(self.weeks_per_unit * n - ROUNDING), room))

    def need_with_all_smaller(self, counts: Sequence[int]) -> Floats:
        r"""Return unit-weeks for which the least loss of a fleet bounds that of each smaller one.

        Notes
        -----
        A schedule of ``n - 1`` units becomes one of ``n`` with at least as many units in service in
        each week, when one unit more goes out in every week that is not at its limit ``M`` yet.
        That gives the new unit its weeks :math:`\rho` if at least :math:`\rho` of the ``O`` open
        weeks are below the limit, for which :math:`\rho (n - 1 + M) + 1 \le M O` is enough. Beyond
        the largest such ``n`` the need is that of this ``n``: the same weeks serve.
        """
        weeks, most = self.weeks_per_unit, self.most_out[:, None]
        room = most * self.open_weeks() - 1.0
        largest = np.divide(room, weeks, out=np.full_like(weeks, np.inf), where=weeks > 0)
        largest = np.maximum(np.floor(largest - most + 1.0), 0.0)
        held = np.minimum(np.asarray(counts)[:, None], largest)
        room = np.minimum(most, np.asarray(counts)[:, None]) * self.open_weeks()
        return np.asarray(np.minimum(np.ceil(weeks * held - ROUNDING), room))

    def states(self, counts: Sequence[int], need: Floats, importance: Sequence[float]) -> States:
        """Return the combinations of units out in a week.

        Parameters
        ----------
        counts
            Units of each type.
        need
            Unit-weeks; see :meth:`need`.
        importance
            Of each type. Where there would be too many combinations, the types of least importance
            are taken to need nothing, which makes the loss less.
        """
        most = np.where(need.any(axis=1), np.minimum(self.most_out, counts), 0)
        held = need.copy()
        for g in sorted(range(len(most)), key=lambda g: importance[g]):
            if math.prod((most + 1).tolist()) <= MOST_STATES:
                break
            most[g], held[g] = 0, 0.0
        rows = list(product(*(range(m + 1) for m in most.tolist())))
        out = np.array(rows, dtype=np.int64).reshape(len(rows), len(most))
        return States(out, held, out.astype(np.float64))
