"""Prices that let a window be operated alone: of what it stores for others, and of what it misses.

Any prices give a valid bound; good ones give a tight one soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.equipment import UnitType

__all__ = ["Prices", "full_load_usd_per_mwh", "guess_prices"]


@dataclass(frozen=True)
class Prices:
    """Prices of a solve, in thousand USD.

    Attributes
    ----------
    soc_kusd_per_mwh, content_kusd_per_mmbtu
        Of energy in a battery and of fuel in a stock at the border of windows, by name.
    shortfall_kusd_per_mwh
        Of missing power or reserve.
    """

    soc_kusd_per_mwh: dict[str, float]
    content_kusd_per_mmbtu: dict[str, float]
    shortfall_kusd_per_mwh: float


def guess_prices(case: Case) -> Prices:
    """Return prices from the data alone.

    Energy in store is worth what the cheapest source would need to make it; shortfall costs more
    than a year of any capacity that could serve it.
    """
    sources = [full_load_usd_per_mwh(unit) for unit in case.units]
    if case.grid is not None:
        sources.append(float(np.mean(case.grid.import_price_usd_per_mwh)))
    energy_usd = max(min(sources, default=0.0), 0.0)
    capacity_usd = [
        (unit.capital_usd_per_yr + unit.fom_usd_per_yr) / max(float(np.min(unit.pmax_mw)), 1e-3)
        for unit in case.units
    ]
    capacity_usd += [
        (b.capital_usd_per_yr + b.fom_usd_per_yr) / b.module_mw for b in case.batteries
    ]
    return Prices(
        {b.name: energy_usd * b.eta_discharge / USD_PER_KUSD for b in case.batteries},
        {stock.name: stock.price_usd_per_mmbtu / USD_PER_KUSD for stock in case.stocks},
        2.0 * max(capacity_usd, default=0.0) / USD_PER_KUSD + 1.0,
    )


def full_load_usd_per_mwh(unit: UnitType) -> float:
    """Return what a MWh costs from a unit at full load, at the mean price of its fuel."""
    full_load = (
        unit.segment_alpha_mmbtu_per_h + unit.segment_beta_mmbtu_per_mwh * unit.net_rating_mw
    )
    heat_rate = float(np.max(full_load)) / unit.net_rating_mw
    return heat_rate * float(np.mean(unit.fuel_price_usd_per_mmbtu)) + unit.vom_usd_per_mwh
