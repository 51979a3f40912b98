from dataclasses import replace

import numpy as np
from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis
CASE = three_days(units=(engine(AXIS, capital_usd_per_yr=100_000.0),))
CANDIDATES = np.isin(AXIS.local_hour, (15, 18))
BILLED = replace(CASE.grid, coincident_charge_usd_per_mw_yr=1.0)
JANUARY = replace(AXIS, month_label=("2025-01",))


def is_avoided(with_it: Solved, without: Solved) -> bool:
    """Ten engines run through all candidate hours: 12,500 USD a year for each MW against 40,000."""
    return (
        with_it.plan.import_mw[CANDIDATES].max() <= 1e-6
        and with_it.plan.import_mw[~CANDIDATES].min() > 0
        and without.plan.import_mw[CANDIDATES].min() > 0
    )


SCENE = Scene(
    id="ercot.transmission-charge",
    case=CASE,
    changes=is_avoided,
    asks=False,
    applies=(
        (CASE, {}, True, 'regime is "4CP"'),
        (CASE, {"regime": "12CP"}, True, 'regime is "12CP"'),
        (three_days(axis=JANUARY), {}, False, "no month of 4CP"),
        (three_days(axis=JANUARY), {"regime": "12CP"}, True, "12CP"),
        (three_days(axis=JANUARY), {"regime": "minimum-billing"}, True, "minimum-billing"),
        (three_days(grid=BILLED), {}, False, "charges for it already"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
