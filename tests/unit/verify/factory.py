"""Cases made by hand from parts with round figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from optmix.data.axis import Axis
from optmix.data.case import Case, SecurityPolicy
from optmix.data.equipment import BatteryProduct, GasSupply, GridTie, UnitType

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_SECURITY = SecurityPolicy(loss_of_unit=False, loss_of_grid=False, swing_mw=0.0, bridge_h=0.25)


def make_axis(
    steps: list[int],
    *,
    step_h: float = 1.0,
    start: str = "2025-03-03",
    probability: tuple[float, ...] = (1.0,),
) -> Axis:
    """Return operating years of the given numbers of steps; local time is UTC."""
    stamps, year, month, week, day, labels = [], [], [], [], [], []
    for y, count in enumerate(steps):
        offsets = (np.arange(count) * step_h * 3600).astype("timedelta64[s]")
        stamps.append(np.datetime64(start, "s") + offsets)
        year.append(np.full(count, y))
        days = stamps[-1].astype("datetime64[D]")
        months = stamps[-1].astype("datetime64[M]")
        day.append(_numbered(days, day))
        month.append(_numbered(months, month))
        labels += [str(label) for label in np.unique(months)]
        # A rest shorter than a week belongs to the last whole week.
        whole_weeks = max(1, int(count * step_h // 168))
        blocks = np.minimum((np.arange(count) * step_h // 168).astype(int), whole_weeks - 1)
        week.append(_numbered(blocks, week))
    start_utc = np.concatenate(stamps)
    return Axis(
        step_h=step_h,
        start_utc=start_utc,
        year=np.concatenate(year),
        month=np.concatenate(month),
        week=np.concatenate(week),
        day=np.concatenate(day),
        local_hour=start_utc.astype("datetime64[h]").astype(int) % 24,
        year_name=tuple(f"year-{y}" for y in range(len(steps))),
        probability=np.array(probability),
        month_label=tuple(labels),
        timezone="UTC",
    )


def _numbered(parts: NDArray[Any], before: list[Ints]) -> Ints:
    """Number the parts of one year on from those of the years before it."""
    first = int(before[-1].max()) + 1 if before else 0
    return first + np.unique(parts, return_inverse=True)[1].astype(np.int64)


def make_unit(axis: Axis, name: str = "engine", **changes: Any) -> UnitType:
    """Return a type of 10 MW engines: 5 to 10 MW, 48 to 87 MMBtu/h."""
    n_steps = axis.n_steps
    rating = changes.get("rating_mw", 10.0)
    loads = rating * np.array([0.5, 0.75, 1.0])
    burned = loads * np.array([9.6, 8.9, 8.7])
    beta = np.diff(burned) / np.diff(loads)
    figures: dict[str, Any] = {
        "name": name,
        "fuel": "natural_gas",
        "n_min": 0,
        "n_max": 20,
        "rating_mw": rating,
        "net_rating_mw": rating,
        "pmax_mw": np.full(n_steps, rating),
        "pmin_mw": np.full(n_steps, rating / 2),
        "fuel_factor": np.ones(n_steps),
        "segment_alpha_mmbtu_per_h": burned[:-1] - beta * loads[:-1],
        "segment_beta_mmbtu_per_mwh": beta,
        "chord_alpha_mmbtu_per_h": np.full(n_steps, np.nan),
        "chord_beta_mmbtu_per_mwh": np.full(n_steps, np.nan),
        "fuel_price_usd_per_mmbtu": np.full(n_steps, 4.0),
        "ramp_mw_per_step": 1000.0,
        "step_mw": 0.1 * rating,
        "min_up_steps": 1,
        "min_down_steps": 1,
        "start_fuel_mmbtu": 5.0,
        "start_cost_usd": 200.0,
        "vom_usd_per_mwh": 8.0,
        "capital_usd_per_yr": 1.0e6,
        "fom_usd_per_yr": 1.5e5,
        "site_capital_usd_per_yr": 3.0e5,
        "site_fixed_usd_per_yr": 2.0e4,
        "planned_outage_h": 0.0,
        "max_units_in_maintenance": 1,
        "lb_per_mwh": {"nox": 0.5, "co": 0.3, "voc": 0.1},
        "lb_per_mmbtu": {"co2": 117.0},
        "lb_per_start": {"nox": 4.0},
        "forced_outage_frac": 0.03,
        "mttr_h": 48.0,
        "start_failure_frac": 0.01,
        "start_min": 5.0,
    }
    return UnitType(**{**figures, **changes})


def make_battery(name: str = "lfp-4h", **changes: Any) -> BatteryProduct:
    """Return modules of 2 MW and 8 MWh, of which 7.5 MWh can be used."""
    figures: dict[str, Any] = {
        "name": name,
        "n_min": 0,
        "n_max": 50,
        "module_mw": 2.0,
        "module_mwh": 8.0,
        "usable_mwh": 7.5,
        "eta_charge": 0.95,
        "eta_discharge": 0.9,
        "retention": 1.0,
        "soc_min_frac": 0.05,
        "soc_max_frac": 0.95,
        "cycles_per_year": 365.0,
        "aux_mw": 0.02,
        "vom_usd_per_mwh": 2.0,
        "capital_usd_per_yr": 2.5e5,
        "fom_usd_per_yr": 2.0e4,
        "forced_outage_frac": 0.02,
        "mttr_h": 24.0,
    }
    return BatteryProduct(**{**figures, **changes})


def make_tie(axis: Axis, **changes: Any) -> GridTie:
    """Return a tie of up to 40 MW that may also export 10 MW."""
    figures: dict[str, Any] = {
        "withdrawal_max_mw": 40.0,
        "withdrawal_min_mw": 5.0,
        "export_max_mw": 10.0,
        "availability": np.ones(axis.n_steps),
        "import_price_usd_per_mwh": np.full(axis.n_steps, 50.0),
        "export_price_usd_per_mwh": np.full(axis.n_steps, 20.0),
        "demand_charge_usd_per_mw_month": 6000.0,
        "coincident_charge_usd_per_mw_yr": 60000.0,
        "coincident_weight": np.zeros(axis.n_steps),
        "capital_usd_per_mw_yr": 15000.0,
        "capital_fixed_usd_per_yr": 80000.0,
        "security_carry_usd_per_mw_yr": 750.0,
        "outages_per_year": 2.0,
        "outage_mean_h": 4.0,
    }
    return GridTie(**{**figures, **changes})


def make_case(axis: Axis, **changes: Any) -> Case:
    """Return a case without anything on offer."""
    figures: dict[str, Any] = {
        "name": "hand-made",
        "axis": axis,
        "demand_mw": np.zeros(axis.n_steps),
        "temp_c": np.full(axis.n_steps, 15.0),
        "units": (),
        "batteries": (),
        "grid": None,
        "tiers": (),
        "voll_usd_per_mwh": None,
        "gas": GasSupply(np.full(axis.n_steps, 4.0), np.inf, np.inf),
        "stocks": (),
        "security": NO_SECURITY,
        "maintenance_mode": "none",
        "is_blackout_week": np.zeros(int(axis.week.max()) + 1, dtype=bool),
        "emissions": (),
        "warnings": (),
    }
    return Case(**{**figures, **changes})
