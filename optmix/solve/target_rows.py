"""What a reliability target asks of sizes, as rows that any method can take.

A *plane* says that a weighted sum of sizes is at least something. A *refusal* says that a fleet and
all smaller ones miss the target, so that some size must be larger. For that a size has *steps*:
switches that are on only if the size is above a given number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from optmix.data.case import Case
    from optmix.model.concept import Model
    from optmix.reliability.target import Plane, Refusal

__all__ = ["STEP", "Row", "TargetRows", "add_to_model"]

Size: TypeAlias = tuple[str, Any]
"""Name of a variable of the model, and index in it; see `optmix.solve.decomposition.linking`."""

STEP = "is_above"
"""Name that switches have in rows: ``(STEP, (size, number))``."""


@dataclass(frozen=True)
class Row:
    """The sum of ``terms`` is at least ``least``."""

    terms: tuple[tuple[Size, float], ...]
    least: float


@dataclass
class TargetRows:
    """Rows of planes and refusals, and which switches they have used so far.

    Attributes
    ----------
    case
        What is on offer.
    steps
        The switches in use.
    """

    case: Case
    steps: set[Size] = field(default_factory=set)

    def plane(self, plane: Plane) -> Row:
        """Return the row of a plane."""
        terms = [(("n_units", g), weight) for g, weight in plane.unit_weight.items()]
        terms += [(("n_modules", s), weight) for s, weight in plane.module_weight.items()]
        return Row(tuple(terms), plane.least)

    def refusal(self, refusal: Refusal) -> Iterator[Row]:
        """Yield the row of a refusal, those of new switches first."""
        steps = []
        for size, most, ends in self._sizes(refusal):
            if most < ends[1]:
                step = (STEP, (size, most))
                steps.append(step)
                if step not in self.steps:
                    self.steps.add(step)
                    yield _switch(step, size, most, ends[0])
        yield Row(tuple((step, 1.0) for step in steps), 1.0)

    def _sizes(self, refusal: Refusal) -> Iterator[tuple[Size, float, tuple[float, float]]]:
        """Yield each size with the number it must exceed, and its limits."""
        for unit in self.case.units:
            most: float = refusal.most_units.get(unit.name, unit.n_max)
            yield ("n_units", unit.name), most, (unit.n_min, unit.n_max)
        for item in self.case.batteries:
            most = refusal.most_modules.get(item.name, item.n_max)
            yield ("n_modules", item.name), most, (item.n_min, item.n_max)
        if self.case.grid is not None:
            tie = self.case.grid
            yield ("withdrawal_mw", "grid"), refusal.most_withdrawal_mw, (0, tie.withdrawal_max_mw)


def _switch(step: Size, size: Size, most: float, least: float) -> Row:
    """Let a switch be on only above a number: for counts, from the next one on."""
    above = most if size[0] == "withdrawal_mw" else np.floor(most) + 1
    return Row(((size, 1.0), (step, least - above)), least)


def add_to_model(
    m: Model, case: Case, planes: Iterable[Plane], refusals: Iterable[Refusal]
) -> None:
    """Add the rows to a Pyomo model, switches included."""
    import pyomo.environ as pyo

    target = TargetRows(case)
    rows = [target.plane(plane) for plane in planes]
    rows += [row for refusal in refusals for row in target.refusal(refusal)]
    m.is_above = pyo.Var(pyo.Any, dense=False, within=pyo.Binary)
    m.target_rows = pyo.ConstraintList()
    for row in rows:
        terms = sum(weight * m.component(name)[index] for (name, index), weight in row.terms)
        m.target_rows.add(terms >= row.least if row.terms else pyo.Constraint.Infeasible)
