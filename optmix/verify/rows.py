"""Rows: one equation of the site model evaluated for one subject, over all steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from optmix.schema.result import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Amount = Floats | float

__all__ = ["Margin", "Rows"]


class Margin(NamedTuple):
    """The least slack of an equation: how near the plan comes to its limit."""

    slack: float
    """What is left to the limit; negative where it is broken."""
    unit: str
    """Unit of the slack."""
    subject: str
    """Unit type, battery product or other thing concerned."""
    step: int | None
    """Step in which it occurs; none for rows that hold for the whole plan."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one equation for one subject.

    Attributes
    ----------
    equation
        Id of the equation.
    what
        What is wrong where a row is broken, in words.
    unit
        Unit of the slack.
    slack
        What is left to the limit in each row; minus the distance for an equality.
    tolerance
        How far below zero the slack may be.
    subject
        Unit type, battery product or other thing concerned.
    part_of_step
        Row that each step belongs to (its day, its year); without it there is one row a step, or
        a single row for the whole plan.
    is_equality
        Whether the slack is a distance, of which no margin is left by right.
    """

    equation: str
    what: str
    unit: str
    slack: Floats
    tolerance: Amount
    subject: str = ""
    part_of_step: Ints | None = None
    is_equality: bool = False

    @classmethod
    def at_most(
        cls,
        equation: str,
        what: str,
        unit: str,
        left: Amount,
        right: Amount,
        tolerance: Amount,
        *,
        subject: str = "",
        part_of_step: Ints | None = None,
    ) -> Rows:
        """Return the rows ``left <= right``."""
        slack = np.asarray(np.subtract(right, left), dtype=np.float64)
        return cls(equation, what, unit, slack, tolerance, subject, part_of_step)

    @classmethod
    def equal(
        cls,
        equation: str,
        what: str,
        unit: str,
        left: Amount,
        right: Amount,
        tolerance: Amount,
        *,
        subject: str = "",
    ) -> Rows:
        """Return the rows ``left = right``."""
        slack = -np.abs(np.asarray(np.subtract(right, left), dtype=np.float64))
        return cls(equation, what, unit, slack, tolerance, subject, is_equality=True)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.slack.size)

    def finding(self) -> Finding | None:
        """Return what is broken, or nothing."""
        # Not "slack < -tolerance": a slack that is not a number must count as broken.
        is_broken = ~(self.slack >= -np.asarray(self.tolerance))
        if not is_broken.any():
            return None
        excess = float(np.max(-self.slack[is_broken]))
        steps = self._steps(is_broken)
        return Finding(
            equation=self.equation,
            what=self.what,
            subject=self.subject,
            step=None if steps is None else int(steps[0]),
            excess=excess,
            unit=self.unit,
            n_steps=1 if steps is None else len(steps),
        )

    def margin(self) -> Margin | None:
        """Return the least slack, or nothing for equalities and for no rows at all."""
        if self.is_equality or not self.slack.size:
            return None
        row = int(np.argmin(self.slack))
        steps = self._steps(np.arange(self.slack.size).reshape(self.slack.shape) == row)
        return Margin(
            slack=float(self.slack.flat[row]),
            unit=self.unit,
            subject=self.subject,
            step=None if steps is None else int(steps[0]),
        )

    def _steps(self, is_row: NDArray[np.bool_]) -> Ints | None:
        """Return the steps of the given rows; none where rows have no steps."""
        if not self.slack.ndim:
            return None
        per_step = is_row if self.part_of_step is None else is_row[self.part_of_step]
        return np.flatnonzero(per_step)
