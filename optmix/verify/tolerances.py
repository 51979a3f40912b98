"""How far a row may be off before the plan counts as wrong, and why.

A correct plan misses a row for three reasons, and each has its figure here:

- The solver holds a row only to its feasibility tolerance. HiGHS (``mip_feasibility_tolerance``),
  Gurobi (``FeasibilityTol``) and SCIP (``numerics/feastol``) all use 1e-6, SCIP relative to the
  size of the row: :data:`ROW_FRAC`.
- The solver calls a count whole within 1e-6 (HiGHS, SCIP, CBC) to 1e-5 (Gurobi ``IntFeasTol``).
  The plan rounds it, which moves a row by that share of one unit or module: :data:`COUNT_FRAC`.
- A table keeps a limited number of decimals, and a row adds up some ten of its figures: the floors
  ``*_FLOOR``. They also cover the absolute part of the solver's tolerance.

For a site of 300 MW all this comes to about one kilowatt. Whole numbers have no tolerance at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Amount = NDArray[np.float64] | float

__all__ = [
    "COST_FLOOR_USD",
    "COST_FRAC",
    "COUNT_FRAC",
    "EMISSION_FLOOR_TPY",
    "ENERGY_FLOOR_MWH",
    "EXACT",
    "FUEL_FLOOR_MMBTU",
    "GAP_FLOOR",
    "HOURS_FLOOR",
    "POWER_FLOOR_MW",
    "ROW_FRAC",
    "allowance",
]

ROW_FRAC = 1e-6
"""Share of the size of a row that the solver may leave it off."""

COUNT_FRAC = 1e-5
"""Share of one unit or module by which a count may have been rounded."""

POWER_FLOOR_MW = 1e-5
"""Ten watts."""

ENERGY_FLOOR_MWH = 1e-5
"""Ten watt hours; a stored energy is off by no more than the powers that filled it."""

FUEL_FLOOR_MMBTU = 1e-4
"""In MMBtu, or MMBtu/h: ten watt hours of electricity take about this much fuel."""

EMISSION_FLOOR_TPY = 1e-6
"""A gram or so a year."""

HOURS_FLOOR = 1e-6
"""Hours of planned maintenance follow from whole numbers; this covers their arithmetic."""

EXACT = 0.0
"""Counts are whole numbers, and their rows hold exactly."""

COST_FRAC = 1e-6
"""Cost lines add up to the objective to this share of it, and agree with those recomputed."""

COST_FLOOR_USD = 1.0
"""A dollar a year, for lines that are next to nothing."""

GAP_FLOOR = 1e-9
"""A reported gap is computed from the same two numbers as the one it is compared with."""


def allowance(floor: float, size: Amount, one: Amount = 0.0) -> Amount:
    """Return how far rows may be off.

    Parameters
    ----------
    floor
        One of the floors above, in the unit of the rows.
    size
        Sum of what stands on the larger side of each row.
    one
        What a single unit or module contributes, where the row holds counts.
    """
    return floor + ROW_FRAC * np.abs(size) + COUNT_FRAC * np.abs(one)
