"""Annuities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optmix.schema.surroundings import Place

__all__ = ["capital_charge_frac", "capital_recovery_factor"]


def capital_recovery_factor(wacc: float, life_yr: float) -> float:
    """Return the yearly payment on 1 USD of capital over its life.

    ``r (1 + r)^L / ((1 + r)^L - 1)``, and ``1 / L`` at a rate of 0.

    Parameters
    ----------
    wacc
        Weighted average cost of capital, as a share per year.
    life_yr
        Economic life.

    Source: ordinary annuity, paid at the end of each year; the capital recovery factor of the
    NREL Annual Technology Baseline, "Equations and Variables".

    Examples
    --------
    >>> round(capital_recovery_factor(0.09, 25), 6)
    0.101806
    >>> capital_recovery_factor(0.0, 25)
    0.04
    """
    if wacc == 0:
        return 1.0 / life_yr
    # The same as above divided by (1 + r)^L, in a form that keeps its digits at a tiny rate.
    return wacc / -math.expm1(-life_yr * math.log1p(wacc))


def capital_charge_frac(place: Place, life_yr: float) -> float:
    """Return what a site pays each year for its capital: the annuity, and a price of scarcity."""
    return capital_recovery_factor(place.wacc, life_yr) + place.capital_scarcity_frac_per_yr
