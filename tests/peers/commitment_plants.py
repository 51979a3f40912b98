"""Plants with commitment: least load, fuel at no load, starts, minimum times, ramps."""

from dataclasses import replace
from typing import Any

import numpy as np
from peers.plants import (
    CHEAP,
    DEAR_STARTS,
    EASY_STARTS,
    IDLE_AT_NIGHT,
    Fields,
    Plant,
    battery,
    engine,
    unit,
    wave,
)

FULL_AT_NIGHT = np.array([10, 7, 4, 3, 3, 4, 8, 10, 6, 4, 3, 2, 2, 3, 5, 8, 10, 10, 10, 10])


def switching(name: str, without: Fields, **given: Any) -> Plant:
    """Return a plant with starts, which PyPSA sizes and commits unit by unit."""
    turbine = unit("turbine", rating_mw=2.0, n_max=3, min_load_frac=0.3, **CHEAP, **DEAR_STARTS)
    fields = {"unit": [turbine, engine(n_max=3, **DEAR_STARTS | given)]}
    return Plant(name, fields, {"demand_mw": IDLE_AT_NIGHT}, without, each_unit=True)


CLUSTERS = (
    Plant(
        "least load and fuel at no load",
        {
            "unit": [unit("turbine", min_load_frac=0.6, **CHEAP), engine(min_load_frac=0.5)],
            "battery": [battery()],
        },
        {"demand_mw": wave(24, 1.0, 9.0)},
        {"unit[0].min_load_frac": 0.0},
    ),
    replace(
        switching("starts and minimum up in clusters", {"unit[1].min_up_h": 0.0}, min_up_h=7.0),
        each_unit=False,
    ),
)
"""Sizes and commitment at once, a whole number of modules online in PyPSA too."""

UNIT_BY_UNIT = (
    switching("starts", {"unit[1].start_cost_usd": 0.0}),
    switching("minimum up", {"unit[1].min_up_h": 0.0}, min_up_h=7.0),
    switching("minimum down", {"unit[1].min_down_h": 0.0}, min_down_h=5.0),
    replace(
        switching("half an hour a step", {"unit[1].min_up_h": 0.0}, min_up_h=3.2, **EASY_STARTS),
        step_h=0.5,
    ),
    Plant(
        "given fleet, all on at night",
        {
            "unit": [
                unit(
                    "turbine",
                    rating_mw=2.0,
                    n_min=2,
                    n_max=2,
                    min_load_frac=0.5,
                    min_up_h=4.0,
                    min_down_h=4.0,
                    **EASY_STARTS,
                ),
                engine(n_min=2, n_max=2, **EASY_STARTS),
            ]
        },
        {"demand_mw": FULL_AT_NIGHT},
        {"unit[0].min_up_h": 0.0},
        each_unit=True,
        online_before=True,
    ),
    Plant(
        "ramps",
        {
            "unit": [
                unit("turbine", rating_mw=6.0, n_max=1, min_load_frac=0.3, **CHEAP, **DEAR_STARTS),
                engine(rating_mw=8.0, n_max=1, ramp_frac_per_min=0.004, **DEAR_STARTS),
            ],
            "demand": {"voll_usd_per_mwh": 500.0},
        },
        {"demand_mw": IDLE_AT_NIGHT},
        {"unit[1].ramp_frac_per_min": 1.0},
        each_unit=True,
    ),
    Plant(
        "curve of three load points",
        {
            "unit": [
                unit("turbine", n_min=2, n_max=2, min_load_frac=0.3, **CHEAP, **DEAR_STARTS),
                engine(
                    n_min=2,
                    n_max=2,
                    load_points_frac=[0.5, 0.75, 1.0],
                    heat_rate_mmbtu_per_mwh=[9.2, 8.4, 8.3],
                    **DEAR_STARTS,
                ),
            ]
        },
        {"demand_mw": IDLE_AT_NIGHT},
        {
            "unit[1].load_points_frac": [0.5, 1.0],
            "unit[1].heat_rate_mmbtu_per_mwh": [9.2, 8.3],
        },
        each_unit=True,
    ),
)
"""A binary for each unit in PyPSA, clusters of equal units in optmix. With ramps there is one unit
of each type, because the rows of a cluster allow its units more than each of them may do."""

COMMITMENT_PLANTS = (*CLUSTERS, *UNIT_BY_UNIT)
