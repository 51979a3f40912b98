"""The grid tie: import, export, monthly peaks, coincident peaks.

Docs: docs/model/grid.md

Adds   import_mw[k,t]  export_mw[k,t]  is_exporting[k,t]  peak_mw[k,month]
Needs  sizing
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

__all__ = ["CONCEPT", "import_mw", "spare_withdrawal_mw"]


def declare(m: Model, case: Case, window: Window) -> None:
    """Add import and peaks where there is a tie, and export where it is allowed."""
    axis, tie = case.axis, case.grid
    can_export = tie is not None and tie.export_max_mw > 0
    m.EXPORTS = pyo.Set(initialize=["grid"] if can_export else [])
    m.MONTHS = pyo.Set(initialize=window.months)
    m.month_of = axis.month.tolist()
    m.availability = tie.availability.tolist() if tie else []
    m.months_per_year_of = {
        month: float(axis.probability[year] * axis.month_factor[year])
        for month, year in enumerate(axis.month_year)
    }
    m.import_mw = pyo.Var(
        m.TIES,
        m.TIMES,
        bounds=lambda m, k, t: (0, m.tie[k].withdrawal_max_mw * m.availability[t]),
    )
    m.export_mw = pyo.Var(
        m.EXPORTS, m.TIMES, bounds=lambda m, k, t: (0, m.tie[k].export_max_mw * m.availability[t])
    )
    switch = pyo.Binary if m.formulation.integer_commitment else pyo.UnitInterval
    m.is_exporting = pyo.Var(m.EXPORTS, m.TIMES, within=switch)
    m.peak_mw = pyo.Var(
        m.TIES, m.MONTHS, bounds=lambda m, k, _month: (0, m.tie[k].withdrawal_max_mw)
    )


def import_within_withdrawal(m: Model, k: str, t: int) -> Expr:
    r"""GRD-1  Import stays within the contracted withdrawal that is available.

    .. math:: imp_t \le W\, avail_t

    Over: TIES x TIMES.  Units: MW.
    """
    return m.import_mw[k, t] <= m.availability[t] * m.withdrawal_mw[k]


def export_needs_tie(m: Model, k: str, t: int) -> Expr:
    r"""GRD-1  Export needs a tie and stays within what is allowed.

    .. math:: exp_t \le X\, avail_t\, y^{grid}

    Over: EXPORTS x TIMES.  Units: MW.
    """
    return m.export_mw[k, t] <= m.tie[k].export_max_mw * m.availability[t] * m.has_tie[k]


def export_only_when_exporting(m: Model, k: str, t: int) -> Expr:
    r"""GRD-4  No export in a step of import.

    .. math:: exp_t \le X\, x_t

    Over: EXPORTS x TIMES.  Units: MW.
    """
    return m.export_mw[k, t] <= m.tie[k].export_max_mw * m.is_exporting[k, t]


def no_import_when_exporting(m: Model, k: str, t: int) -> Expr:
    r"""GRD-4  No import in a step of export.

    .. math:: imp_t \le W^{max} (1 - x_t)

    Over: EXPORTS x TIMES.  Units: MW.
    """
    return m.import_mw[k, t] <= m.tie[k].withdrawal_max_mw * (1 - m.is_exporting[k, t])


def monthly_peak(m: Model, k: str, t: int) -> Expr:
    r"""GRD-2  The peak of a month is its largest import.

    .. math:: peak_{m(t)} \ge imp_t

    Over: TIES x CORE_TIMES.  Units: MW.
    """
    return m.peak_mw[k, m.month_of[t]] >= m.import_mw[k, t]


def import_mw(m: Model, t: int) -> Expr:
    """Return the import of a step, 0 without a tie."""
    return sum(m.import_mw[k, t] for k in m.TIES)


def spare_withdrawal_mw(m: Model, t: int) -> Expr:
    """Return the contracted withdrawal that is available and not used in a step."""
    return sum(m.availability[t] * m.withdrawal_mw[k] - m.import_mw[k, t] for k in m.TIES)


def injection_mw(m: Model, t: int) -> Expr:
    """Import less export."""
    return import_mw(m, t) - sum(m.export_mw[k, t] for k in m.EXPORTS)


def cost_kusd(m: Model) -> Mapping[str, Expr]:
    """Energy, demand and coincident charges, less income from export.

    GRD-3: the coincident charge is on the weighted mean of import over the candidate steps.
    """
    hours = m.hours_per_year
    energy = sum(
        float(tie.import_price_usd_per_mwh[t]) * hours[t] / USD_PER_KUSD * m.import_mw[k, t]
        for k, tie in m.tie.items()
        for t in m.CORE_TIMES
    )
    export = sum(
        -float(m.tie[k].export_price_usd_per_mwh[t]) * hours[t] / USD_PER_KUSD * m.export_mw[k, t]
        for k in m.EXPORTS
        for t in m.CORE_TIMES
    )
    demand = sum(
        tie.demand_charge_usd_per_mw_month
        * m.months_per_year_of[month]
        / USD_PER_KUSD
        * m.peak_mw[k, month]
        for k, tie in m.tie.items()
        for month in m.MONTHS
    )
    coincident = sum(
        tie.coincident_charge_usd_per_mw_yr
        * float(tie.coincident_weight[t] * m.probability_of[t])
        / USD_PER_KUSD
        * m.import_mw[k, t]
        for k, tie in m.tie.items()
        for t in m.CORE_TIMES
        if tie.coincident_weight[t] > 0
    )
    return {
        "grid_energy": energy,
        "grid_demand": demand,
        "grid_coincident": coincident,
        "grid_export": export,
    }


CONCEPT = Concept(
    name="grid",
    declare=declare,
    equations=(
        Equation("GRD-1", ("TIES", "TIMES"), import_within_withdrawal),
        Equation("GRD-1", ("EXPORTS", "TIMES"), export_needs_tie),
        Equation("GRD-2", ("TIES", "CORE_TIMES"), monthly_peak),
        Equation("GRD-4", ("EXPORTS", "TIMES"), export_only_when_exporting),
        Equation("GRD-4", ("EXPORTS", "TIMES"), no_import_when_exporting),
    ),
    injection_mw=injection_mw,
    cost_kusd=cost_kusd,
)
