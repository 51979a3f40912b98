"""Hand-off: from a Pyomo model to plain arrays, and from a plan back to its variables.

Pyomo's own ``LinearStandardFormCompiler`` walks the expressions; this module turns its result into
a `LinearProgram` and keeps the maps between rows, columns and Pyomo's objects.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.common.enums import ObjectiveSense
from pyomo.common.errors import InfeasibleConstraintException, PyomoException
from pyomo.core.base import Var
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from optmix.errors import InfeasibleError, OptmixError
from optmix.solve.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["Handoff", "hand_off"]


@dataclass(frozen=True, eq=False)
class Handoff:
    """A Pyomo model as arrays, with the way back.

    Attributes
    ----------
    model
        The Pyomo model.
    program
        The same model as arrays.
    columns
        The variable of each column. A variable that no active constraint or objective uses has no
        column, and neither has a fixed one unless the hand-off was asked to keep it.
    rows
        The constraint of each row. A constraint without variables has no row.
    """

    model: Any
    program: LinearProgram
    columns: list[Any]
    rows: list[Any]

    # Identity is the key, because hashing Pyomo's objects takes several times as long.
    @cached_property
    def _column_of(self) -> dict[int, int]:
        return {id(variable): column for column, variable in enumerate(self.columns)}

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {id(constraint): row for row, constraint in enumerate(self.rows)}

    def column(self, variable: Any) -> int:
        """Return the column of a scalar variable or of one member of an indexed one.

        Raises
        ------
        KeyError
            The variable has no column.
        """
        return self._column_of[id(variable)]

    def find(self, variable: Any) -> int:
        """Return the column of one variable, -1 if it has none."""
        return self._column_of.get(id(variable), -1)

    def row(self, constraint: Any) -> int:
        """Return the row of a scalar constraint or of one member of an indexed one.

        Raises
        ------
        KeyError
            The constraint has no row.
        """
        return self._row_of[id(constraint)]

    def mask(self, *components: Any) -> NDArray[np.bool_]:
        """Return which columns belong to the variables given, indexed or scalar."""
        belongs = np.zeros(self.program.n_columns, dtype=np.bool_)
        for component in components:
            for member in component.values() if component.is_indexed() else (component,):
                column = self._column_of.get(id(member))
                if column is not None:
                    belongs[column] = True
        return belongs

    def values(self, component: Any, x: ArrayLike) -> Floats:
        """Return a plan's values of one variable, indexed or scalar.

        A fixed variable has its fixed value. A variable without a column is free to take any value
        within its bounds; it gets the one nearest to zero.

        Shape
        -----
        One value for each member of ``component``, in the order of its index set.

        Parameters
        ----------
        component
            A ``Var``, or one member of an indexed one.
        x
            The plan, one value for each column.
        """
        plan = np.asarray(x, dtype=np.float64)
        members = component.values() if component.is_indexed() else (component,)
        column_of = self._column_of
        found = [column_of.get(id(member), -1) for member in members]
        columns = np.array(found, dtype=np.intp)
        values = plan[columns] if len(plan) else np.zeros(len(columns))
        if (columns < 0).any():
            members = component.values() if component.is_indexed() else (component,)
            for position, (column, member) in enumerate(zip(found, members, strict=True)):
                if column < 0:
                    values[position] = _value_off_the_program(member)
        return values

    def load(self, x: ArrayLike) -> None:
        """Write a plan into the Pyomo model's variables, for ``pyomo.environ.value`` to read."""
        plan = np.asarray(x, dtype=np.float64).tolist()
        for variable, value in zip(self.columns, plan, strict=True):
            variable.set_value(value, skip_validation=True)
        for variable in self.model.component_data_objects(Var):
            if id(variable) not in self._column_of:
                variable.set_value(_value_off_the_program(variable), skip_validation=True)

    def vector(self) -> Floats:
        """Read the current values of the Pyomo model's variables as a plan; unset ones are NaN."""
        values = [variable.value for variable in self.columns]
        return np.array(values, dtype=np.float64)

    def write(self, path: str | Path) -> None:
        """Write the model to an ``.mps`` or ``.lp`` file with the names of its components.

        Raises
        ------
        SolverError
            The file cannot be written.
        """
        self.program.write(
            path,
            column_names=[variable.name for variable in self.columns],
            row_names=[constraint.name for constraint in self.rows],
        )


def hand_off(model: Any, *, keep_fixed: bool = False) -> Handoff:
    """Compile a linear Pyomo model to arrays.

    Bounds of variables stay bounds, a constraint with two sides stays one row, and the sense and
    the constant of the objective are kept.

    Parameters
    ----------
    model
        A concrete model with one active objective, or none.
    keep_fixed
        Keep each fixed variable as a column whose bounds are both its value, so that its reduced
        cost can be had. Otherwise it is replaced by its value.

    Raises
    ------
    InfeasibleError
        A constraint without variables does not hold.
    OptmixError
        The model is not linear, has several objectives, or a coefficient is not a number.
    """
    with _unfixed(model) if keep_fixed else _as_it_is() as fixed:
        form, lower, upper = _compiled(model)
    if len(form.objectives) > 1:
        names = ", ".join(objective.name for objective in form.objectives)
        raise OptmixError(f"the model has several active objectives: {names}")

    matrix, rows, row_lower, row_upper = _rows(form)
    for position, variable in enumerate(form.columns):
        if id(variable) in fixed:
            lower[position] = upper[position] = variable.value
    cost = form.c.toarray()[0] if form.objectives else np.zeros(len(form.columns))
    _refuse("cost", ~np.isfinite(cost), form.columns)
    _refuse("bound", np.isnan(lower) | np.isnan(upper), form.columns)
    _refuse("side", np.isnan(row_lower) | np.isnan(row_upper), rows)
    in_row = np.bincount(matrix.indices[~np.isfinite(matrix.data)], minlength=len(rows)) > 0
    _refuse("coefficient", in_row, rows)
    program = LinearProgram(
        cost=cost,
        offset=float(form.c_offset[0]) if form.objectives else 0.0,
        start=matrix.indptr.astype(np.int32, copy=False),
        index=matrix.indices.astype(np.int32, copy=False),
        value=matrix.data,
        row_lower=row_lower,
        row_upper=row_upper,
        col_lower=lower,
        col_upper=upper,
        is_integer=np.array([not v.is_continuous() for v in form.columns], dtype=np.bool_),
        maximize=bool(form.objectives) and form.objectives[0].sense == ObjectiveSense.maximize,
    )
    return Handoff(model=model, program=program, columns=form.columns, rows=rows)


def _compiled(model: Any) -> tuple[Any, Floats, Floats]:
    """Return Pyomo's standard form, and lower and upper bounds of its columns."""
    try:
        form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
        lower = _numbers([variable.lb for variable in form.columns], missing=-np.inf)
        upper = _numbers([variable.ub for variable in form.columns], missing=np.inf)
    except InfeasibleConstraintException as reason:
        raise InfeasibleError(f"{reason}; the numbers alone rule out every plan") from reason
    except (PyomoException, ValueError) as reason:
        raise OptmixError(f"the model cannot be handed to a solver: {reason}") from reason
    return form, lower, upper


def _rows(form: Any) -> tuple[Any, list[Any], Floats, Floats]:
    """Merge the two rows that the compiler makes of a two-sided constraint.

    In its mixed form an entry of type 0 is an equality, 1 an upper and -1 a lower side; the lower
    side of a two-sided constraint follows right after its upper side.
    """
    side = np.fromiter((entry.bound_type for entry in form.rows), np.int8, len(form.rows))
    owner = np.fromiter((id(entry.constraint) for entry in form.rows), np.int64, len(form.rows))
    number = np.asarray(form.rhs, dtype=np.float64)
    lower = np.where(side <= 0, number, -np.inf)
    upper = np.where(side >= 0, number, np.inf)
    second = np.zeros(len(side), dtype=np.bool_)
    second[1:] = owner[1:] == owner[:-1]
    matrix = form.A
    if second.any():
        lower[:-1][second[1:]] = lower[second]
        matrix, lower, upper = matrix[~second], lower[~second], upper[~second]
    rows = [entry.constraint for entry, twin in zip(form.rows, second, strict=True) if not twin]
    return matrix, rows, lower, upper


@contextmanager
def _unfixed(model: Any) -> Iterator[frozenset[int]]:
    """Free every fixed variable for a while, for the compiler drops the fixed ones."""
    fixed = [variable for variable in model.component_data_objects(Var) if variable.fixed]
    for variable in fixed:
        variable.unfix()
    try:
        yield frozenset(map(id, fixed))
    finally:
        for variable in fixed:
            variable.fix()


@contextmanager
def _as_it_is() -> Iterator[frozenset[int]]:
    yield frozenset()


def _numbers(values: list[float | None], *, missing: float) -> Floats:
    array = np.array(values, dtype=np.float64)  # None becomes NaN
    absent = np.fromiter((value is None for value in values), np.bool_, len(values))
    array[absent] = missing
    return array


def _refuse(what: str, is_wrong: NDArray[np.bool_], owners: list[Any]) -> None:
    if is_wrong.any():
        owner = owners[int(is_wrong.argmax())].name
        raise OptmixError(f"in the model a {what} of {owner} is not a number that can be solved")


def _value_off_the_program(variable: Any) -> float:
    if variable.fixed:
        return float(variable.value)
    lower = -np.inf if variable.lb is None else variable.lb
    upper = np.inf if variable.ub is None else variable.ub
    nearest = min(max(0.0, lower), upper)
    if variable.is_continuous():
        return float(nearest)
    return float(np.ceil(nearest) if nearest > 0 else np.floor(nearest))
