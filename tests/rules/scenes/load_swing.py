from dataclasses import replace

from model.cases import NO_SECURITY, make_battery
from rules.kit import Scene, Solved, three_days

SWING = {"swing_mw": 30.0}
BATTERY = make_battery(n_max=20, module_mw=4.0, usable_mwh=8.0)
CASE = three_days(batteries=(BATTERY,))
ISLANDED = three_days(grid=None)


def is_taken_up(with_it: Solved, without: Solved) -> bool:
    """Of 30 MW the grid takes 10, and five modules of 4 MW the rest."""
    cover = with_it.plan.cover_mw.sum(axis=0)
    return (
        with_it.plan.modules.tolist() == [5]
        and cover.min() >= 20.0 - 1e-4
        and without.plan.modules.tolist() == [0]
    )


SCENE = Scene(
    id="ercot.load-swing",
    case=CASE,
    params=SWING,
    changes=is_taken_up,
    rows=(
        "swing_taken_up",
        "swing_within_withdrawal",
    ),
    applies=(
        (CASE, SWING, True, "of 30 MW a tie takes up 10 MW"),
        (CASE, {"swing_mw": 8.0}, True, "the tie takes up all of 8 MW"),
        (ISLANDED, SWING, True, "takes up all of 30 MW"),
        (three_days(security=replace(NO_SECURITY, swing_mw=12.0)), {}, True, "of 12 MW"),
        (CASE, {}, False, "no swing_mw"),
    ),
)
