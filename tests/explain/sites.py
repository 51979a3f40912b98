"""Small sites without a plan, of every kind that users meet, drawn by a seed."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any, Final

from optmix.schema.load import make_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from optmix.schema.site import Site

__all__ = ["KINDS", "SEEDS", "drawn_site", "plain"]

SEEDS = tuple(range(42))


def plain(**parts: Any) -> dict[str, Any]:
    """Return the plain values of a site of one flat day, 10 MW, with enough engines of 5 MW."""
    return {
        "schema_version": 1,
        "name": "small",
        "site": {
            "latitude": 31.95,
            "longitude": -102.18,
            "altitude_m": 0.0,
            "timezone": "America/Chicago",
            "wacc": 0.0,
        },
        "time": {"hours": 24.0},
        "demand": {"profile": "flat", "peak_mw": 10.0},
        "fuel": {"price_usd_per_mmbtu": 4.0},
        "unit": [engine()],
        "security": {"loss_of_unit": False, "loss_of_grid": False},
        "maintenance": {"mode": "none"},
    } | parts


def engine(**figures: Any) -> dict[str, Any]:
    """Return engines of 5 MW that burn 9 MMBtu/MWh and emit 0.5 lb/MWh of NOx."""
    return {
        "name": "engine",
        "kind": "medium-speed-engine",
        "rating_mw": 5.0,
        "rating_basis": "net",
        "min_load_frac": 0.3,
        "load_points_frac": [0.5, 1.0],
        "heat_rate_mmbtu_per_mwh": [9.0, 9.0],
        "ramp_frac_per_min": 1.0,
        "nox_lb_per_mwh": 0.5,
        "capex_usd_per_kw": 1000.0,
        "fom_usd_per_kw_yr": 10.0,
        "vom_usd_per_mwh": 5.0,
        "life_yr": 20.0,
        "n_max": 6,
    } | figures


def turbine(**figures: Any) -> dict[str, Any]:
    """Return turbines of 8 MW, less efficient and cleaner."""
    plain_turbine = {
        "name": "turbine",
        "kind": "industrial-turbine",
        "rating_mw": 8.0,
        "heat_rate_mmbtu_per_mwh": [13.0, 10.5],
        "nox_lb_per_mwh": 0.2,
        "min_load_frac": 0.5,
        "n_max": 2,
    }
    return engine(**plain_turbine | figures)


def battery(**figures: Any) -> dict[str, Any]:
    """Return battery modules of 1 MW and 2 MWh."""
    return {
        "name": "battery",
        "module_mw": 1.0,
        "module_mwh": 2.0,
        "rte_frac": 0.85,
        "capex_usd_per_kw": 200.0,
        "capex_usd_per_kwh": 200.0,
        "fom_usd_per_kw_yr": 10.0,
        "life_yr": 12.0,
        "n_max": 3,
    } | figures


def _too_few_units(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(n_max=dice.randint(1, 2)), turbine(n_max=dice.randint(0, 1))]
    values["battery"] = [battery(n_max=dice.randint(0, 2))]
    values["demand"]["peak_mw"] = round(dice.uniform(22, 30), 2)


def _emission_cap(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(), turbine()]
    basis = dice.choice(["actual", "pte"])
    values["emissions"] = {"nox": {"cap_tpy": round(dice.uniform(1, 5), 2), "basis": basis}}


def _withdrawal(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(n_max=dice.randint(0, 1))]
    values["grid"] = {"withdrawal_max_mw": round(dice.uniform(1, 3), 2), "energy_price": 50.0}


def _min_load(dice: random.Random, values: dict[str, Any]) -> None:
    # Parts of the day lie below the least output of one turbine.
    values["unit"] = [turbine(n_max=3, min_load_frac=round(dice.uniform(0.7, 0.9), 2))]
    values["demand"] = {"profile": "inference", "peak_mw": round(dice.uniform(6.0, 7.0), 2)}


def _fuel(dice: random.Random, values: dict[str, Any]) -> None:
    limit = dice.choice(["mdq_mmbtu_per_day", "hourly_max_mmbtu_per_h"])
    share = dice.uniform(0.3, 0.9)
    values["fuel"][limit] = round(share * 90.0 * (24.0 if "day" in limit else 1.0), 1)


def _potential_rule(dice: random.Random, values: dict[str, Any]) -> None:
    values["rules"] = {"pack": "none", "air.site-tpy": {"cap_tpy": round(dice.uniform(5, 20), 1)}}


def _on_site_rule(dice: random.Random, values: dict[str, Any]) -> None:
    # Three engines carry any demand that is drawn, and are less than 1.7 times any.
    values["unit"] = [engine(n_max=3)]
    values["rules"] = {"pack": "none", "minimum-onsite": {"frac": round(dice.uniform(1.7, 2.4), 2)}}


def _reserve(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(n_max=2)]
    values["demand"]["peak_mw"] = round(dice.uniform(6, 9.5), 2)
    values["security"] = {"loss_of_unit": True}


# --- Rules -----------------------------------------------------------------------------------

SUMMER: Final = {"start": dt.date(2025, 7, 1), "hours": 24.0}
"""A day in which emergencies and constraints of the grid are drawn, from afternoon on."""

WINTER: Final = {"start": dt.date(2025, 1, 1), "hours": 24.0}
"""A day in which firm load shed and interruptions of gas are drawn."""


def _tied(values: dict[str, Any], rule_id: str, **params: Any) -> None:
    """Let the grid carry all demand, and one rule be in force."""
    values["grid"] = {"withdrawal_max_mw": 20.0, "energy_price": 50.0}
    values["rules"] = {"pack": "none", rule_id: params}


def _backup(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(n_max=1)]
    _tied(values, "sb6.backup-definition", qualify=True, frac=round(dice.uniform(0.6, 0.9), 3))


def _emergency(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"], values["unit"] = SUMMER, [engine(n_max=1)]
    _tied(values, "sb6.deploy-or-curtail", import_cap_frac=round(dice.uniform(0, 0.1), 3))


def _load_shed(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"], values["unit"] = WINTER, [engine(n_max=1)]
    _tied(values, "sb6.firm-load-shed", import_frac=round(dice.uniform(0, 0.1), 3))


def _review(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"], values["unit"] = SUMMER, [engine(n_max=4), turbine(n_max=dice.randint(0, 1))]
    _tied(values, "sb6.net-metering-review", existing_units=["engine"])


def _private_network(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"], limit = [engine(n_max=1)], round(dice.uniform(1, 3), 2)
    _tied(values, "ercot.withdrawal-limit", metering="wlpun", withdrawal_limit_mw=limit)


def _low_power(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"], values["unit"] = SUMMER, [engine(n_max=1)]
    low = round(dice.uniform(0.5, 2), 2)
    _tied(values, "ercot.controllable-load", metering="pclr", low_power_mw=low)


def _ride_through(dice: random.Random, values: dict[str, Any]) -> None:
    values["battery"] = [battery(n_max=dice.randint(1, 2))]
    frac = round(dice.uniform(0.3, 0.6), 3)
    _tied(values, "ercot.ride-through", frac=frac, threshold_mw=5.0)


def _swing(dice: random.Random, values: dict[str, Any]) -> None:
    values["battery"] = [battery(n_max=dice.randint(1, 2))]
    swing = round(dice.uniform(40, 50), 2)
    _tied(values, "ercot.load-swing", swing_mw=swing, grid_limit_mw=1.0)


def _timeline(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"] = {"start": dt.date(2025, 7, 1), "hours": 72.0}
    values["unit"] = [engine(n_max=1)]
    given = {
        "energization_date": dt.date(2025, 7, dice.randint(2, 3)),
        "withdrawal_by_year_mw": [round(dice.uniform(1, 3), 2), 20.0],
    }
    name = dice.choice(sorted(given))
    _tied(values, "tx.batch-timeline", **{name: given[name]})


def _nox_rate(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [engine(nox_lb_per_mwh=round(dice.uniform(0.2, 0.9), 3))]
    values["rules"] = {"pack": "none", "air.nox-rate": {"region": "east"}}


def _turbines(dice: random.Random, values: dict[str, Any]) -> None:
    values["unit"] = [turbine(nox_lb_per_mwh=round(dice.uniform(0.7, 2), 3))]
    values["rules"] = {"pack": "none", "air.nsps-kkkka": {}}


def _emergency_engines(dice: random.Random, values: dict[str, Any]) -> None:
    hours = round(dice.uniform(50, 500), 1)
    params = {"emergency_units": ["engine"], "non_emergency_h_per_yr": hours}
    values["rules"] = {"pack": "none", "air.emergency-hours": params}


def _gas_interruption(dice: random.Random, values: dict[str, Any]) -> None:
    values["time"] = WINTER
    values["fuel_stock"] = [
        {
            "name": "lng",
            "fuel": "natural_gas",
            "capacity_mmbtu": round(dice.uniform(150, 300), 1),
            "price_usd_per_mmbtu": 9.0,
            "refill_max_mmbtu_per_day": 200.0,
        }
    ]
    params = {"fuel_h": float(dice.randint(6, 9)), "seed": dice.randint(0, 9)}
    values["rules"] = {"pack": "none", "fuel-security": params}


KINDS: tuple[Callable[[random.Random, dict[str, Any]], None], ...] = (
    _too_few_units,
    _emission_cap,
    _withdrawal,
    _min_load,
    _fuel,
    _potential_rule,
    _on_site_rule,
    _reserve,
    _backup,
    _emergency,
    _load_shed,
    _review,
    _private_network,
    _low_power,
    _ride_through,
    _swing,
    _timeline,
    _nox_rate,
    _turbines,
    _emergency_engines,
    _gas_interruption,
)


def drawn_site(seed: int) -> Site:
    """Return the site of a seed, one to three days long; seeds go round the kinds."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    values = plain(name=f"drawn {seed}", time={"hours": float(dice.choice([24, 24, 48, 72]))})
    values["demand"] = {
        "profile": dice.choice(["flat", "inference"]),
        "peak_mw": round(dice.uniform(9, 12), 2),
        "seed": seed,
    }
    KINDS[seed % len(KINDS)](dice, values)
    return make_site(values)
