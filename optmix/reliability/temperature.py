"""Forced outages in heat and cold: how much likelier than in mild weather.

The rates are those of whole fleets in the eastern United States, cold snaps included. What is used
is their ratio to the rate at 15 degC, at which ratings and most outage statistics hold; the outage
rate itself stays that of the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats

__all__ = ["CURVES", "HIGHEST_OUTAGE_FRAC", "REFERENCE_TEMP_C", "outage_frac_at"]

REFERENCE_TEMP_C = 15.0
"""ISO ambient temperature."""

HIGHEST_OUTAGE_FRAC = 0.95
"""A unit is never taken to be out for certain."""

TEMP_C = (-15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0)

CURVES: dict[str, tuple[float, ...]] = {
    "combined-cycle": (
        0.149, 0.081, 0.048, 0.033, 0.027, 0.025, 0.028, 0.035, 0.035, 0.041, 0.072,
    ),
    "combustion-turbine": (
        0.199, 0.099, 0.051, 0.031, 0.024, 0.021, 0.024, 0.027, 0.031, 0.039, 0.066,
    ),
    "diesel": (
        0.212, 0.170, 0.137, 0.116, 0.106, 0.102, 0.104, 0.136, 0.135, 0.143, 0.175,
    ),
}  # fmt: skip
"""Unscheduled unavailability at each of ``TEMP_C``.

Source: Murphy, Sowell & Apt 2019, A time-dependent model of generator failures and recoveries
captures correlated events and quantifies temperature dependence, Applied Energy 253, 113513.
"""


def outage_frac_at(temp_c: Floats, outage_frac: float, curve: str) -> Floats:
    """Return the forced outage probability at each temperature. Shape as ``temp_c``.

    Parameters
    ----------
    temp_c
        Ambient temperature; beyond the ends of the curve its last figure holds.
    outage_frac
        Forced outage probability at 15 degC.
    curve
        One of ``CURVES``.

    Examples
    --------
    >>> outage_frac_at(np.array([15.0, 35.0]), 0.02, "combustion-turbine").round(6).tolist()
    [0.02, 0.055]
    """
    rates = np.asarray(CURVES[curve])
    ratio = np.interp(temp_c, TEMP_C, rates) / np.interp(REFERENCE_TEMP_C, TEMP_C, rates)
    return np.asarray(np.minimum(outage_frac * ratio, HIGHEST_OUTAGE_FRAC))
