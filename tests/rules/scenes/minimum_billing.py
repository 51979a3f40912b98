from dataclasses import replace

import numpy as np
import pytest
from rules.kit import Scene, Solved, three_days

PLAIN = three_days()
AXIS = replace(
    PLAIN.axis,
    month=np.repeat([0, 0, 1], 8).astype(np.int64),
    month_label=("2025-07", "2025-08"),
)
DEMAND = np.where(AXIS.month == 0, 100.0, 40.0)
GRID = replace(PLAIN.grid, demand_charge_usd_per_mw_month=5_000.0)
CASE = three_days(axis=AXIS, demand_mw=DEMAND, grid=GRID)


def is_billed(with_it: Solved, without: Solved) -> bool:
    """100 MW are contracted, 82.5 billed at least: 42.5 more than the peak of half the months."""
    charged = with_it.verification.costs_usd["rules"]
    assert with_it.plan.withdrawal_mw == pytest.approx(100.0)
    assert charged == pytest.approx(5_000.0 * 6 * 42.5)
    return with_it.cost_usd == pytest.approx(without.cost_usd + charged)


SCENE = Scene(
    id="minimum-billing",
    case=CASE,
    changes=is_billed,
    rows=("least_billed", "peak_billed"),
    asks=False,
    applies=(
        (CASE, {}, True, "USD 5,000 per MW and month, least by the brackets"),
        (PLAIN, {"rate_usd_per_mw_month": 9_000.0}, True, "USD 9,000 per MW and month, least by"),
        (three_days(demand_mw=150.0), {"rate_usd_per_mw_month": 1.0}, True, "least by the cap"),
        (PLAIN, {}, False, "neither rate_usd_per_mw_month"),
        (three_days(demand_mw=25.0, grid=GRID), {}, False, "not above 25 MW"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
