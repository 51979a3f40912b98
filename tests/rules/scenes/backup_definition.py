from dataclasses import replace

from rules.kit import Scene, Solved, three_days


def is_half_on_site(with_it: Solved, without: Solved) -> bool:
    """Half of 120 MW takes five engines of 12 MW; import is cheaper than all of them."""
    return with_it.plan.units.tolist() == [5] and without.plan.units.tolist() == [0]


CASE = three_days()
EXPORTS = replace(CASE.grid, export_max_mw=5.0)

SCENE = Scene(
    id="sb6.backup-definition",
    case=CASE,
    params={"qualify": True},
    changes=is_half_on_site,
    rows=("enough_backup",),
    applies=(
        (CASE, {}, True, "the plan is tested for it"),
        (CASE, {"qualify": True}, True, "the plan is held to meet it"),
        (three_days(grid=EXPORTS), {}, True, "generating units are on offer"),
        (three_days(units=()), {}, False, "no generating unit"),
    ),
)
