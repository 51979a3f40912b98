"""The tie of a site in a PyPSA network: a contracted withdrawal, monthly peaks, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peers.series import annuity, by_step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pypsa import Network

    from optmix.schema.grid import Grid
    from optmix.schema.site import Site


def add_tie(n: Network, site: Site, grid: Grid) -> None:
    """Add a generator of the size of the withdrawal, links of the size of the peaks, and a sink.

    Import reaches the site through one link for each month. The size of a link is the peak of its
    month, and costs the demand charge.
    """
    share = by_step(n, site, 1.0 if grid.availability is None else grid.availability)
    capital = grid.interconnection_usd_per_mw
    capital *= annuity(site.site.wacc, grid.interconnection_life_yr)
    n.add("Bus", "grid", carrier="AC")
    n.add(
        "Generator",
        "import",
        bus="grid",
        p_nom_extendable=True,
        p_nom_max=grid.withdrawal_max_mw,
        p_max_pu=share,
        capital_cost=capital + grid.security_usd_per_mw * grid.security_carry_frac_per_yr,
        marginal_cost=import_usd_per_mwh(n, site, grid),
    )
    months = n.snapshots.to_period("M")
    for month in months.unique():
        n.add(
            "Link",
            f"peak of {month}",
            bus0="grid",
            bus1="site",
            p_nom_extendable=True,
            p_max_pu=(months == month).astype(float),
            capital_cost=grid.demand_charge_usd_per_mw_month * 12.0 / len(months.unique()),
        )
    n.add(
        "Generator",
        "export",
        bus="site",
        p_nom=grid.export_max_mw,
        p_min_pu=-share,
        p_max_pu=0.0,
        marginal_cost=by_step(n, site, grid.export_price),
    )


def import_usd_per_mwh(n: Network, site: Site, grid: Grid) -> NDArray[np.float64]:
    """Return price, adder, and what each coincident hour adds to the mean that is charged."""
    price = by_step(n, site, grid.energy_price) + grid.energy_adder_usd_per_mwh
    peak = grid.coincident_peak
    if peak is None:
        return price
    hit = n.snapshots.month.isin(peak.months) & n.snapshots.hour.isin(peak.hours)
    per_mwh = hit / hit.sum() / n.snapshot_weightings.objective.to_numpy()
    return price + peak.charge_usd_per_mw_yr * per_mwh
