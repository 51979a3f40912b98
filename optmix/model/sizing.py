"""Sizing: units, battery modules and contracted withdrawal.

Docs: docs/model/sizing.md

Adds   n_units[g]  is_present[g]  n_modules[s]  withdrawal_mw[k]  has_tie[k]

The tie to the grid is a set of one member or none, so that no equation asks whether there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyomo.environ as pyo

from optmix.model.concept import Concept, Equation
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.model.concept import Expr, Model, Window

__all__ = ["CONCEPT"]


def declare(m: Model, case: Case, _window: Window) -> None:
    """Add the sets of what is on offer and the first-stage variables."""
    m.UNITS = pyo.Set(initialize=[unit.name for unit in case.units])
    m.STORAGE = pyo.Set(initialize=[battery.name for battery in case.batteries])
    m.TIES = pyo.Set(initialize=["grid"] if case.grid else [])
    m.unit = {unit.name: unit for unit in case.units}
    m.battery_product = {battery.name: battery for battery in case.batteries}
    m.tie = {"grid": case.grid} if case.grid else {}

    whole = pyo.NonNegativeIntegers if m.formulation.integer_sizes else pyo.NonNegativeReals
    switch = pyo.Binary if m.formulation.integer_sizes else pyo.UnitInterval
    m.n_units = pyo.Var(m.UNITS, within=whole, bounds=lambda m, g: _bounds(m.unit[g]))
    m.n_modules = pyo.Var(
        m.STORAGE, within=whole, bounds=lambda m, s: _bounds(m.battery_product[s])
    )
    m.is_present = pyo.Var(m.UNITS, within=switch)
    m.withdrawal_mw = pyo.Var(m.TIES, bounds=lambda m, k: (0, m.tie[k].withdrawal_max_mw))
    m.has_tie = pyo.Var(m.TIES, within=switch)


def _bounds(choice: object) -> tuple[int, int]:
    return choice.n_min, choice.n_max  # type: ignore[attr-defined]


def units_only_if_present(m: Model, g: str) -> Expr:
    r"""SIZ-1  Units are built only of a type that is present on the site.

    .. math:: n_g \le \overline{n}_g\, y_g

    Over: UNITS.  Units: units.
    """
    return m.n_units[g] <= m.unit[g].n_max * m.is_present[g]


def withdrawal_only_with_tie(m: Model, k: str) -> Expr:
    r"""SIZ-2  Withdrawal is contracted only where there is a grid tie.

    .. math:: W \le W^{max}\, y^{grid}

    Over: TIES.  Units: MW.
    """
    return m.withdrawal_mw[k] <= m.tie[k].withdrawal_max_mw * m.has_tie[k]


def least_withdrawal(m: Model, k: str) -> Expr:
    r"""SIZ-3  A tie is contracted for a least withdrawal.

    .. math:: W \ge W^{min}\, y^{grid}

    Over: TIES.  Units: MW.
    """
    return m.withdrawal_mw[k] >= m.tie[k].withdrawal_min_mw * m.has_tie[k]


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Annuities and fixed costs of what is built."""
    units = m.unit.items()
    stores = m.battery_product.items()
    ties = m.tie.items()
    usd = {
        "unit_capital": sum(
            u.capital_usd_per_yr * m.n_units[g] + u.site_capital_usd_per_yr * m.is_present[g]
            for g, u in units
        ),
        "unit_fom": sum(
            u.fom_usd_per_yr * m.n_units[g] + u.site_fixed_usd_per_yr * m.is_present[g]
            for g, u in units
        ),
        "battery_capital": sum(b.capital_usd_per_yr * m.n_modules[s] for s, b in stores),
        "battery_fom": sum(b.fom_usd_per_yr * m.n_modules[s] for s, b in stores),
        "grid_capital": sum(
            tie.capital_usd_per_mw_yr * m.withdrawal_mw[k]
            + tie.capital_fixed_usd_per_yr * m.has_tie[k]
            for k, tie in ties
        ),
        "grid_security": sum(
            tie.security_carry_usd_per_mw_yr * m.withdrawal_mw[k] for k, tie in ties
        ),
    }
    return {line: amount / USD_PER_KUSD for line, amount in usd.items()}


CONCEPT = Concept(
    name="sizing",
    declare=declare,
    equations=(
        Equation("SIZ-1", ("UNITS",), units_only_if_present),
        Equation("SIZ-2", ("TIES",), withdrawal_only_with_tie),
        Equation("SIZ-3", ("TIES",), least_withdrawal),
    ),
    cost_kusd=cost_kusd,
)
