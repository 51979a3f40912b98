"""The Plan: what is built and how it runs in every step, as numpy arrays.

This is what a solver proposes, what ``dispatch.csv`` and ``mix.csv`` hold, and what ``verify``
checks. It knows nothing of equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Plan"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Sizes and hourly operation of one site.

    Shapes: G unit types, S battery products, J flexible tiers, R fuel stocks, T steps, in the order
    of the Case. A type with no unit has rows of zeros.

    Attributes
    ----------
    units
        Units built of each type. Shape (G,).
    modules
        Battery modules built of each product. Shape (S,).
    withdrawal_mw
        Contracted grid withdrawal; 0 means no tie.
    has_grid
        Whether the site has a grid tie.
    online, starts, stops, in_maintenance
        Units of each type online, started, stopped and in planned maintenance. Shape (G, T).
    output_mw, fuel_mmbtu_per_h
        Net output and running fuel (without starts) of each type. Shape (G, T).
    charge_mw, discharge_mw, soc_mwh, cover_mw
        Battery power at the bus, energy at the end of the step, and power held as reserve.
        Shape (S, T).
    import_mw, export_mw, unserved_mw
        Shape (T,).
    curtailed_mw
        Flexible demand curtailed. Shape (J, T).
    withdrawn_mmbtu_per_h, refill_mmbtu_per_h, content_mmbtu
        Fuel taken from and put into each stock, and its content at the end of the step.
        Shape (R, T).
    """

    units: Ints
    modules: Ints
    withdrawal_mw: float
    has_grid: bool
    online: Ints
    starts: Ints
    stops: Ints
    in_maintenance: Ints
    output_mw: Floats
    fuel_mmbtu_per_h: Floats
    charge_mw: Floats
    discharge_mw: Floats
    soc_mwh: Floats
    cover_mw: Floats
    import_mw: Floats
    export_mw: Floats
    curtailed_mw: Floats
    unserved_mw: Floats
    withdrawn_mmbtu_per_h: Floats
    refill_mmbtu_per_h: Floats
    content_mmbtu: Floats
