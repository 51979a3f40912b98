"""The optimum of a tiny site by trying every mix, with nothing of optmix's model.

The operation of each of 80 mixes is a linear program, written here as matrices and solved by scipy.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from peers.plants import Plant, battery, column, unit
from peers.series import annuity
from scipy.optimize import linprog

from optmix.schema.load import load_site
from optmix.solve.api import solve

PER_YEAR = 365.0
"""A day stands for the year."""

STEP_H = 2.0
DEMAND_MW = np.array([4.0, 3.5, 3.0, 5.0, 7.5, 9.0, 9.5, 8.0, 8.5, 12.5, 10.0, 6.0])
GAS = np.array([3.0] * 6 + [5.0] * 6)
VOLL = 700.0
ENGINE_MW, ENGINE_MMBTU_PER_MWH = 3.0, 8.1
TURBINE_MW, TURBINE_MMBTU_PER_MWH = 4.0, 10.4
MODULE_MW, MODULE_MWH, CYCLES = 1.0, 3.0, 400.0
CHARGE, DISCHARGE, LEAK_PER_H, LEAST, MOST = 0.9, 0.95, 0.005, 0.1, 0.95

STORING = Plant(
    "storing",
    {
        "unit": [
            unit(
                "engine",
                rating_mw=ENGINE_MW,
                heat_rate_mmbtu_per_mwh=[ENGINE_MMBTU_PER_MWH] * 2,
                capex_usd_per_kw=1500.0,
                fom_usd_per_kw_yr=20.0,
                vom_usd_per_mwh=8.0,
                life_yr=25.0,
                n_max=3,
            ),
            unit(
                "turbine",
                rating_mw=TURBINE_MW,
                heat_rate_mmbtu_per_mwh=[TURBINE_MMBTU_PER_MWH] * 2,
                capex_usd_per_kw=900.0,
                fom_usd_per_kw_yr=12.0,
                vom_usd_per_mwh=5.0,
                life_yr=20.0,
                n_max=3,
            ),
        ],
        "battery": [
            battery(
                module_mw=MODULE_MW,
                module_mwh=MODULE_MWH,
                cycles_per_year=CYCLES,
                eta_charge=CHARGE,
                eta_discharge=DISCHARGE,
                rte_frac=CHARGE * DISCHARGE,
                self_discharge_frac_per_h=LEAK_PER_H,
                soc_min_frac=LEAST,
                soc_max_frac=MOST,
                capex_usd_per_kw=150.0,
                capex_usd_per_kwh=160.0,
                fom_usd_per_kw_yr=6.0,
                vom_usd_per_mwh=1.5,
                life_yr=15.0,
                n_max=4,
            )
        ],
        "demand": {"voll_usd_per_mwh": VOLL},
        "fuel": {"price_usd_per_mmbtu": column("gas")},
    },
    {"demand_mw": DEMAND_MW, "gas": GAS},
    {},
    step_h=STEP_H,
)


def operation_usd(engines: int, turbines: int, modules: int) -> float:
    """Return the least cost of running a given mix for a day.

    The columns are output of engines and of turbines, charging, discharging, stored energy and
    unserved demand, each by step.
    """
    n = len(DEMAND_MW)
    one, none, zero = np.eye(n), np.zeros((n, n)), np.zeros(n)
    before = np.roll(one, -1, axis=1)  # row t picks step t - 1, and the first row the last step
    stored, given = CHARGE * STEP_H * one, STEP_H / DISCHARGE * one
    kept = (1.0 - LEAK_PER_H * STEP_H) * before
    balance = np.hstack([one, one, -one, one, none, one])
    energy = np.hstack([none, none, -stored, given, one - kept, none])
    power = np.hstack([none, none, one, one, none, none])
    cycled = np.hstack([zero, zero, zero, zero + STEP_H * PER_YEAR, zero, zero])
    engine = ENGINE_MMBTU_PER_MWH * GAS + 8.0
    turbine = TURBINE_MMBTU_PER_MWH * GAS + 5.0
    mwh = modules * MODULE_MWH
    most = [(0.0, engines * ENGINE_MW), (0.0, turbines * TURBINE_MW), (0.0, None), (0.0, None)]
    most += [(LEAST * mwh, MOST * mwh), (0.0, None)]
    result = linprog(
        STEP_H * np.concatenate([engine, turbine, zero, zero + 1.5, zero, zero + VOLL]),
        A_eq=np.vstack([balance, energy]),
        b_eq=np.concatenate([DEMAND_MW, zero]),
        A_ub=np.vstack([power, cycled]),
        b_ub=np.append(zero + modules * MODULE_MW, CYCLES * mwh),
        bounds=[bound for bound in most for _ in range(n)],
    )
    assert result.success
    return float(result.fun)


def yearly_usd(engines: int, turbines: int, modules: int) -> float:
    """Return capital, fixed cost and operation of a given mix."""
    engine = ENGINE_MW * (1500.0 * annuity(0.08, 25.0) + 20.0)
    turbine = TURBINE_MW * (900.0 * annuity(0.08, 20.0) + 12.0)
    capital = (150.0 * MODULE_MW + 160.0 * MODULE_MWH) * annuity(0.08, 15.0)
    module = capital + 6.0 * MODULE_MW
    fixed = 1000.0 * (engines * engine + turbines * turbine + modules * module)
    return fixed + PER_YEAR * operation_usd(engines, turbines, modules)


def test_no_mix_is_cheaper_than_the_one_chosen(tmp_path: Path) -> None:
    result = solve(load_site(STORING.write(tmp_path)), gap=0.0)
    cost = {mix: yearly_usd(*mix) for mix in product(range(4), range(4), range(5))}
    best = min(cost, key=lambda mix: cost[mix])
    assert result.objective_usd == pytest.approx(cost[best], rel=1e-9)
    assert result.mix is not None
    assert (*result.mix.units.values(), *result.mix.battery.values()) == best
    assert all(best), "the instance is meant to need some of everything"
