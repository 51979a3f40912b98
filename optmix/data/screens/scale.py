"""The range of coefficients that the model of a site will have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.screens.finding import suspicious
from optmix.units import USD_PER_KUSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from optmix.data.case import Case
    from optmix.data.screens.finding import ScreenFinding
    from optmix.schema.site import Site

__all__ = ["LARGEST", "SMALLEST", "coefficient_ranges", "screen_scale"]

SMALLEST, LARGEST = 1e-3, 1e5
"""Solvers work with tolerances near 1e-6; coefficients within this range stay clear of them."""


def coefficient_ranges(case: Case) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest magnitude, apart from 0, of each kind of coefficient.

    Rows are in MW, MWh and MMBtu, money in thousand USD per year.

    Parameters
    ----------
    case
        The numbers of a site.
    """
    hours = case.axis.hours_per_year
    kinds: dict[str, list[ArrayLike]] = {}

    def add(kind: str, *values: ArrayLike) -> None:
        kinds.setdefault(kind, []).extend(values)

    for unit in case.units:
        add("output of units, MW", unit.pmax_mw, unit.pmin_mw)
        add("fuel at no load, MMBtu/h", unit.segment_alpha_mmbtu_per_h)
        add("fuel by output, MMBtu/MWh", unit.segment_beta_mmbtu_per_mwh)
        add("yearly cost of a unit, kUSD", (unit.capital_usd_per_yr + unit.fom_usd_per_yr) / 1e3)
        start = unit.start_cost_usd + unit.start_fuel_mmbtu * unit.fuel_price_usd_per_mmbtu
        add("cost of a start, kUSD", start * hours / case.axis.step_h / USD_PER_KUSD)
        add("cost of output, kUSD/MW", unit.vom_usd_per_mwh * hours / USD_PER_KUSD)
    add("cost of gas, kUSD per MMBtu/h", case.gas.price_usd_per_mmbtu * hours / USD_PER_KUSD)
    for each in case.batteries:
        add("battery module, MW", each.module_mw)
        add("battery module, MWh", each.usable_mwh)
        yearly = each.capital_usd_per_yr + each.fom_usd_per_yr
        add("yearly cost of a module, kUSD", yearly / USD_PER_KUSD)
    if case.grid is not None:
        price = case.grid.import_price_usd_per_mwh
        add("cost of import, kUSD/MW", price * hours / USD_PER_KUSD)
        charge = case.grid.demand_charge_usd_per_mw_month
        add("demand charge, kUSD/MW", charge * case.axis.month_factor / USD_PER_KUSD)
    ranges = {}
    for kind, parts in kinds.items():
        sizes = np.abs(np.concatenate([np.ravel(np.asarray(part)) for part in parts]))
        sizes = sizes[sizes > 0]
        if len(sizes):
            ranges[kind] = (float(sizes.min()), float(sizes.max()))
    return ranges


def screen_scale(site: Site, case: Case) -> Iterator[ScreenFinding]:
    """Find coefficients so small or large that a solver may lose them."""
    for kind, (low, high) in coefficient_ranges(case).items():
        if high > LARGEST:
            yield suspicious(
                f"{kind}: {high:.3g} is above {LARGEST:g}, where solvers lose digits",
                site.origin.where(),
                "a value in the wrong unit is the usual cause",
            )
        if high < SMALLEST:
            yield suspicious(
                f"{kind}: all values are at most {high:.3g}, below {SMALLEST:g}; the smallest is "
                f"{low:.3g}",
                site.origin.where(),
                "a value in the wrong unit is the usual cause",
            )
