"""Gas by pipeline and fuel stored on site."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optmix.data.equipment import GasSupply, Stock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optmix.data.arrays import Floats
    from optmix.schema.surroundings import Fuel, FuelStock

__all__ = ["delivered_prices", "fuel_stocks", "gas_supply"]

HOURS_PER_DAY = 24.0


def gas_supply(fuel: Fuel, hub_usd_per_mmbtu: Floats) -> GasSupply:
    """Return the pipeline supply; the delivered price is hub price plus basis plus transport.

    Parameters
    ----------
    fuel
        The table ``[fuel]``.
    hub_usd_per_mmbtu
        Hub price of each step. Shape (T,).
    """
    added = fuel.basis_usd_per_mmbtu + fuel.transport_usd_per_mmbtu
    return GasSupply(
        price_usd_per_mmbtu=hub_usd_per_mmbtu + added,
        daily_max_mmbtu=_or_inf(fuel.mdq_mmbtu_per_day),
        hourly_max_mmbtu_per_h=_or_inf(fuel.hourly_max_mmbtu_per_h),
    )


def fuel_stocks(stocks: Sequence[FuelStock]) -> tuple[Stock, ...]:
    """Return the stocks of fuel on site."""
    return tuple(
        Stock(
            name=stock.name,
            fuel=stock.fuel,
            capacity_mmbtu=stock.capacity_mmbtu,
            min_content_mmbtu=stock.min_content_frac * stock.capacity_mmbtu,
            refill_max_mmbtu_per_h=stock.refill_max_mmbtu_per_day / HOURS_PER_DAY,
            withdrawal_max_mmbtu_per_h=_or_inf(stock.withdrawal_max_mmbtu_per_h),
            price_usd_per_mmbtu=stock.price_usd_per_mmbtu,
            fixed_usd_per_yr=stock.fixed_cost_usd_per_yr,
        )
        for stock in stocks
    )


def delivered_prices(gas: GasSupply, stocks: Sequence[Stock]) -> dict[str, Floats]:
    """Return the price of each fuel in each step, for starts. Shape (T,) each.

    Diesel comes from the cheapest stock of it.
    """
    diesel = min((s.price_usd_per_mmbtu for s in stocks if s.fuel == "diesel"), default=0.0)
    return {
        "natural_gas": gas.price_usd_per_mmbtu,
        "diesel": np.full_like(gas.price_usd_per_mmbtu, diesel),
    }


def _or_inf(limit: float | None) -> float:
    return math.inf if limit is None else limit
