"""The grid tie of a case as components of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.report.pypsa.equipment import BUS

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.case import Case
    from optmix.data.equipment import GridTie
    from optmix.report.pypsa.network import Network

__all__ = ["add_tie"]

GRID = "grid"


def add_tie(network: Network, case: Case, tie: GridTie, size_mw: tuple[float, float]) -> None:
    """Add a generator of the size of the withdrawal, links of the size of peaks, and a sink.

    Import reaches the site through one link for each month. The size of a link is the peak of its
    month, and costs the demand charge.

    Parameters
    ----------
    network
        The network.
    case, tie
        The site and its tie.
    size_mw
        Least and most contracted withdrawal.
    """
    axis = case.axis
    network.add("buses", GRID, carrier="AC")
    network.add(
        "generators",
        "grid import",
        bus=GRID,
        p_nom_extendable=True,
        p_nom_min=size_mw[0],
        p_nom_max=size_mw[1],
        p_max_pu=tie.availability,
        capital_cost=tie.capital_usd_per_mw_yr + tie.security_carry_usd_per_mw_yr,
        marginal_cost=_import_usd_per_mwh(case, tie),
    )
    for month, label in enumerate(axis.month_label):
        network.add(
            "links",
            f"peak of {label}",
            bus0=GRID,
            bus1=BUS,
            p_nom_extendable=True,
            p_max_pu=(axis.month == month).astype(np.float64),
            capital_cost=tie.demand_charge_usd_per_mw_month * float(axis.month_factor[0]),
        )
    network.add(
        "generators",
        "grid export",
        bus=BUS,
        p_nom=tie.export_max_mw,
        p_min_pu=-tie.availability,
        p_max_pu=0.0,
        marginal_cost=tie.export_price_usd_per_mwh,
    )


def _import_usd_per_mwh(case: Case, tie: GridTie) -> Floats:
    """Return the price, and what each coincident step adds to the mean that is charged."""
    coincident = tie.coincident_charge_usd_per_mw_yr * tie.coincident_weight
    return np.asarray(tie.import_price_usd_per_mwh + coincident / case.axis.hours_per_year)
