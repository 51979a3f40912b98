from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis
CASE = three_days(units=(engine(AXIS, forced_outage_frac=0.2),))


def is_enough(with_it: Solved, without: Solved) -> bool:
    """Of 120 MW half is asked for; an engine counts for 80 % of 12 MW, so it takes seven."""
    return with_it.plan.units.tolist() == [7] and without.plan.units.tolist() == [0]


SCENE = Scene(
    id="minimum-onsite",
    case=CASE,
    params={"frac": 0.5},
    changes=is_enough,
    rows=("enough_on_site",),
    applies=(
        (CASE, {}, True, "120 MW on site"),
        (CASE, {"basis": "mean"}, True, "110 MW on site"),
        (three_days(grid=None), {"frac": 0.5}, True, "60 MW on site"),
    ),
)
