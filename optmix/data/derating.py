"""What heat and altitude take from a unit.

A linear loss by temperature, times a linear loss by altitude, never below 0.3. Makers publish both
as curves that are nearly straight over the range of a site.

Source: correction curves of turbine and engine data sheets; the slopes are those of the catalog.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.schema.technology import ThermalTechnology

__all__ = ["LOWEST_DERATE", "derate_ratio", "fuel_factor"]

LOWEST_DERATE = 0.3
"""Linear losses are not to be trusted further; a unit that loses more is not offered this way."""


def derate_ratio(unit: ThermalTechnology, temp_c: Floats, altitude_m: float) -> Floats:
    """Return output over rating at each temperature. Shape as ``temp_c``.

    Parameters
    ----------
    unit
        The machine.
    temp_c
        Ambient temperature.
    altitude_m
        Altitude of the site.

    Examples
    --------
    An engine that loses 1 % per degC above 38 degC and 1 % per 100 m above 500 m:

    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> engine = SimpleNamespace(
    ...     derate_start_temp_c=38.0, derate_frac_per_c=0.01, cold_rise_frac_per_c=0.0,
    ...     cold_rise_max_frac=0.0, derate_start_altitude_m=500.0, derate_frac_per_100m=0.01,
    ... )
    >>> derate_ratio(engine, np.array([15.0, 40.0]), 700.0).round(4).tolist()
    [0.98, 0.9604]
    """
    above = temp_c - unit.derate_start_temp_c
    hot = 1.0 - unit.derate_frac_per_c * np.maximum(0.0, above)
    cold = np.minimum(unit.cold_rise_frac_per_c * np.maximum(0.0, -above), unit.cold_rise_max_frac)
    climb_m = max(0.0, altitude_m - unit.derate_start_altitude_m)
    thin = 1.0 - unit.derate_frac_per_100m * climb_m / 100.0
    ratio = (hot + cold) * max(thin, 0.0)
    return np.asarray(np.maximum(ratio, LOWEST_DERATE), dtype=np.float64)


def fuel_factor(unit: ThermalTechnology, temp_c: Floats) -> Floats:
    """Return fuel over fuel at rating conditions, 1 or more. Shape as ``temp_c``."""
    above = np.maximum(0.0, temp_c - unit.derate_start_temp_c)
    return np.asarray(1.0 + unit.heat_rate_penalty_frac_per_c * above, dtype=np.float64)
