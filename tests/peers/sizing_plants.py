"""Plants without commitment: whole units and whole modules, then a linear program."""

import numpy as np
from peers.plants import DAY, TURBINES, TWO_DAYS, Plant, battery, column, engine, unit, wave

HEAT_C = 24.0 + 14.0 * np.sin(2.0 * np.pi * np.arange(24) / 24.0 - 2.0)

SIZES = (
    Plant("two types", {"unit": TURBINES}, {"demand_mw": DAY}, {"unit[0].n_max": 0}),
    Plant(
        "gross ratings and no interest",
        {
            "unit": [unit("turbine", rating_basis="gross", aux_frac=0.06), TURBINES[1]],
            "site": {"wacc": 0.0},
        },
        {"demand_mw": DAY},
        {"unit[0].aux_frac": 0.0},
    ),
    Plant(
        "hot day on a mountain",
        {
            "unit": [
                unit(
                    "turbine",
                    derate_frac_per_c=0.008,
                    heat_rate_penalty_frac_per_c=0.002,
                    derate_start_altitude_m=300.0,
                    derate_frac_per_100m=0.01,
                ),
                TURBINES[1],
            ],
            "site": {"altitude_m": 900.0},
            "weather": {"series": column("temp_c")},
        },
        {"demand_mw": DAY, "temp_c": HEAT_C},
        {"unit[0].heat_rate_penalty_frac_per_c": 0.0},
    ),
    Plant(
        "two operating years",
        {
            "unit": TURBINES,
            "battery": [battery()],
            "demand": {"voll_usd_per_mwh": 400.0},
            "operating_year": [
                {"name": "usual", "probability": 0.9, "demand": {"series": column("demand_mw")}},
                {"name": "hot", "probability": 0.1, "demand": {"series": column("hot_mw")}},
            ],
        },
        {"demand_mw": DAY, "hot_mw": 1.15 * DAY + 2.0},
        {"operating_year[1].demand.series.column": "demand_mw"},
    ),
)
"""No least load, fuel in proportion to output: both tools choose whole units, then a linear program
is left."""

BATTERIES = (
    Plant(
        "battery",
        {"unit": TURBINES, "battery": [battery()]},
        {"demand_mw": TWO_DAYS},
        {"battery[0].n_max": 0},
    ),
    Plant(
        "battery beside one type",
        {"unit": [engine(min_load_frac=0.2)], "battery": [battery(rte_frac=0.8)]},
        {"demand_mw": TWO_DAYS[:24]},
        {"battery[0].rte_frac": 0.9},
    ),
    Plant(
        "battery that leaks and ages",
        {
            "unit": TURBINES,
            "battery": [
                battery(soc_max_frac=0.9, capacity_frac=0.9, self_discharge_frac_per_h=0.01)
            ],
        },
        {"demand_mw": TWO_DAYS},
        {"battery[0].self_discharge_frac_per_h": 0.0},
    ),
    Plant(
        "battery that is never emptied",
        {"unit": TURBINES, "battery": [battery(soc_min_frac=0.2)]},
        {"demand_mw": TWO_DAYS},
        {"battery[0].soc_min_frac": 0.0},
    ),
    Plant(
        "cycles, in quarters of an hour",
        {
            "unit": TURBINES,
            "battery": [
                battery(eta_charge=0.9, eta_discharge=0.95, rte_frac=0.855, cycles_per_year=250.0)
            ],
        },
        {"demand_mw": wave(96, 5.0, 15.0, per_day=96)},
        {"battery[0].cycles_per_year": 1000.0},
        step_h=0.25,
    ),
)
"""Whole modules, cyclic charge, losses."""

SIZING_PLANTS = (*SIZES, *BATTERIES)
