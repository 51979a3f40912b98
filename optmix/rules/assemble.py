"""The model of a site together with its rules. Only this file of the package knows Pyomo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from optmix.model.assemble import build_model
from optmix.model.battery import cover_mw
from optmix.model.commitment import headroom_mw
from optmix.model.demand import fast_curtailment_mw
from optmix.model.emissions import emitted_lb_per_step
from optmix.rules.in_force import applying
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Formulation, Model, Window

__all__ = ["build_site_model"]


def build_site_model(
    case: Case, window: Window | None = None, formulation: Formulation | None = None
) -> Model:
    """Build the model of a case with the rules that apply to it.

    Parameters
    ----------
    case, window, formulation
        As for `optmix.model.assemble.build_model`.

    Returns
    -------
    Model
        The model. The rows of each rule are on ``m.rules[id]``. ``m.rule_shared`` and
        ``m.rule_allotment`` are the variables of rules that link windows, ``m.rule_meter`` the row
        of each allotment, ``m.rule_fleet`` the unit type that an allotment grows with and what
        each unit adds, and ``m.rule_supply`` the rows that only more power or reserve can keep.

    Raises
    ------
    SchemaError
        A rule or a parameter is unknown or not valid.
    """
    m = build_model(case, window, formulation)
    found = applying(case)
    m.rules = pyo.Block([each.rule.id for each in found])
    m.rule_shared = pyo.Var(pyo.Any, dense=False)
    m.rule_allotment = pyo.Var(pyo.Any, dense=False)
    m.rule_meter, m.rule_fleet, m.rule_supply = {}, {}, []
    with PauseGC():
        for each in found:
            each.rule.build(Block(m, case, each.rule.id), m, each.params)
    m.annual_cost_kusd.set_value(sum(m.cost_kusd.values()))
    return m


class Block:
    """The block of one rule; see `optmix.rules.rule.RuleBlock`."""

    def __init__(self, m: Model, case: Case, rule_id: str) -> None:
        self.case = case
        self._m, self._id, self._block = m, rule_id, m.rules[rule_id]

    def rows(
        self,
        name: str,
        over: Iterable[Any],
        relation: Callable[..., Expr],
        *,
        needs_supply: bool = False,
    ) -> None:
        """Add a family of rows."""

        def on_block(_block: Model, *index: object) -> Expr:
            stated = relation(*index)
            # A relation between numbers is true or false; Pyomo asks what is meant by that.
            if stated is True:
                return pyo.Constraint.Skip
            return pyo.Constraint.Infeasible if stated is False else stated

        self._block.add_component(name, pyo.Constraint(list(over), rule=on_block))
        if needs_supply:
            self._m.rule_supply.extend(self._block.component(name).values())

    def step_variable(self, name: str, times: Iterable[int], most: float) -> Expr:
        """Return new variables, one for each step given."""
        self._block.add_component(name, pyo.Var(list(times), bounds=(0.0, most)))
        return self._block.component(name)

    def shared_variable(self, name: str, most: float) -> Expr:
        """Return a new variable that all steps of all years share."""
        return _new(self._m.rule_shared, (self._id, name), most)

    def annual_sum(
        self,
        name: str,
        of_step: Callable[[int], Expr],
        most_per_year: float,
        year: int,
        *,
        of_each: str = "",
    ) -> None:
        """Keep an annual sum within a budget: in each window, within its part of it."""
        m, index = self._m, (f"{self._id}:{name}", year)
        most = most_per_year / float(self.case.axis.annual_factor[year])
        allotment = _new(m.rule_allotment, index, most * (m.unit[of_each].n_max if of_each else 1))
        if of_each:
            m.rule_fleet[index] = (of_each, most)
            self.rows(
                f"{name}_of_fleet[{year}]", [0], lambda _: allotment <= most * m.n_units[of_each]
            )
        used = sum(of_step(t) for t in m.steps_of_year[year])
        self.rows(f"{name}[{year}]", [0], lambda _: used <= allotment)
        m.rule_meter[index] = self._block.component(f"{name}[{year}]")[0]

    def add_cost_usd(self, expression: Expr) -> None:
        """Add to the annual cost."""
        m = self._m
        m.cost_kusd["rules"] = m.cost_kusd["rules"] + expression / USD_PER_KUSD

    def reserve_mw(self, t: int) -> Expr:
        """Return the reserve on site in a step: the model's variable for it, where it has one."""
        m = self._m
        if t in m.RESERVE_TIMES:
            return m.reserve_mw[t]
        return headroom_mw(m, t) + cover_mw(m, t) + fast_curtailment_mw(m, t)

    def emitted_lb(self, pollutant: str, t: int) -> Expr:
        """Return what all units emit in a step, starts included."""
        return emitted_lb_per_step(self._m, pollutant, t)


def _new(variables: Expr, index: tuple[Any, ...], most: float) -> Expr:
    variable = variables[index]
    variable.setlb(0.0)
    variable.setub(most)
    return variable
