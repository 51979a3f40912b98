from model.cases import make_grid
from rules.kit import Scene, three_days

TIED, ISLANDED = three_days(), three_days(grid=None)
EXACT = three_days(demand_mw=75.0)

SCENE = Scene(
    id="sb6.applicability",
    case=TIED,
    changes=lambda with_it, without: with_it.cost_usd == without.cost_usd,
    asks=False,
    applies=(
        (TIED, {}, True, "120 MW is 75 MW or more"),
        (ISLANDED, {}, False, "islanded"),
        (three_days(demand_mw=74.9), {}, False, "74.9 MW is below 75 MW"),
        (EXACT, {}, True, "75 MW is 75 MW or more"),
        (TIED, {"threshold_mw": 121.0}, False, "below 121 MW"),
        (TIED, {"requested_mw": 74.0}, False, "74 MW is below"),
        (TIED, {"is_expansion": True, "existing_mw": 50.0}, False, "growth of demand of 70 MW"),
        (TIED, {"is_expansion": True, "existing_mw": 130.0}, False, "demand does not grow: 130 MW"),
        (
            TIED,
            {"is_expansion": True, "existing_mw": 100.3, "requested_mw": 175.3},
            True,
            "growth of demand of 75 MW is 75 MW or more",
        ),
        (three_days(demand_mw=74.9999999), {}, False, "74.9999999 MW is below 75 MW"),
        (TIED, {"is_expansion": True, "existing_mw": 45.0}, True, "growth of demand of 75 MW"),
        (three_days(grid=make_grid(TIED.axis, withdrawal_max_mw=0.0)), {}, True, "120 MW"),
    ),
)
