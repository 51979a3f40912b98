"""Small sites that both tools can describe, each with something that decides its optimum."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

Fields = dict[str, Any]


@dataclass(frozen=True)
class Plant:
    """A site, and how it is put to PyPSA.

    Attributes
    ----------
    fields
        Tables of the site file.
    series
        Columns of the file beside it; ``demand_mw`` sets the horizon.
    without
        Changes that take away what the plant is about; its cost must then be another one.
    each_unit, online_before
        See `peers.pypsa_site`.
    """

    name: str
    fields: Fields
    series: dict[str, Any]
    without: Fields
    each_unit: bool = False
    online_before: bool = False
    step_h: float = 1.0
    start: str = "2025-07-15"

    def write(self, folder: Path) -> Path:
        """Write the site and its series; return the site file."""
        pd.DataFrame(self.series).to_csv(folder / "series.csv", index=False)
        hours = len(self.series["demand_mw"]) * self.step_h
        tables: Fields = {
            "schema_version": 1,
            "name": "peer",
            "site": {"latitude": 32.0, "longitude": -102.0, "timezone": "UTC", "wacc": 0.08},
            "time": {"start": self.start, "hours": hours, "step_h": self.step_h},
            "demand": {"series": column("demand_mw")},
            "fuel": {"price_usd_per_mmbtu": 4.0},
            "security": {"loss_of_unit": False, "loss_of_grid": False},
            "maintenance": {"mode": "none"},
        }
        for name, table in self.fields.items():
            tables[name] = tables.get(name, {}) | table if isinstance(table, dict) else table
        path = folder / "site.json"
        path.write_text(json.dumps(tables), encoding="utf-8")
        return path


def column(name: str) -> Fields:
    """Return a reference to a column of the file beside the site."""
    return {"file": "series.csv", "column": name}


def unit(name: str, **given: Any) -> Fields:
    """Return a type whose fuel is in proportion to its output and which starts for nothing."""
    figures = {
        "kind": "industrial-turbine",
        "rating_mw": 4.0,
        "rating_basis": "net",
        "min_load_frac": 0.0,
        "load_points_frac": [0.5, 1.0],
        "heat_rate_mmbtu_per_mwh": [10.0, 10.0],
        "ramp_frac_per_min": 1.0,
        "capex_usd_per_kw": 900.0,
        "fom_usd_per_kw_yr": 12.0,
        "vom_usd_per_mwh": 5.0,
        "life_yr": 20.0,
        "n_max": 5,
    }
    return {"name": name} | figures | given


def engine(**given: Any) -> Fields:
    """Return a dearer type with better fuel, a least load and fuel at no load."""
    figures = {
        "kind": "high-speed-engine",
        "rating_mw": 3.0,
        "min_load_frac": 0.4,
        "heat_rate_mmbtu_per_mwh": [9.5, 8.2],
        "capex_usd_per_kw": 1500.0,
        "vom_usd_per_mwh": 9.0,
        "life_yr": 25.0,
    }
    return unit("engine", **(figures | given))


def battery(**given: Any) -> Fields:
    """Return a product of two hours with losses both ways."""
    figures = {
        "name": "battery",
        "module_mw": 1.0,
        "module_mwh": 2.0,
        "rte_frac": 0.86,
        "cycles_per_year": 1000.0,
        "capex_usd_per_kw": 150.0,
        "capex_usd_per_kwh": 160.0,
        "fom_usd_per_kw_yr": 6.0,
        "vom_usd_per_mwh": 1.5,
        "life_yr": 15.0,
        "n_max": 8,
    }
    return figures | given


def wave(n_steps: int, low_mw: float, high_mw: float, per_day: int = 24) -> np.ndarray:
    """Return a demand that swings once a day, with a short peak on top."""
    phase = 2.0 * np.pi * (np.arange(n_steps) % per_day) / per_day
    swing = low_mw + 0.8 * (high_mw - low_mw) * (0.5 - 0.5 * np.cos(phase))
    return np.round(swing + 0.2 * (high_mw - low_mw) * (np.cos(phase - 4.5) > 0.9), 3)


DAY = wave(24, 4.0, 16.0)
TWO_DAYS = wave(48, 5.0, 15.0) + np.repeat([0.0, 1.3], 24)
IDLE_AT_NIGHT = np.array(
    [0, 0, 2, 5, 7, 9, 10, 10, 4, 3, 2, 3, 8, 10, 11, 9, 6, 3, 2, 0, 0, 0, 0, 0]
)
"""Demand in MW."""

CHEAP = {"heat_rate_mmbtu_per_mwh": [12.0, 12.0], "capex_usd_per_kw": 700.0}
FRUGAL = {"rating_mw": 3.0, "heat_rate_mmbtu_per_mwh": [8.0, 8.0], "capex_usd_per_kw": 1400.0}
TURBINES = [unit("turbine"), unit("frugal", **FRUGAL)]
EASY_STARTS = {"start_fuel_mmbtu": 2.0, "start_cost_usd": 20.0}
DEAR_STARTS = {"start_fuel_mmbtu": 6.0, "start_cost_usd": 150.0}
