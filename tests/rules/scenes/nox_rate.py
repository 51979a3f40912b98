from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis
DIRTY = engine(AXIS, name="dirty", lb_per_mwh={"nox": 0.4}, capital_usd_per_yr=1_000.0)
PEAKER = engine(AXIS, name="peaker", lb_per_mwh={"nox": 0.3}, n_max=1, capital_usd_per_yr=9e9)
CLEAN = engine(AXIS, name="clean", lb_per_mwh={"nox": 0.14})
SMALL = engine(AXIS, name="small", rating_mw=10.0, lb_per_mwh={"nox": 3.0})
DIESEL = engine(AXIS, name="diesel", fuel="diesel", lb_per_mwh={"nox": 9.0})
CASE = three_days(grid=None, units=(DIRTY, CLEAN, PEAKER))
WEST = {"region": "west"}


def is_clean(with_it: Solved, without: Solved) -> bool:
    """The cheap engine emits too much, so the other one is built."""
    return with_it.plan.units.tolist() == [0, 10, 0] and without.plan.units.tolist() == [10, 0, 0]


SCENE = Scene(
    id="air.nox-rate",
    case=CASE,
    changes=is_clean,
    rows=("not_built", "peaker_of_fleet[0]", "peaker[0]"),
    applies=(
        (CASE, {}, True, "in the east; for few hours alone: peaker; above their limit: dirty"),
        (CASE, WEST, True, "in the west; for few hours alone: peaker; above their limit: dirty"),
        (three_days(units=(SMALL,)), {}, True, "above their limit: small"),
        (three_days(units=(SMALL,)), WEST, True, "gas units are on offer in the west"),
        (three_days(units=(SMALL,), longitude=-102.0), {}, True, "in the west"),
        (three_days(units=(DIESEL,)), {}, False, "no gas unit"),
    ),
)
