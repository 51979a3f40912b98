"""The optimum of two tiny sites by trying everything, with nothing of optmix's model.

One site is solved by writing the linear program of its operation as matrices for every mix. In the
other every unit's hours on and off are listed for every fleet; no program is solved at all.
"""

from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from peers.plants import Plant, battery, column, unit
from scipy.optimize import linprog

from optmix.schema.load import load_site
from optmix.solve.api import solve

Floats = NDArray[np.float64]

HOURS = 24.0
PER_YEAR = 365.0
"""A day stands for the year."""


def annuity(years: float) -> float:
    """Return the yearly payment for one dollar of capital at 8 percent."""
    return 0.08 / (1.0 - 1.08**-years)


# --- Every mix of two types and a battery: 80 linear programs ----------------------------------

STEP_H = 2.0
DEMAND_MW = np.array([4.0, 3.5, 3.0, 5.0, 7.5, 9.0, 9.5, 8.0, 8.5, 12.5, 10.0, 6.0])
GAS = np.array([3.0] * 6 + [5.0] * 6)
VOLL, GAS_ENGINE, GAS_TURBINE = 700.0, 8.1, 10.4
ENGINE, TURBINE, MODULE_MW, MODULE_MWH = 3.0, 4.0, 1.0, 3.0

STORING = Plant(
    "storing",
    {
        "unit": [
            unit("engine", rating_mw=ENGINE, heat_rate_mmbtu_per_mwh=[GAS_ENGINE] * 2, n_max=3)
            | {"capex_usd_per_kw": 1500.0, "vom_usd_per_mwh": 8.0, "life_yr": 25.0},
            unit("turbine", rating_mw=TURBINE, heat_rate_mmbtu_per_mwh=[GAS_TURBINE] * 2, n_max=3)
            | {"capex_usd_per_kw": 900.0, "vom_usd_per_mwh": 5.0, "life_yr": 20.0},
        ],
        "battery": [
            battery(module_mw=MODULE_MW, module_mwh=MODULE_MWH, n_max=4, cycles_per_year=400.0)
            | {"eta_charge": 0.9, "eta_discharge": 0.95, "rte_frac": 0.855}
            | {"self_discharge_frac_per_h": 0.005, "soc_min_frac": 0.1, "soc_max_frac": 0.95}
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

    The columns are engines, turbines, charging, discharging, state of charge and unserved energy,
    each by step.
    """
    n = len(DEMAND_MW)
    one, none = np.eye(n), np.zeros((n, n))
    before = np.roll(one, -1, axis=1)  # row t picks step t - 1, the first row picks the last step
    kept = 1.0 - 0.005 * STEP_H
    balance = np.hstack([one, one, -one, one, none, one])
    charge = [none, none, -0.9 * STEP_H * one, STEP_H / 0.95 * one, one - kept * before, none]
    power = np.hstack([none, none, one, one, none, none])
    cycles = np.hstack([np.zeros(3 * n), np.full(n, STEP_H * PER_YEAR), np.zeros(2 * n)])
    zero, store_mwh = np.zeros(n), modules * MODULE_MWH
    usd_per_mwh = [GAS_ENGINE * GAS + 8.0, GAS_TURBINE * GAS + 5.0, zero, zero + 1.5, zero]
    result = linprog(
        STEP_H * np.concatenate([*usd_per_mwh[:4], zero, zero + VOLL]),
        A_eq=np.vstack([balance, np.hstack(charge)]),
        b_eq=np.concatenate([DEMAND_MW, zero]),
        A_ub=np.vstack([power, cycles]),
        b_ub=np.append(zero + modules * MODULE_MW, 400.0 * store_mwh),
        bounds=[
            *[(0.0, engines * ENGINE)] * n,
            *[(0.0, turbines * TURBINE)] * n,
            *[(0.0, None)] * (2 * n),
            *[(0.1 * store_mwh, 0.95 * store_mwh)] * n,
            *[(0.0, None)] * n,
        ],
    )
    assert result.success
    return float(result.fun)


def yearly_usd(engines: int, turbines: int, modules: int) -> float:
    """Return capital, fixed cost and operation of a given mix."""
    engine = 1000.0 * ENGINE * (1500.0 * annuity(25.0) + 12.0)
    turbine = 1000.0 * TURBINE * (900.0 * annuity(20.0) + 12.0)
    capital = 1000.0 * (150.0 * MODULE_MW + 160.0 * MODULE_MWH) * annuity(15.0)
    module = capital + 1000.0 * MODULE_MW * 6.0
    fixed = engines * engine + turbines * turbine + modules * module
    return fixed + PER_YEAR * operation_usd(engines, turbines, modules)


def test_no_mix_is_cheaper_than_the_one_chosen(tmp_path: Path) -> None:
    result = solve(load_site(STORING.write(tmp_path)), gap=0.0)
    cost = {mix: yearly_usd(*mix) for mix in product(range(4), range(4), range(5))}
    best = min(cost, key=lambda mix: cost[mix])
    assert result.objective_usd == pytest.approx(cost[best], rel=1e-9)
    assert result.mix is not None
    assert (*result.mix.units.values(), *result.mix.battery.values()) == best
    assert all(best), "the instance is meant to need some of everything"


# --- Every pattern of every unit: starts, minimum times, least load, loss of a unit --------------

BLOCK_H = 4.0
BLOCKS_MW = np.array([2.2, 3.0, 6.5, 4.0, 5.5, 2.6])
USD_PER_MMBTU = 4.0


class Machine:
    """One type: what it can do and what it costs, for the listing of all patterns."""

    def __init__(
        self, mw: float, least_frac: float, half: float, full: float, start_usd: float
    ) -> None:
        self.mw, self.least_mw, self.start_usd = mw, least_frac * mw, start_usd
        slope = (full - 0.5 * half) / 0.5
        self.usd_per_mwh = slope * USD_PER_MMBTU + 5.0
        self.usd_per_h = (full - slope) * mw * USD_PER_MMBTU
        self.figures = {
            "rating_mw": mw,
            "min_load_frac": least_frac,
            "heat_rate_mmbtu_per_mwh": [half, full],
            "start_cost_usd": start_usd,
        }
        self.fixed_usd = 1000.0 * mw * (900.0 * annuity(20.0) + 12.0)


SMALL = Machine(mw=2.5, least_frac=0.2, half=10.0, full=8.5, start_usd=90.0)
LARGE = Machine(mw=5.0, least_frac=0.3, half=9.4, full=8.8, start_usd=250.0)
UP, DOWN = 2, 2

STOPPING = Plant(
    "stopping",
    {
        "unit": [
            unit(name, n_max=n, min_up_h=UP * BLOCK_H, min_down_h=DOWN * BLOCK_H, **m.figures)
            for name, m, n in (("small", SMALL, 3), ("large", LARGE, 2))
        ],
        "security": {"loss_of_unit": True},
    },
    {"demand_mw": BLOCKS_MW},
    {},
    step_h=BLOCK_H,
)


def patterns() -> NDArray[np.int64]:
    """Return every day of a unit, on or off by block, that keeps the minimum times."""
    return np.array([p for p in product((0, 1), repeat=len(BLOCKS_MW)) if keeps_times(p)])


def keeps_times(pattern: tuple[int, ...]) -> bool:
    """Return whether every run is long enough, around the clock."""
    turns = [t for t, on in enumerate(pattern) if on != pattern[t - 1]]
    ends = [*turns[1:], *(t + len(pattern) for t in turns[:1])]
    least = {1: UP, 0: DOWN}
    return all(end - t >= least[pattern[t]] for t, end in zip(turns, ends, strict=True))


def days(machine: Machine, n: int) -> tuple[NDArray[np.int64], Floats]:
    """Return units online by block, and cost of starts and hours online, of every day of a fleet."""
    day = patterns()
    starts = ((day - np.roll(day, 1, axis=1)) > 0).sum(axis=1)
    usd = starts * machine.start_usd + day.sum(axis=1) * BLOCK_H * machine.usd_per_h
    fleets = np.array(list(combinations_with_replacement(range(len(day)), n))).reshape(-1, n)
    return day[fleets].sum(axis=1), usd[fleets].sum(axis=1)


def energy_usd(small: NDArray[np.int64], large: NDArray[np.int64], reserve_mw: float) -> Floats:
    """Return the cost of each block's output for units online; inf where they cannot do it."""
    cheap, dear = sorted(((small, SMALL), (large, LARGE)), key=lambda pair: pair[1].usd_per_mwh)
    least = dear[0] * dear[1].least_mw
    first = np.minimum(cheap[0] * cheap[1].mw, BLOCKS_MW - least)
    rest = BLOCKS_MW - first
    can = (first >= cheap[0] * cheap[1].least_mw) & (rest <= dear[0] * dear[1].mw)
    can &= small * SMALL.mw + large * LARGE.mw >= BLOCKS_MW + reserve_mw
    usd = BLOCK_H * (first * cheap[1].usd_per_mwh + rest * dear[1].usd_per_mwh)
    return np.where(can, usd, np.inf).sum(axis=-1)


def least_day_usd(smalls: int, larges: int) -> float:
    """Return the cheapest day of a fleet, whatever its units do."""
    reserve_mw = max(LARGE.mw * (larges > 0), SMALL.mw * (smalls > 0))
    small, small_usd = days(SMALL, smalls)
    large, large_usd = days(LARGE, larges)
    energy = energy_usd(small[:, None, :], large[None, :, :], reserve_mw)
    return float((energy + small_usd[:, None] + large_usd[None, :]).min())


def test_no_pattern_of_any_fleet_is_cheaper(tmp_path: Path) -> None:
    result = solve(load_site(STOPPING.write(tmp_path)), gap=0.0)
    cost = {
        (a, b): a * SMALL.fixed_usd + b * LARGE.fixed_usd + PER_YEAR * least_day_usd(a, b)
        for a, b in product(range(4), range(3))
    }
    best = min(cost, key=lambda fleet: cost[fleet])
    assert result.objective_usd == pytest.approx(cost[best], rel=1e-9)
    assert result.mix is not None
    assert tuple(result.mix.units.values()) == best
    print(cost, result.mix)
