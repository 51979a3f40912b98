"""Solve a program that comes as arrays or from a file, with any solver that sites are solved with.

Solvers that Pyomo drives get a Pyomo model of one variable a column and one constraint a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.errors import InputError, Problem
from optmix.solve.handoff import Handoff
from optmix.solve.highs_model import new_highs
from optmix.solve.linear_program import LinearProgram
from optmix.solve.run import run_profile
from optmix.solve.solver_file import HIGHS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optmix.solve.highs_run import SolverEvent
    from optmix.solve.outcome import Limits, Outcome
    from optmix.solve.profiles import Profile

__all__ = ["pyomo_handoff", "read_program", "solve_program"]


def read_program(path: str | Path) -> LinearProgram:
    """Read an MPS or LP file, compressed by gzip or not.

    Raises
    ------
    InputError
        HiGHS, which does the reading, cannot read it; or it holds more than rows, bounds and whole
        numbers.
    """
    import highspy

    highs = new_highs()
    if highs.readModel(str(path)) == highspy.HighsStatus.kError:
        allowed = "an MPS or LP file, or either compressed by gzip"
        raise InputError(Problem("this is no model that can be read", str(path), allowed))
    lp = highs.getLp()
    kinds = np.array([int(kind) for kind in lp.integrality_], dtype=np.int8)
    whole = int(highspy.HighsVarType.kInteger)
    if (kinds > whole).any() or highs.getModel().hessian_.dim_:
        what = "the model has semi-continuous variables or a quadratic objective"
        raise InputError(Problem(what, str(path), "rows, bounds and whole numbers"))
    return LinearProgram(
        cost=np.array(lp.col_cost_, dtype=np.float64),
        offset=float(lp.offset_),
        start=np.array(lp.a_matrix_.start_, dtype=np.int32),
        index=np.array(lp.a_matrix_.index_, dtype=np.int32),
        value=np.array(lp.a_matrix_.value_, dtype=np.float64),
        row_lower=np.array(lp.row_lower_, dtype=np.float64),
        row_upper=np.array(lp.row_upper_, dtype=np.float64),
        col_lower=np.array(lp.col_lower_, dtype=np.float64),
        col_upper=np.array(lp.col_upper_, dtype=np.float64),
        is_integer=kinds == whole if len(kinds) else np.zeros(lp.num_col_, dtype=np.bool_),
        maximize=lp.sense_ == highspy.ObjSense.kMaximize,
    )


def solve_program(
    profile: Profile,
    program: LinearProgram,
    limits: Limits,
    *,
    on_event: Callable[[SolverEvent], None] | None = None,
) -> Outcome:
    """Solve a program and check what the solver says.

    Parameters
    ----------
    profile
        The solver and its options.
    program
        What to solve.
    limits
        When to stop; its gap holds, not the profile's.
    on_event
        Who hears of bounds and plans as they come. HiGHS only.

    Raises
    ------
    SolverError
        The solver is missing, banned, or failed.
    """
    if profile.solver.backend == HIGHS:
        handoff = Handoff(model=None, program=program, columns=[], rows=[])
    else:
        handoff = pyomo_handoff(program)
    return run_profile(profile, handoff, limits, on_event=on_event)


def pyomo_handoff(program: LinearProgram) -> Handoff:
    """Return a program as a Pyomo model, column by column and row by row."""
    import pyomo.environ as pe
    from pyomo.core.expr.numeric_expr import LinearExpression

    model = pe.ConcreteModel()
    model.x = pe.Var(range(program.n_columns))
    model.row = pe.ConstraintList()
    columns = list(model.x.values())
    nearest_to_zero = np.clip(0.0, program.col_lower, program.col_upper)
    for j, variable in enumerate(columns):
        # A solver returns no value for a column that nothing uses.
        variable.set_value(float(nearest_to_zero[j]), skip_validation=True)
        variable.domain = pe.Integers if program.is_integer[j] else pe.Reals
        variable.setlb(_side(program.col_lower[j]))
        variable.setub(_side(program.col_upper[j]))

    def linear(indices: Any, values: Any) -> Any:
        return LinearExpression(
            linear_coefs=values.tolist(), linear_vars=[columns[j] for j in indices.tolist()]
        )

    by_row = program.matrix.tocsr()
    rows = []
    for i in range(program.n_rows):
        part = slice(by_row.indptr[i], by_row.indptr[i + 1])
        lower, upper = _side(program.row_lower[i]), _side(program.row_upper[i])
        if part.start < part.stop and (lower, upper) != (None, None):
            body = linear(by_row.indices[part], by_row.data[part])
            rows.append(model.row.add((lower, body, upper)))
    used = np.flatnonzero(program.cost)
    sense = pe.maximize if program.maximize else pe.minimize
    model.cost = pe.Objective(expr=linear(used, program.cost[used]) + program.offset, sense=sense)
    return Handoff(model=model, program=program, columns=columns, rows=rows)


def _side(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
