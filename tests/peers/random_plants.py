"""Plants with figures drawn at random, the same ones in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from peers.plants import Plant, battery, column, unit

if TYPE_CHECKING:
    from peers.plants import Fields

NIGHT = 5
"""Steps without demand at the end of a horizon; no minimum time is longer."""


def random_unit(rng: np.random.Generator, name: str, n_max: int) -> Fields:
    """Return a type whose heat rate rises towards low load, with a least load."""
    full = rng.uniform(7.5, 11.0)
    return unit(
        name,
        rating_mw=float(rng.choice([2.0, 2.5, 4.0])),
        min_load_frac=float(rng.choice([0.2, 0.4, 0.6])),
        heat_rate_mmbtu_per_mwh=[full * rng.uniform(1.0, 1.2), full],
        capex_usd_per_kw=rng.uniform(600.0, 1600.0),
        vom_usd_per_mwh=rng.uniform(3.0, 12.0),
        n_max=n_max,
    )


def random_demand(rng: np.random.Generator, n_steps: int) -> np.ndarray:
    """Return a demand that wanders between 2 and 10 MW."""
    return np.round(np.clip(6.0 + np.cumsum(rng.normal(0.0, 1.5, n_steps)), 2.0, 10.0), 2)


def storing(seed: int) -> Plant:
    """Return a plant with a battery, a tier and dear fuel in some hours; starts are free."""
    rng = np.random.default_rng(seed)
    hours = float(rng.choice([1.0, 2.0, 4.0]))
    store = battery(
        module_mwh=hours,
        rte_frac=rng.uniform(0.75, 0.95),
        self_discharge_frac_per_h=float(rng.choice([0.0, 0.004])),
        cycles_per_year=float(rng.choice([300.0, 1000.0])),
        capex_usd_per_kwh=rng.uniform(80.0, 250.0),
        n_max=4,
    )
    tier = {"name": "tier", "frac": 0.1, "cost_usd_per_mwh": 90.0, "hours_per_year": 700.0}
    fields = {
        "unit": [random_unit(rng, "first", 3), random_unit(rng, "second", 3)],
        "battery": [store],
        "demand": {"voll_usd_per_mwh": rng.uniform(200.0, 2000.0), "flexible": [tier]},
        "fuel": {"price_usd_per_mmbtu": column("gas")},
    }
    series = {"demand_mw": random_demand(rng, 24), "gas": rng.uniform(2.0, 7.0, 24)}
    return Plant(f"storing {seed}", fields, series, {})


def stopping(seed: int) -> Plant:
    """Return a plant with starts and minimum times, idle at night."""
    rng = np.random.default_rng(seed)
    units = [
        random_unit(rng, name, 2)
        | {
            "min_up_h": float(rng.integers(0, NIGHT + 1)),
            "min_down_h": float(rng.integers(0, NIGHT + 1)),
            "start_cost_usd": rng.uniform(0.0, 200.0),
            "start_fuel_mmbtu": rng.uniform(0.0, 5.0),
        }
        for name in ("first", "second")
    ]
    demand_mw = np.append(random_demand(rng, 19), np.zeros(NIGHT))
    fields = {"unit": units, "demand": {"voll_usd_per_mwh": rng.uniform(200.0, 2000.0)}}
    return Plant(f"stopping {seed}", fields, {"demand_mw": demand_mw}, {}, each_unit=True)


RANDOM_PLANTS = (*map(storing, range(4)), *map(stopping, range(4)))
