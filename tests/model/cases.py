"""Small Cases made by hand, to solve.

`make_axis`, `make_unit` … make one part each; what is not given has a plain default, and a number
given for a quantity by step holds in every step.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.data.axis import Axis
from optmix.data.case import Case, SecurityPolicy
from optmix.data.equipment import BatteryProduct, FlexibleTier, GasSupply, GridTie, Stock, UnitType

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_SECURITY = SecurityPolicy(loss_of_unit=False, loss_of_grid=False, swing_mw=0.0, bridge_h=0.25)
N_MINUS_1 = replace(NO_SECURITY, loss_of_unit=True)


def make_axis(
    steps: Sequence[int] = (4,),
    *,
    step_h: float = 1.0,
    probability: Sequence[float] | None = None,
    **parts: Sequence[int],
) -> Axis:
    """Return operating years of ``steps`` steps each.

    Each year is one month, one week and one day, unless `month`, `week` or `day` name the part of
    every step.
    """
    year = np.repeat(np.arange(len(steps)), steps)
    labels = {
        name: np.array(parts.get(name, year), dtype=np.int64) for name in ("month", "week", "day")
    }
    minutes = np.concatenate([np.arange(n) * int(60 * step_h) for n in steps])
    return Axis(
        step_h=step_h,
        start_utc=np.datetime64("2025-07-01T00:00", "m") + minutes.astype("timedelta64[m]"),
        year=year.astype(np.int64),
        local_hour=(minutes // 60 % 24).astype(np.int64),
        year_name=tuple(f"year {y}" for y in range(len(steps))),
        probability=np.array(probability or [1.0 / len(steps)] * len(steps), dtype=np.float64),
        month_label=tuple(f"2025-{m + 1:02}" for m in range(int(labels["month"].max()) + 1)),
        timezone="UTC",
        **labels,
    )


def by_step(axis: Axis, number: float | Sequence[float]) -> Any:
    """Return one number a step."""
    return np.broadcast_to(np.asarray(number, dtype=np.float64), (axis.n_steps,)).copy()


UNIT: dict[str, Any] = {
    "name": "engine",
    "fuel": "natural_gas",
    "n_min": 0,
    "n_max": 4,
    "rating_mw": 5.0,
    "net_rating_mw": 5.0,
    "pmax_mw": 5.0,
    "pmin_mw": 2.0,
    "fuel_factor": 1.0,
    "segment_alpha_mmbtu_per_h": (5.0,),
    "segment_beta_mmbtu_per_mwh": (7.0,),
    "fuel_price_usd_per_mmbtu": 3.0,
    "ramp_mw_per_step": 100.0,
    "step_mw": 1.0,
    "min_up_steps": 0,
    "min_down_steps": 0,
    "start_fuel_mmbtu": 0.0,
    "start_cost_usd": 0.0,
    "vom_usd_per_mwh": 10.0,
    "capital_usd_per_yr": 500_000.0,
    "fom_usd_per_yr": 50_000.0,
    "site_capital_usd_per_yr": 0.0,
    "site_fixed_usd_per_yr": 0.0,
    "planned_outage_h": 0.0,
    "max_units_in_maintenance": 1,
    "lb_per_mwh": {},
    "lb_per_mmbtu": {},
    "lb_per_start": {},
    "forced_outage_frac": 0.0,
    "mttr_h": 48.0,
    "start_failure_frac": 0.0,
    "start_min": 5.0,
}
BATTERY: dict[str, Any] = {
    "name": "lfp",
    "n_min": 0,
    "n_max": 4,
    "module_mw": 2.0,
    "module_mwh": 4.0,
    "usable_mwh": 4.0,
    "eta_charge": 0.9,
    "eta_discharge": 0.9,
    "retention": 1.0,
    "soc_min_frac": 0.0,
    "soc_max_frac": 1.0,
    "cycles_per_year": 10_000.0,
    "aux_mw": 0.0,
    "vom_usd_per_mwh": 0.0,
    "capital_usd_per_yr": 100_000.0,
    "fom_usd_per_yr": 10_000.0,
    "forced_outage_frac": 0.0,
    "mttr_h": 48.0,
}
GRID: dict[str, Any] = {
    "withdrawal_max_mw": 10.0,
    "withdrawal_min_mw": 0.0,
    "export_max_mw": 0.0,
    "availability": 1.0,
    "import_price_usd_per_mwh": 60.0,
    "export_price_usd_per_mwh": 0.0,
    "demand_charge_usd_per_mw_month": 0.0,
    "coincident_charge_usd_per_mw_yr": 0.0,
    "coincident_weight": 0.0,
    "capital_usd_per_mw_yr": 20_000.0,
    "capital_fixed_usd_per_yr": 0.0,
    "security_carry_usd_per_mw_yr": 0.0,
    "outages_per_year": 0.0,
    "outage_mean_h": 0.0,
}
STOCK: dict[str, Any] = {
    "name": "tank",
    "fuel": "diesel",
    "capacity_mmbtu": 500.0,
    "min_content_mmbtu": 0.0,
    "refill_max_mmbtu_per_h": 50.0,
    "withdrawal_max_mmbtu_per_h": np.inf,
    "price_usd_per_mmbtu": 20.0,
    "fixed_usd_per_yr": 0.0,
}


def make_unit(axis: Axis, **figures: Any) -> UnitType:
    """Return a unit type; the chord follows from the segments."""
    figures = UNIT | figures
    for name in ("pmax_mw", "pmin_mw", "fuel_factor", "fuel_price_usd_per_mmbtu"):
        figures[name] = by_step(axis, figures[name])
    lines = [np.asarray(figures[f"segment_{line}"]) for line in _LINE]
    ends = [
        np.max(lines[0][:, None] + lines[1][:, None] * output, axis=0)
        for output in (figures["pmin_mw"], figures["pmax_mw"])
    ]
    slope = (ends[1] - ends[0]) / (figures["pmax_mw"] - figures["pmin_mw"])
    chord = (ends[0] - slope * figures["pmin_mw"], slope)
    for name, line, values in zip(_LINE, lines, chord, strict=True):
        figures[f"segment_{name}"] = line.astype(np.float64)
        figures[f"chord_{name}"] = values
    return UnitType(**figures)


_LINE = ("alpha_mmbtu_per_h", "beta_mmbtu_per_mwh")


def make_battery(**figures: Any) -> BatteryProduct:
    return BatteryProduct(**BATTERY | figures)


def make_stock(**figures: Any) -> Stock:
    return Stock(**STOCK | figures)


def make_grid(axis: Axis, **figures: Any) -> GridTie:
    figures = GRID | figures
    series = ("availability", "import_price_usd_per_mwh", "export_price_usd_per_mwh")
    for name in (*series, "coincident_weight"):
        figures[name] = by_step(axis, figures[name])
    return GridTie(**figures)


def make_tier(
    axis: Axis,
    name: str = "batch",
    *,
    limit_mw: float | Sequence[float] = 1.0,
    cost_usd_per_mwh: float = 100.0,
    budget_mwh: float | Sequence[float] = 1e6,
    is_fast: bool = False,
) -> FlexibleTier:
    budget = np.broadcast_to(np.asarray(budget_mwh, dtype=np.float64), (axis.n_years,)).copy()
    return FlexibleTier(name, by_step(axis, limit_mw), cost_usd_per_mwh, budget, is_fast)


def make_gas(
    axis: Axis,
    price_usd_per_mmbtu: float | Sequence[float] = 3.0,
    *,
    daily_max_mmbtu: float = np.inf,
    hourly_max_mmbtu_per_h: float = np.inf,
) -> GasSupply:
    return GasSupply(by_step(axis, price_usd_per_mmbtu), daily_max_mmbtu, hourly_max_mmbtu_per_h)


def make_case(axis: Axis | None = None, **parts: Any) -> Case:
    """Return a case; by default one engine type that serves 8 MW for four hours."""
    axis = axis or make_axis()
    whole = {
        "name": "case",
        "axis": axis,
        "demand_mw": 8.0,
        "temp_c": 15.0,
        "units": (make_unit(axis),),
        "batteries": (),
        "grid": None,
        "tiers": (),
        "voll_usd_per_mwh": None,
        "gas": make_gas(axis),
        "stocks": (),
        "security": NO_SECURITY,
        "maintenance_mode": "none",
        "is_blackout_week": np.zeros(int(axis.week.max()) + 1, dtype=np.bool_),
        "emissions": (),
        "warnings": (),
    } | parts
    whole["demand_mw"] = by_step(axis, whole["demand_mw"])
    whole["temp_c"] = by_step(axis, whole["temp_c"])
    return Case(**whole)


def changed(case: Case, **changes: Any) -> Case:
    """Return the case with other figures, and what it has computed forgotten."""
    return Case(**{field.name: getattr(case, field.name) for field in fields(case)} | changes)
