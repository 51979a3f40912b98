from model.cases import make_battery
from rules.kit import Scene, Solved, three_days

HALF = {"frac": 0.5, "ups_mw": 8.0, "is_attested": True}
CASE = three_days(batteries=(make_battery(n_max=20, module_mw=4.0, usable_mwh=8.0),))


def is_stored(with_it: Solved, without: Solved) -> bool:
    """Half of 120 MW less 8 MW of UPS are 13 modules of 4 MW."""
    return with_it.plan.modules.tolist() == [13] and without.plan.modules.tolist() == [0]


SCENE = Scene(
    id="ercot.ride-through",
    case=CASE,
    params=HALF,
    changes=is_stored,
    rows=("enough_storage",),
    applies=(
        (CASE, {}, True, "120 MW, 100% of it computing"),
        (three_days(demand_mw=75.0), {}, True, "75 MW"),
        (three_days(demand_mw=74.9), {}, False, "74.9 MW is below 75 MW"),
        (CASE, {"computing_frac": 0.5}, True, "50% of it computing"),
        (CASE, {"computing_frac": 0.4}, False, "40% of demand only"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
