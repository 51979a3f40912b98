"""What every concept of the model is made of, and the window of steps a model covers.

A concept declares its sets, data and variables, lists its equations, and says what it adds to the
power balance and to the cost. `optmix.model.assemble` is the only place that puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optmix.data.axis import Axis
    from optmix.data.case import Case

__all__ = ["Concept", "Equation", "Expr", "Formulation", "Model", "Window"]

Model: TypeAlias = Any
"""A ``pyomo.environ.ConcreteModel``; Pyomo carries no types."""
Expr: TypeAlias = Any
"""A Pyomo expression, relation, or a number."""


@dataclass(frozen=True)
class Equation:
    """One family of rows.

    Attributes
    ----------
    id
        Id in `model.md`, for example ``BAT-2``.
    over
        Names of the sets of the model that index it.
    rule
        Pure function of the model and an index that returns a relation. A relation with no more
        than one term on its right is handed off twice as fast as one with a sum there.
    """

    id: str
    over: tuple[str, ...]
    rule: Callable[..., Expr]

    @property
    def name(self) -> str:
        """Name of the constraint on the block of its concept."""
        return self.rule.__name__


def _nothing(_model: Model, _step: int) -> Expr:
    return 0.0


def _free(_model: Model) -> Mapping[str, Expr]:
    return {}


@dataclass(frozen=True)
class Concept:
    """One concept of the site: a battery, the grid, the reserve.

    Attributes
    ----------
    name
        Name of its block, docs page and golden files.
    declare
        Adds sets, data and variables to the model.
    equations
        Its rows.
    injection_mw
        What it adds to the site bus in a step.
    cost_kusd
        What it adds to annual cost, by line of `optmix.data.cost_lines`, in thousand USD.
    """

    name: str
    declare: Callable[[Model, Case, Window], None]
    equations: tuple[Equation, ...] = ()
    injection_mw: Callable[[Model, int], Expr] = _nothing
    cost_kusd: Callable[[Model], Mapping[str, Expr]] = _free


@dataclass(frozen=True)
class Formulation:
    """Choices about how the equations are stated, not what they mean.

    Attributes
    ----------
    integer_sizes
        Whether numbers of units and modules are integers.
    integer_commitment
        Whether units online, starts, stops and units in maintenance are integers.
    """

    integer_sizes: bool = True
    integer_commitment: bool = True


@dataclass(frozen=True)
class Window:
    """The steps a model covers: whole operating years, or a run of steps within one year.

    A window that does not cover its year refers to the steps before it. Their variables are part of
    the model and link it to its neighbours.

    Attributes
    ----------
    axis
        Steps of the case.
    first, stop
        The core of the window: the steps whose cost it counts.
    margin
        Steps on both sides of the core that are modelled too but not counted, so that the core
        starts from and ends in states that can really be. They belong to the neighbours.
    operates
        Without it the model has no steps at all: only sizes, and the quantities of all years that
        link windows (weeks of maintenance, monthly peaks, allotments).
    """

    axis: Axis = field(repr=False)
    first: int
    stop: int
    margin: int = 0
    operates: bool = True

    def __post_init__(self) -> None:
        """Refuse windows that the equations have no meaning for.

        Raises
        ------
        ValueError
            There is no such run of steps, or it ends within a year that is not its first.
        """
        if not 0 <= self.first < self.stop <= self.axis.n_steps:
            raise ValueError(f"no steps {self.first} to {self.stop} in {self.axis.n_steps}")
        if len(self.years) > 1 and self.whole_years != self.years:
            raise ValueError(f"steps {self.first} to {self.stop} cover part of a year and another")

    @classmethod
    def whole(cls, axis: Axis) -> Window:
        """Return the window of all steps of all operating years."""
        return cls(axis, 0, axis.n_steps)

    @classmethod
    def design(cls, axis: Axis) -> Window:
        """Return the window of all operating years without their operation."""
        return cls(axis, 0, axis.n_steps, operates=False)

    @property
    def core(self) -> range:
        """The steps whose cost is counted."""
        return range(self.first, self.stop if self.operates else self.first)

    @cached_property
    def lead(self) -> list[int]:
        """The steps modelled before the core, in time order."""
        return self._neighbours(-1, self._room() - self._room() // 2)

    @cached_property
    def trail(self) -> list[int]:
        """The steps modelled after the core, in time order."""
        return self._neighbours(1, self._room() // 2)

    @cached_property
    def steps(self) -> list[int]:
        """The steps modelled, in time order: lead, core and trail."""
        return [*self.lead, *self.core, *self.trail]

    @property
    def years(self) -> list[int]:
        """Operating years with a step in the core."""
        return sorted({int(year) for year in self.axis.year[self.first : self.stop]})

    @property
    def months(self) -> list[int]:
        """Months with a step in the core."""
        return sorted({int(month) for month in self.axis.month[self.first : self.stop]})

    @property
    def weeks(self) -> list[int]:
        """Maintenance weeks with a step that is modelled, or in the core."""
        steps = [*self.lead, *range(self.first, self.stop), *self.trail]
        return sorted({int(week) for week in self.axis.week[steps]})

    @property
    def whole_years(self) -> list[int]:
        """Operating years that the core covers from end to end."""
        steps = self.axis.steps_of_year
        return [y for y in self.years if self.first <= steps(y)[0] and steps(y)[-1] < self.stop]

    def history(self, depth: int) -> list[int]:
        """Return the steps not modelled that lie up to ``depth`` steps before one that is."""
        if not self.operates or self.whole_years == self.years:
            return []
        outside = int(self.axis.year_steps[self.years[0]]) - len(self.steps)
        return [self.axis.before(self.steps[0], k) for k in range(1, min(depth, outside) + 1)]

    def _room(self) -> int:
        """Return how many steps of its year are left for the margins."""
        if not self.operates or self.whole_years == self.years:
            return 0
        year_steps = int(self.axis.year_steps[self.years[0]])
        return min(2 * self.margin, year_steps - (self.stop - self.first))

    def _neighbours(self, direction: int, count: int) -> list[int]:
        """Return so many steps next to the core, before (-1) or after it (1), in time order."""
        edge = self.first if direction < 0 else self.stop - 1
        found = [self.axis.before(edge, -direction * k) for k in range(1, count + 1)]
        return found[::-1] if direction < 0 else found
