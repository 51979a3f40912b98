"""The site that optmix and its peers are given: an islanded campus, in fields that all have.

Load is that of `@texas/islanded-300mw` from 5 August on. Figures are round ones near those of the
catalog. What a peer cannot describe is not in it: reserves, maintenance, derating by heat.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

DEMAND = Path(__file__).parents[2] / "instances" / "texas" / "islanded-300mw" / "demand.csv"
FIRST_HOUR = 216 * 24  # 5 August
HOURS_PER_YEAR = 8760

COMMON: dict[str, Any] = {
    "rating_basis": "net",
    "load_points_frac": [0.5, 1.0],
    "ramp_frac_per_min": 1.0,
    "fom_usd_per_kw_yr": 15.0,
    "life_yr": 20.0,
}
UNITS: tuple[dict[str, Any], ...] = (
    {"name": "turbine", "kind": "industrial-turbine", "rating_mw": 34.0, "min_load_frac": 0.5,
     "heat_rate_mmbtu_per_mwh": 9.9, "capex_usd_per_kw": 1050.0, "vom_usd_per_mwh": 4.5,
     "n_max": 20},
    {"name": "engine", "kind": "medium-speed-engine", "rating_mw": 18.0, "min_load_frac": 0.3,
     "heat_rate_mmbtu_per_mwh": 8.3, "capex_usd_per_kw": 1450.0, "vom_usd_per_mwh": 7.0,
     "n_max": 30},
    {"name": "small-engine", "kind": "high-speed-engine", "rating_mw": 2.5, "min_load_frac": 0.5,
     "heat_rate_mmbtu_per_mwh": 8.9, "capex_usd_per_kw": 1150.0, "vom_usd_per_mwh": 9.5,
     "n_max": 220},
)  # fmt: skip
BATTERY: dict[str, Any] = {
    "name": "battery", "module_mw": 2.0, "module_mwh": 4.0, "rte_frac": 0.86, "n_max": 120,
    "capex_usd_per_kw": 130.0, "capex_usd_per_kwh": 190.0, "fom_usd_per_kw_yr": 8.0,
    "vom_usd_per_mwh": 1.0, "life_yr": 15.0, "cycles_per_year": 20000.0,
}  # fmt: skip
IDLE_SHARE = 0.12
"""Share of fuel at full load that a unit burns at none, in the plant with starts."""


def write_plant(folder: Path, hours: int, *, with_starts: bool) -> Path:
    """Write the site and its series.

    Parameters
    ----------
    folder
        Where to.
    hours
        Length of the horizon.
    with_starts
        Whether units burn fuel at no load and pay for starts. Without, fuel is in proportion.
    """
    demand_mw = pd.read_csv(DEMAND)["demand_mw"]
    first = FIRST_HOUR if FIRST_HOUR + hours <= len(demand_mw) else 0
    table = pd.DataFrame({"demand_mw": demand_mw.iloc[first : first + hours].to_numpy()})
    table.to_csv(folder / "series.csv", index=False)
    site = {
        "schema_version": 1,
        "name": "peers",
        "site": {"latitude": 32.0, "longitude": -102.0, "timezone": "UTC", "wacc": 0.09},
        "time": {
            "start": "2030-08-05" if first else "2030-01-01",
            "hours": float(hours),
            "step_h": 1.0,
        },
        "demand": {"series": {"file": "series.csv", "column": "demand_mw"}},
        "fuel": {"price_usd_per_mmbtu": 4.0},
        "security": {"loss_of_unit": False, "loss_of_grid": False},
        "maintenance": {"mode": "none"},
        "unit": [_unit(given, with_starts=with_starts) for given in UNITS],
        "battery": [BATTERY],
    }
    path = folder / "site.json"
    path.write_text(json.dumps(site), encoding="utf-8")
    return path


def _unit(given: dict[str, Any], *, with_starts: bool) -> dict[str, Any]:
    full = given["heat_rate_mmbtu_per_mwh"]
    idle = IDLE_SHARE if with_starts else 0.0
    # Fuel is a line from the share at no load to all of it at full load.
    half = full * (1 + idle)
    starts = {"start_cost_usd": 20.0 * given["rating_mw"], "start_fuel_mmbtu": given["rating_mw"]}
    fuel = {"heat_rate_mmbtu_per_mwh": [half, full]}
    return COMMON | given | fuel | (starts if with_starts else {})
