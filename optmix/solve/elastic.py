"""Limits that may give way: how little is enough for a plan, and what a little more is worth.

A *give* is a limit of a site with a variable that says by how much it gives way, in its own unit.
All else is the model of the site, so physics stays as hard as it is. Minimising the gives tells the
least change that leaves a plan. Holding them at zero and minimising cost instead, their reduced
costs tell what the first unit of each would be worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
import pyomo.environ as pyo

from optmix.errors import InfeasibleError
from optmix.rules.assemble import build_site_model
from optmix.solve.handoff import hand_off
from optmix.solve.highs import solve_highs
from optmix.solve.highs_model import new_highs, to_highs
from optmix.solve.outcome import Limits, Status
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window
    from optmix.solve.handoff import Handoff
    from optmix.solve.interrupt import Interrupt

__all__ = ["Give", "Least", "compile_gives", "has_plan", "least_gives", "worth_usd"]

SMALL_COLUMNS: Final = 20_000
"""Up to so many columns HiGHS runs in this process, which saves the start of another one."""

GAP: Final = 1e-3
"""Relative gap of a least change."""

LESS_THAN_ONE: Final = 0.5
"""Whole numbers that differ by less are equal."""


@dataclass(frozen=True)
class Give:
    """One limit that may give way.

    Attributes
    ----------
    name
        What results call it.
    relations
        Yields the relations of a model in which the limit holds but for the variable given, which
        is how much it gives way. The model is that of a case in which the limit is loose.
    most
        It gives way by no more than this.
    is_whole
        Whether it gives way in whole numbers.
    weight
        What one unit of it counts beside the others.
    """

    name: str
    relations: Callable[[Model, Expr], Iterable[Expr]]
    most: float
    is_whole: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Least:
    """How little is enough.

    Attributes
    ----------
    status
        ``infeasible`` where even all that may give way is not enough.
    amounts
        By how much each limit gives way, by name.
    """

    status: Status
    amounts: Mapping[str, float]

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


def least_gives(
    case: Case,
    gives: Sequence[Give],
    *,
    window: Window | None = None,
    is_relaxed: bool = False,
    time_limit_s: float | None = None,
    interrupt: Interrupt | None = None,
) -> Least:
    """Return how little the given limits must give way for a plan to exist.

    Parameters
    ----------
    case
        The site with those limits loose.
    gives
        The limits. What counts is the weighted sum of what they give.
    window
        Only these steps are looked at, with free borders: what is enough may then be too little.
    is_relaxed
        Whether parts of units will do; what is enough may then be too little.
    time_limit_s
        Wall time after which the best answer so far is returned.
    interrupt
        Ends the search.
    """
    try:
        handoff, variables = compile_gives(case, gives, costs=False, window=window)
    except InfeasibleError:
        return Least(Status.INFEASIBLE, {})
    whole_alone = len(gives) == 1 and gives[0].is_whole
    limits = Limits(
        gap=0.0 if whole_alone else GAP,
        absolute_gap=LESS_THAN_ONE * gives[0].weight if whole_alone else 1e-9,
        time_limit_s=time_limit_s,
    )
    outcome = solve_highs(
        handoff.program.relaxed() if is_relaxed else handoff.program,
        limits,
        interrupt=interrupt,
        isolated=handoff.program.n_columns > SMALL_COLUMNS,
    )
    if not outcome.has_plan or outcome.values is None:
        return Least(outcome.status, {})
    amounts = {
        give.name: max(0.0, float(handoff.values(variable, outcome.values)[0]))
        for give, variable in zip(gives, variables, strict=True)
    }
    return Least(outcome.status, amounts)


def has_plan(
    case: Case, *, time_limit_s: float | None = None, interrupt: Interrupt | None = None
) -> bool | None:
    """Return whether a case has any plan, reliability aside; none where time ran out first."""
    found = least_gives(case, (), time_limit_s=time_limit_s, interrupt=interrupt)
    if found.has_plan:
        return True
    return False if found.status is Status.INFEASIBLE else None


def worth_usd(
    case: Case,
    gives: Sequence[Give],
    sizes: Mapping[tuple[str, str], float] | None = None,
    *,
    time_limit_s: float | None = None,
) -> dict[str, float] | None:
    """Return what the first unit of each limit would save a year, in the relaxed program.

    Parameters
    ----------
    case
        The site with those limits loose.
    gives
        The limits, which hold.
    sizes
        Values of sizes to hold, by name of variable and index; by default sizes are free.
    time_limit_s
        Wall time after which none is returned.

    Returns
    -------
    dict
        USD per year and unit of the limit, by name; none without an optimum.

    Units: USD per year.
    """
    try:
        handoff, variables = compile_gives(case, gives, costs=True, sizes=sizes)
    except InfeasibleError:
        return None
    highs = new_highs()
    if time_limit_s is not None:
        highs.setOptionValue("time_limit", max(time_limit_s, 0.0))
    highs.passModel(to_highs(handoff.program.relaxed()))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    reduced = np.array(highs.getSolution().col_dual, dtype=np.float64)
    return {
        give.name: -USD_PER_KUSD * float(reduced[handoff.column(variable)])
        for give, variable in zip(gives, variables, strict=True)
        if handoff.find(variable) >= 0
    }


def compile_gives(
    case: Case,
    gives: Sequence[Give],
    *,
    costs: bool,
    sizes: Mapping[tuple[str, str], float] | None = None,
    window: Window | None = None,
) -> tuple[Handoff, list[Any]]:
    """Return the model with a variable for each give, to minimise cost or what is given.

    Parameters
    ----------
    case, gives
        The site with the limits loose, and the limits.
    costs
        Whether cost is minimised, with all gives at zero.
    sizes
        Values of sizes to hold.
    window
        The steps that are modelled, by default all.

    Returns
    -------
    tuple
        The compiled model, and the variable of each give.

    Raises
    ------
    InfeasibleError
        The numbers alone leave no plan.
    """
    m = build_site_model(case, window)
    m.give = pyo.Var(range(len(gives)), bounds=lambda _m, k: (0.0, gives[k].most))
    m.give_rows = pyo.ConstraintList()
    for k, give in enumerate(gives):
        if give.is_whole:
            m.give[k].domain = pyo.NonNegativeIntegers
        if costs:
            m.give[k].setub(0.0)
        for relation in give.relations(m, m.give[k]):
            m.give_rows.add(relation)
    for (name, index), value in (sizes or {}).items():
        variable = m.component(name)[index]
        variable.setlb(value)
        variable.setub(value)
    if not costs:
        m.annual_cost_kusd.deactivate()
        if gives:
            m.given = pyo.Objective(
                expr=sum(give.weight * m.give[k] for k, give in enumerate(gives))
            )
    return hand_off(m), [m.give[k] for k in range(len(gives))]
