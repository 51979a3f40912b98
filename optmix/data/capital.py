"""The capital that a mix takes, as opposed to its annuity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.data.batteries import module_capital_usd
from optmix.data.unit_types import capital_usd

if TYPE_CHECKING:
    from optmix.schema.result import MixSummary
    from optmix.schema.site import Site

__all__ = ["mix_capital_usd"]


def mix_capital_usd(site: Site, mix: MixSummary) -> float:
    """Return the capital of units, batteries and interconnection.

    What rules ask for is not counted.

    Parameters
    ----------
    site
        The site.
    mix
        What is built there.

    Notes
    -----
    Units: USD, spent once.
    """
    total = 0.0
    for unit in site.unit:
        count = mix.units.get(unit.name, 0)
        total += count * capital_usd(unit, site.site)
        total += unit.fixed_site_capex_usd if count else 0.0
    for battery in site.battery:
        total += mix.battery.get(battery.name, 0) * module_capital_usd(battery)
    if site.grid is not None and mix.grid_withdrawal_mw > 0:
        total += site.grid.interconnection_usd_per_mw * mix.grid_withdrawal_mw
        total += site.grid.interconnection_fixed_usd
    return total
