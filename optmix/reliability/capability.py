"""What the units of a system can give in each step, whatever their number.

One row holds capacity, less outage probability and less units in maintenance of each class, so that
a row that is lower in some column has more risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.reliability.copt import Block, outage_tables
from optmix.reliability.load import LoadHistogram
from optmix.reliability.states import UnitChances, class_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats, Ints
    from optmix.reliability.copt import TableBracket
    from optmix.reliability.states import ClassStates
    from optmix.reliability.system import System

__all__ = ["Capability", "StepGroup"]

COLUMNS = 3
"""Columns of one class in a row."""


@dataclass(frozen=True, eq=False)
class StepGroup:
    """Steps with one capability."""

    row: Floats
    steps: Ints
    loads: LoadHistogram


class Capability:
    """Rows of all steps, and the tables that follow from one row and the number of units.

    Attributes
    ----------
    rows
        Shape (T, 3 K).
    groups
        Steps of equal rows.
    """

    def __init__(self, system: System) -> None:
        columns = [
            np.column_stack([unit.capacity_mw, -unit.unavailable_frac, -unit.in_maintenance])
            for unit in system.units
        ]
        self.rows: Floats = np.hstack([np.zeros((system.n_steps, 0)), *columns])
        self.repair_per_h = [1.0 / unit.mttr_h for unit in system.units]
        self.derated = [
            tuple(
                (state.capacity_frac, state.probability, 1.0 / (state.mean_h or unit.mttr_h))
                for state in unit.derated
            )
            for unit in system.units
        ]
        self.groups = self._groups(self.rows, system)

    @property
    def capacity_mw(self) -> Floats:
        """Capacity of one unit of each class. Shape (K, T)."""
        return self.rows[:, 0::COLUMNS].T

    @property
    def chances(self) -> Floats:
        """The part of each row that decides the states of the classes. Shape (T, 2 K)."""
        return np.delete(self.rows, np.s_[0::COLUMNS], axis=1)

    def expected_mw(self, counts: Sequence[int]) -> Floats:
        """Return the capacity that some numbers of units have on average. Shape (T,)."""
        one_mw = self.rows[:, 0::COLUMNS] * (1.0 + self.rows[:, 1::COLUMNS])
        return np.asarray((one_mw * (np.asarray(counts) + self.rows[:, 2::COLUMNS])).sum(axis=1))

    def states(self, row: Floats, counts: Sequence[int], rarest: float) -> list[ClassStates]:
        """Return the states of each class in a step with this row."""
        found = []
        figures = row.tolist()
        for k, count in enumerate(counts):
            _, less_outage, less_in_maintenance = figures[COLUMNS * k : COLUMNS * (k + 1)]
            unit = UnitChances(-less_outage, self.repair_per_h[k], self.derated[k])
            found.append(class_states(max(0, count + round(less_in_maintenance)), unit, rarest))
        return found

    def tables(
        self,
        row: Floats,
        counts: Sequence[int],
        rarest: float,
        top_mw: float,
        *,
        with_flow: bool,
    ) -> TableBracket:
        """Return the outage table of a step with this row, below the highest load."""
        blocks = [
            Block(capacity_mw, states)
            for capacity_mw, states in zip(
                row[0::COLUMNS].tolist(), self.states(row, counts, rarest), strict=True
            )
        ]
        return outage_tables(blocks, top_mw, with_flow=with_flow)

    @staticmethod
    def _groups(rows: Floats, system: System) -> tuple[StepGroup, ...]:
        # Sorting whole rows takes long, and most columns are the same in all of them.
        varying = (rows != rows[0]).any(axis=0)
        if not varying.any():
            steps = np.arange(system.n_steps)
            return (
                StepGroup(rows[0], steps, LoadHistogram.of(system.load_mw, system.hours_per_year)),
            )
        _, first, where = np.unique(
            rows[:, varying], axis=0, return_index=True, return_inverse=True
        )
        order = np.argsort(where.ravel(), kind="stable")
        sizes = np.bincount(where.ravel(), minlength=len(first))
        return tuple(
            StepGroup(
                row, steps, LoadHistogram.of(system.load_mw[steps], system.hours_per_year[steps])
            )
            for row, steps in zip(rows[first], np.split(order, np.cumsum(sizes)[:-1]), strict=True)
        )
