"""What every concept of the model is made of, and the window of steps a model covers.

A concept declares its sets, data and variables, lists its equations, and says what it adds to the
power balance and to the cost. `optmix.model.assemble` is the only place that puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """

    axis: Axis = field(repr=False)
    first: int
    stop: int

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

    @property
    def steps(self) -> range:
        """The steps covered."""
        return range(self.first, self.stop)

    @property
    def years(self) -> list[int]:
        """Operating years with a step in the window."""
        return sorted({int(year) for year in self.axis.year[self.first : self.stop]})

    @property
    def whole_years(self) -> list[int]:
        """Operating years that the window covers from end to end."""
        steps = self.axis.steps_of_year
        return [y for y in self.years if self.first <= steps(y)[0] and steps(y)[-1] < self.stop]

    def history(self, depth: int) -> list[int]:
        """Return the steps outside the window that lie up to ``depth`` steps before one of it."""
        if self.whole_years == self.years:
            return []
        earlier = (self.axis.before(self.first, k) for k in range(1, depth + 1))
        return [t for t in earlier if t not in self.steps]
