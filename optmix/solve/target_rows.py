"""What a reliability target asks of sizes, as rows that any method can take.

A *plane* says that a weighted sum of sizes is at least something. A *refusal* says that a fleet and
smaller ones miss the target, so that some size must be larger, or modules must be fewer. For that a
size has *steps*: switches that are on only if the size is above a given number, or below it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from optmix.data.case import Case
    from optmix.model.concept import Model
    from optmix.reliability.planes import Plane
    from optmix.reliability.refusal import Refusal

__all__ = ["STEP", "Row", "TargetRows", "add_to_model"]

Size: TypeAlias = tuple[str, Any]
"""Name of a variable of the model, and index in it; see `optmix.solve.decomposition.linking`."""

STEP = "is_beyond"
"""Name that switches have in rows: ``(STEP, (size, number, side))``, the side 1 above, -1 below."""


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
        for step, row in self._ways_out(refusal):
            steps.append(step)
            if step not in self.steps:
                self.steps.add(step)
                yield row
        # Without a way out, units that were counted together must give so much.
        least = refusal.firm_mw if refusal.unit_mw else 1.0
        terms = [(("n_units", name), mw) for name, mw in refusal.unit_mw.items()]
        yield Row((*terms, *((step, least) for step in steps)), least)

    def _ways_out(self, refusal: Refusal) -> Iterator[tuple[Size, Row]]:
        """Yield each switch that leads out of what is refused, and its row."""
        for unit in self.case.units:
            most: float = refusal.most_units.get(unit.name, unit.n_max)
            if most < unit.n_max:
                yield _above(("n_units", unit.name), most, most + 1, unit.n_min)
        for item in self.case.batteries:
            size = "n_modules", item.name
            most = refusal.most_modules.get(item.name, item.n_max)
            if most < item.n_max:
                yield _above(size, most, most + 1, item.n_min)
            least = refusal.least_modules.get(item.name, item.n_min)
            if least > item.n_min:
                yield _below(size, least, item.n_max)
        tie, most = self.case.grid, refusal.most_withdrawal_mw
        if tie is not None and most < tie.withdrawal_max_mw:
            yield _above(("withdrawal_mw", "grid"), most, most, 0.0)
        if refusal.module_mwh:
            yield _more_stored(refusal)
            if refusal.least_mwh > 0:
                yield self._less_stored(refusal)

    def _less_stored(self, refusal: Refusal) -> tuple[Size, Row]:
        """Let a switch be on only with less energy stored, in all products together."""
        step = STEP, ("stored_mwh", refusal.least_mwh, -1)
        most_mwh = sum(refusal.module_mwh[item.name] * item.n_max for item in self.case.batteries)
        terms = [(("n_modules", name), -mwh) for name, mwh in refusal.module_mwh.items()]
        return step, Row((*terms, (step, refusal.least_mwh - most_mwh)), -most_mwh)


def _above(size: Size, most: float, above: float, least: float) -> tuple[Size, Row]:
    """Let a switch be on only with a size that is as much as ``above``, or more."""
    step = STEP, (size, most, 1)
    return step, Row(((size, 1.0), (step, least - above)), least)


def _below(size: Size, least: float, most: float) -> tuple[Size, Row]:
    """Let a switch be on only with a count below ``least``."""
    step = STEP, (size, least, -1)
    return step, Row(((size, -1.0), (step, least - 1 - most)), -most)


def _more_stored(refusal: Refusal) -> tuple[Size, Row]:
    """Let a switch be on only with as much energy stored, in all products together."""
    step = STEP, ("stored_mwh", refusal.most_mwh, 1)
    terms = [(("n_modules", name), mwh) for name, mwh in refusal.module_mwh.items()]
    return step, Row((*terms, (step, -refusal.most_mwh)), 0.0)


def add_to_model(
    m: Model, case: Case, planes: Iterable[Plane], refusals: Iterable[Refusal]
) -> None:
    """Add the rows to a Pyomo model, switches included."""
    import pyomo.environ as pyo

    target = TargetRows(case)
    rows = [target.plane(plane) for plane in planes]
    rows += [row for refusal in refusals for row in target.refusal(refusal)]
    m.is_beyond = pyo.Var(pyo.Any, dense=False, within=pyo.Binary)
    m.target_rows = pyo.ConstraintList()
    for row in rows:
        terms = sum(weight * m.component(name)[index] for (name, index), weight in row.terms)
        m.target_rows.add(terms >= row.least if row.terms else pyo.Constraint.Infeasible)
