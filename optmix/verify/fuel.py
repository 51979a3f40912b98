"""What the units burn.

FUE-1  ``f >= kappa * (alpha_j * u + beta_j * p)`` for every segment j of the fuel curve
FUE-1  where the delivered price of gas is negative: fuel of gas units equals the chord from minimum
       to full load, worked out here from the segments

The fuel of starts is no part of ``f``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.verify.rows import Rows
from optmix.verify.tolerances import FUEL_FLOOR_MMBTU, allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from optmix.data.case import Case
    from optmix.data.equipment import UnitType
    from optmix.data.plan import Plan

    Floats = NDArray[np.float64]

__all__ = ["burns_gas", "fuel", "fuel_of_one_mmbtu_per_h"]


def burns_gas(unit: UnitType) -> bool:
    """Return whether a unit burns natural gas, from the pipeline or from a stock of it."""
    return unit.fuel == "natural_gas"


def fuel_of_one_mmbtu_per_h(unit: UnitType, power_mw: Floats) -> Floats:
    """Return the fuel of one unit online at a given output, before any ambient penalty."""
    lines = (
        unit.segment_alpha_mmbtu_per_h[:, None]
        + unit.segment_beta_mmbtu_per_mwh[:, None] * np.atleast_1d(power_mw)[None, :]
    )
    return np.asarray(lines.max(axis=0))


def fuel(case: Case, plan: Plan) -> Iterator[Rows]:
    """Yield the rows of FUE-1."""
    is_negative = case.gas.price_usd_per_mmbtu < 0
    for g, unit in enumerate(case.units):
        one = unit.fuel_factor * fuel_of_one_mmbtu_per_h(unit, unit.pmax_mw)
        burned = plan.fuel_mmbtu_per_h[g]
        tolerance = allowance(FUEL_FLOOR_MMBTU, burned, one)
        for alpha, beta in zip(
            unit.segment_alpha_mmbtu_per_h, unit.segment_beta_mmbtu_per_mwh, strict=True
        ):
            yield Rows.at_most(
                "FUE-1",
                "less fuel than the output takes",
                "MMBtu/h",
                unit.fuel_factor * (alpha * plan.online[g] + beta * plan.output_mw[g]),
                burned,
                tolerance,
                subject=unit.name,
            )
        if burns_gas(unit) and is_negative.any():
            chord = _chord(unit, plan.online[g], plan.output_mw[g])
            yield Rows.equal(
                "FUE-1",
                "fuel off the line from minimum to full load while fuel has a negative price",
                "MMBtu/h",
                np.where(is_negative, burned - chord, 0.0),
                0.0,
                tolerance,
                subject=unit.name,
            )


def _chord(unit: UnitType, online: NDArray[np.int64], power: Floats) -> Floats:
    """Return the fuel on the line from minimum to full load of the units online."""
    low = fuel_of_one_mmbtu_per_h(unit, unit.pmin_mw)
    high = fuel_of_one_mmbtu_per_h(unit, unit.pmax_mw)
    span = unit.pmax_mw - unit.pmin_mw
    # Without a span between them, output is that of full load and the slope does not matter.
    slope = (high - low) / np.where(span > 0, span, 1.0)
    return np.asarray(unit.fuel_factor * (low * online + slope * (power - unit.pmin_mw * online)))
