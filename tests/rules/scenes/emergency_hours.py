from dataclasses import replace

import numpy as np
from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis
STANDBY = engine(AXIS, name="standby", kind="diesel-standby", capital_usd_per_yr=1_000.0)
MAIN = engine(AXIS, name="main")
HIGH = np.arange(AXIS.n_steps) % 8 >= 4
CASE = three_days(grid=None, units=(STANDBY, MAIN), events={"firm_load_shed": HIGH})
NAMED = {"emergency_units": ("main",)}


def is_left_for_emergencies(with_it: Solved, without: Solved) -> bool:
    """Nine engines carry 100 MW at all times, and one on standby helps where load is shed."""
    return (
        with_it.plan.units.tolist() == [1, 9]
        and with_it.plan.online[0][~HIGH].sum() == 0
        and without.plan.units.tolist() == [10, 0]
    )


SCENE = Scene(
    id="air.emergency-hours",
    case=CASE,
    changes=is_left_for_emergencies,
    rows=("standby_of_fleet[0]", "standby[0]"),
    applies=(
        (CASE, {}, True, "on offer: standby"),
        (CASE, NAMED, True, "on offer: main"),
        (three_days(units=(MAIN,)), {}, False, "no emergency engine"),
        (three_days(units=(STANDBY, replace(MAIN, n_max=0))), NAMED, False, "no emergency engine"),
    ),
)
