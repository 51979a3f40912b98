"""The optimum of a tiny site by trying every day of every fleet, without any solver.

A day is the number of units online in each of six blocks of four hours. Fuel has a value at no
load, starts cost, both minimum times and the least load hold, and the loss of any unit is covered.
Without minimum times three small units and a large one are best. With a long minimum up they still
are, and cost more; with a long minimum down a second large one is needed.
"""

from collections import deque
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from peers.plants import Plant, unit
from peers.series import annuity

from optmix.schema.load import load_site
from optmix.solve.api import solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PER_YEAR = 365.0
"""A day stands for the year."""
BLOCK_H = 4.0
BLOCKS_MW = np.array([2.2, 2.4, 6.5, 2.6, 2.4, 4.0])
USD_PER_MMBTU = 4.0


class Machine:
    """One type with a fuel line through its heat rates at half and at full load."""

    def __init__(
        self, mw: float, least_frac: float, half: float, full: float, start: float
    ) -> None:
        per_mwh = 2.0 * full - half
        self.mw, self.least_mw, self.usd_per_start = mw, least_frac * mw, start
        self.usd_per_mwh = per_mwh * USD_PER_MMBTU + 5.0
        self.usd_per_h = (full - per_mwh) * mw * USD_PER_MMBTU
        self.usd_per_yr = 1000.0 * mw * (900.0 * annuity(0.08, 20.0) + 12.0)
        self.fields = {
            "rating_mw": mw,
            "min_load_frac": least_frac,
            "heat_rate_mmbtu_per_mwh": [half, full],
            "start_cost_usd": start,
        }


SMALL = Machine(mw=2.5, least_frac=0.2, half=10.0, full=8.5, start=20.0)
LARGE = Machine(mw=5.0, least_frac=0.3, half=9.4, full=8.8, start=30.0)
MOST_SMALL, MOST_LARGE = 3, 2
DAYS, LONG_AGO = 4, -1000


def stopping(up: int, down: int) -> Plant:
    """Return a site of both types that must bear the loss of a unit; minimum times in blocks."""
    times = {"min_up_h": up * BLOCK_H, "min_down_h": down * BLOCK_H}
    units = [
        unit("small", n_max=MOST_SMALL, **SMALL.fields, **times),
        unit("large", n_max=MOST_LARGE, **LARGE.fields, **times),
    ]
    fields = {"unit": units, "security": {"loss_of_unit": True}}
    return Plant("stopping", fields, {"demand_mw": BLOCKS_MW}, {}, step_h=BLOCK_H)


def days_of(machine: Machine, n: int, up: int, down: int) -> tuple[Ints, Floats]:
    """Return every day that a fleet can repeat, as units online by block, and its cost so far."""
    paths = product(range(n + 1), repeat=len(BLOCKS_MW))
    days = np.array([path for path in paths if can_repeat(path, n, up, down)])
    starts = np.maximum(0, days - np.roll(days, 1, axis=1)).sum(axis=1)
    usd = starts * machine.usd_per_start + days.sum(axis=1) * BLOCK_H * machine.usd_per_h
    return days, usd


def can_repeat(path: tuple[int, ...], n: int, up: int, down: int) -> bool:
    """Return whether units can follow a path day after day, each with its minimum times.

    The unit that was off the longest starts and the one that was on the longest stops, so units may
    take turns from one day to the next.
    """
    online = deque([LONG_AGO] * path[-1])
    offline = deque([LONG_AGO] * (n - path[-1]))
    for t, wanted in enumerate(path * DAYS):
        while len(online) < wanted:
            if t - offline.popleft() < down:
                return False
            online.append(t)
        while len(online) > wanted:
            if t - online.popleft() < up:
                return False
            offline.append(t)
    return True


def output_usd(t: int, smalls: int, larges: int, reserve_mw: float) -> float:
    """Return the cost of a block's output with units online; inf where they cannot give it."""
    by_cost = sorted(((smalls, SMALL), (larges, LARGE)), key=lambda pair: pair[1].usd_per_mwh)
    (n_first, first), (n_then, then) = by_cost
    first_mw = min(n_first * first.mw, BLOCKS_MW[t] - n_then * then.least_mw)
    then_mw = BLOCKS_MW[t] - first_mw
    spare_mw = n_first * first.mw + n_then * then.mw - BLOCKS_MW[t]
    if first_mw < n_first * first.least_mw or then_mw > n_then * then.mw or spare_mw < reserve_mw:
        return np.inf
    return float(BLOCK_H * (first_mw * first.usd_per_mwh + then_mw * then.usd_per_mwh))


def least_usd(smalls: int, larges: int, up: int, down: int) -> float:
    """Return the yearly cost of a fleet on its cheapest day."""
    reserve_mw = max(SMALL.mw * (smalls > 0), LARGE.mw * (larges > 0))
    small, small_usd = days_of(SMALL, smalls, up, down)
    large, large_usd = days_of(LARGE, larges, up, down)
    usd = small_usd[:, None] + large_usd[None, :]
    for t in range(len(BLOCKS_MW)):
        online = product(range(smalls + 1), range(larges + 1))
        output = np.array([output_usd(t, *units, reserve_mw) for units in online])
        usd += output.reshape(smalls + 1, larges + 1)[small[:, t]][:, large[:, t]]
    fixed = smalls * SMALL.usd_per_yr + larges * LARGE.usd_per_yr
    return float(fixed + PER_YEAR * usd.min())


@pytest.mark.parametrize(("up", "down"), [(1, 1), (3, 1), (1, 3)])
def test_no_day_of_any_fleet_is_cheaper(up: int, down: int, tmp_path: Path) -> None:
    result = solve(load_site(stopping(up, down).write(tmp_path)), gap=0.0)
    fleets = product(range(MOST_SMALL + 1), range(MOST_LARGE + 1))
    cost = {fleet: least_usd(*fleet, up, down) for fleet in fleets}
    best = min(cost, key=lambda fleet: cost[fleet])
    assert result.objective_usd == pytest.approx(cost[best], rel=1e-9)
    assert result.mix is not None
    assert tuple(result.mix.units.values()) == best
