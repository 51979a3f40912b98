"""Put the concepts together: the only loop over them, the power balance, and the objective.

Docs: docs/model/balance.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from optmix.data.cost_lines import COST_LINES
from optmix.model import (
    battery,
    commitment,
    demand,
    emissions,
    fuel,
    grid,
    maintenance,
    reserve,
    sizing,
)
from optmix.model.concept import Concept, Equation, Formulation, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model

__all__ = ["CONCEPTS", "build_model"]


def power_balance(m: Model, t: int) -> Expr:
    r"""BAL-1  What is put onto the site bus is drawn from it.

    .. math:: \sum_g p + \sum_s (d - c) + imp - exp + \sum_j k + z = D + \sum_s aux

    Over: TIMES.  Units: MW.
    """
    return sum(concept.injection_mw(m, t) for concept in CONCEPTS) == 0


def _no_variables(_m: Model, _case: Case, _window: Window) -> None:
    """Declare nothing: the balance only sums what others add."""


BALANCE = Concept(
    name="balance",
    declare=_no_variables,
    equations=(Equation("BAL-1", ("TIMES",), power_balance),),
)

CONCEPTS: tuple[Concept, ...] = (
    sizing.CONCEPT,
    maintenance.CONCEPT,
    commitment.CONCEPT,
    fuel.CONCEPT,
    battery.CONCEPT,
    grid.CONCEPT,
    demand.CONCEPT,
    reserve.CONCEPT,
    emissions.CONCEPT,
    BALANCE,
)


def build_model(
    case: Case, window: Window | None = None, formulation: Formulation | None = None
) -> Model:
    """Build the model of a case for a window of steps, by default for all of them.

    Parameters
    ----------
    case
        The site as numbers.
    window
        Steps to cover. A window that does not cover its year whole has the quantities that link it
        to its neighbours (states of the steps before it, allotments of annual budgets, monthly
        peaks, units in maintenance) as free variables.
    formulation
        Which variables are integer.

    Returns
    -------
    Model
        A concrete Pyomo model: variables on the model, the rows of each concept on a block named
        after it, cost lines in ``cost_kusd``, and the objective ``annual_cost_kusd``.

    Notes
    -----
    Units: MW, MWh, MMBtu (HHV), thousand USD per year.
    """
    window = window or Window.whole(case.axis)
    m = pyo.ConcreteModel(name=case.name)
    m.formulation = formulation or Formulation()
    m.window = window
    # A full year makes millions of small objects that all stay; collecting garbage meanwhile
    # doubles the build time.
    with PauseGC():
        _declare_time(m, case, window)
        for concept in CONCEPTS:
            concept.declare(m, case, window)
        for concept in CONCEPTS:
            _attach(m, concept)
        m.cost_kusd = _cost_lines(m)
        m.annual_cost_kusd = pyo.Objective(expr=sum(m.cost_kusd.values()))
    return m


def _declare_time(m: Model, case: Case, window: Window) -> None:
    axis = case.axis
    m.TIMES = pyo.Set(initialize=window.steps)
    m.CORE_TIMES = pyo.Set(initialize=window.core)
    m.step_h = axis.step_h
    m.before = axis.step_before
    m.hours_per_year = axis.hours_per_year.tolist()
    m.events_per_year = (axis.hours_per_year / axis.step_h).tolist()
    m.probability_of = axis.probability[axis.year].tolist()
    m.steps_of_year = {
        y: [t for t in axis.steps_of_year(y) if t in window.core] for y in window.years
    }

    def recent(t: int, steps: int) -> list[int]:
        """Return the step and those before it, ``steps`` in all, none of them twice."""
        year = axis.year[t]
        return [axis.before(t, k) for k in range(min(steps, int(axis.year_steps[year])))]

    m.recent = recent


def _attach(m: Model, concept: Concept) -> None:
    """Add the rows of a concept to a block of its own."""
    block = pyo.Block(concrete=True)
    m.add_component(f"{concept.name}_rows", block)
    for equation in concept.equations:
        over = [m.component(name) for name in equation.over]
        block.add_component(equation.name, pyo.Constraint(*over, rule=_on_model(m, equation.rule)))


def _on_model(m: Model, rule: Callable[..., Expr]) -> Callable[..., Expr]:
    """Let a rule see the model, where its variables are, instead of the block of its rows."""

    def on_block(_block: Model, *index: object) -> Expr:
        relation = rule(m, *index)
        # A sum over an empty set is a number; Pyomo asks what a constant relation means.
        if relation is True:
            return pyo.Constraint.Feasible
        return pyo.Constraint.Infeasible if relation is False else relation

    return on_block


def _cost_lines(m: Model) -> dict[str, Expr]:
    lines: dict[str, Expr] = dict.fromkeys(COST_LINES, 0.0)
    for concept in CONCEPTS:
        for line, amount in concept.cost_kusd(m).items():
            lines[line] = lines[line] + amount
    return lines
