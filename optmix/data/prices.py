"""Prices on steps: one number, twelve monthly numbers, or a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.data.series import Quantity
from optmix.data.timeline import local_month
from optmix.schema.series import SeriesRef

if TYPE_CHECKING:
    from optmix.data.arrays import Floats
    from optmix.data.series import SeriesReader
    from optmix.data.timeline import Steps
    from optmix.data.years import Found
    from optmix.schema.surroundings import FuelPrice

__all__ = ["energy_price", "gas_hub_price"]

LARGEST_PRICE = 1e5
GAS = Quantity("price of gas in USD/MMBtu", -LARGEST_PRICE, LARGEST_PRICE, holds_gaps=True)
ENERGY = Quantity("price of energy in USD/MWh", -LARGEST_PRICE, LARGEST_PRICE)


def gas_hub_price(price: Found[FuelPrice], reader: SeriesReader, steps: Steps) -> Floats:
    """Return the hub price of gas on the steps of an operating year. Shape (n,).

    Twelve numbers are those of January to December, by the local calendar.

    Units: USD/MMBtu (HHV).

    Raises
    ------
    SchemaError, SeriesError
        If a series cannot be read.
    """
    if isinstance(price.value, tuple):
        return np.array(price.value, dtype=np.float64)[local_month(steps) - 1]
    return _on(price.value, price, GAS, reader, steps)


def energy_price(price: Found[float | SeriesRef], reader: SeriesReader, steps: Steps) -> Floats:
    """Return a price of energy on the steps of an operating year. Shape (n,).

    Units: USD/MWh.

    Raises
    ------
    SchemaError, SeriesError
        If a series cannot be read.
    """
    return _on(price.value, price, ENERGY, reader, steps)


def _on(
    value: float | SeriesRef,
    found: Found[FuelPrice] | Found[float | SeriesRef],
    quantity: Quantity,
    reader: SeriesReader,
    steps: Steps,
) -> Floats:
    if isinstance(value, SeriesRef):
        return reader.on(steps, value, found.location, quantity)
    return np.full(steps.n, value, dtype=np.float64)
