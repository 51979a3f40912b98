"""Plants about what comes from outside: a tie, gas, limits and prices of emissions, lost load."""

import numpy as np
from peers.plants import (
    CHEAP,
    DAY,
    EASY_STARTS,
    FRUGAL,
    IDLE_AT_NIGHT,
    TURBINES,
    TWO_DAYS,
    Plant,
    battery,
    column,
    engine,
    unit,
)

PRICE = 30.0 + 25.0 * np.sin(2.0 * np.pi * np.arange(48) / 24.0 - 2.2) + np.arange(48) % 5

UNMET = (
    Plant(
        "unserved",
        {"unit": TURBINES, "demand": {"voll_usd_per_mwh": 100.0}},
        {"demand_mw": DAY},
        {"demand.voll_usd_per_mwh": 9000.0},
    ),
    Plant(
        "curtailment with a budget",
        {
            "unit": TURBINES,
            "battery": [battery()],
            "demand": {
                "flexible": [
                    {"name": "batch", "frac": 0.1, "cost_usd_per_mwh": 60.0},
                    {
                        "name": "training",
                        "frac": 0.15,
                        "cost_usd_per_mwh": 20.0,
                        "hours_per_year": 600.0,
                    },
                ]
            },
        },
        {"demand_mw": TWO_DAYS},
        {"demand.flexible[1].hours_per_year": 8760.0},
    ),
)
"""Demand that is not met, for its price."""

TIES = (
    Plant(
        "tie over the end of a month",
        {
            "unit": [TURBINES[1], unit("peaker", rating_mw=2.0, **CHEAP)],
            "grid": {
                "withdrawal_max_mw": 8.0,
                "energy_price": column("price"),
                "energy_adder_usd_per_mwh": 2.0,
                "interconnection_usd_per_mw": 250_000.0,
                "security_usd_per_mw": 100_000.0,
                "demand_charge_usd_per_mw_month": 5000.0,
            },
        },
        {"demand_mw": TWO_DAYS, "price": PRICE},
        {"grid.demand_charge_usd_per_mw_month": 0.0},
        start="2025-07-31",
    ),
    Plant(
        "tie with coincident peak and export",
        {
            "unit": [unit("turbine", heat_rate_mmbtu_per_mwh=[7.0, 7.0])],
            "battery": [battery()],
            "grid": {
                "withdrawal_max_mw": 6.0,
                "energy_price": column("price"),
                "interconnection_usd_per_mw": 250_000.0,
                "coincident_peak": {"charge_usd_per_mw_yr": 60_000.0},
                "availability": column("share"),
                "export_max_mw": 3.0,
                "export_price": column("worth"),
            },
        },
        {
            "demand_mw": TWO_DAYS,
            "price": PRICE,
            "worth": PRICE - 1.0,
            "share": np.where(np.arange(48) % 24 < 21, 1.0, 0.5),
        },
        {"grid.export_max_mw": 0.0},
    ),
)
"""A withdrawal to be contracted. Export is worth less than import costs, so that PyPSA too never
does both at once."""

FUEL_AND_AIR = (
    Plant(
        "cap on CO2",
        {
            "unit": [
                unit("turbine", **CHEAP, co2_lb_per_mmbtu=117.0),
                unit("frugal", **FRUGAL, co2_lb_per_mmbtu=117.0),
            ],
            "fuel": {"price_usd_per_mmbtu": 1.0},
            "emissions": {"co2": {"cap_tpy": 48_000.0}},
        },
        {"demand_mw": DAY},
        {"emissions.co2.cap_tpy": 480_000.0},
    ),
    Plant(
        "gas of a day",
        {"unit": TURBINES, "battery": [battery()], "fuel": {"mdq_mmbtu_per_day": 1820.0}},
        {"demand_mw": DAY},
        {"fuel.mdq_mmbtu_per_day": 9000.0},
    ),
    Plant(
        "prices of gas and of emissions",
        {
            "unit": [
                unit("turbine", **CHEAP, co2_lb_per_mmbtu=117.0, nox_lb_per_mwh=1.0),
                engine(
                    co2_lb_per_mmbtu=117.0,
                    nox_lb_per_mwh=0.3,
                    nox_lb_per_start=2.0,
                    **EASY_STARTS,
                ),
            ],
            "fuel": {
                "price_usd_per_mmbtu": column("gas"),
                "basis_usd_per_mmbtu": -0.3,
                "transport_usd_per_mmbtu": 0.5,
            },
            "emissions": {
                "co2": {"price_usd_per_ton": 40.0},
                "nox": {"price_usd_per_ton": 9000.0},
            },
        },
        {"demand_mw": IDLE_AT_NIGHT, "gas": np.repeat([3.0, 4.5], 12)},
        {"unit[1].nox_lb_per_start": 0.0},
    ),
)
"""Limits and prices of what is burned and emitted, for fuel in proportion to output where it is
limited."""

SUPPLY_PLANTS = (*UNMET, *TIES, *FUEL_AND_AIR)
