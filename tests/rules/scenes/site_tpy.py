from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis
DIRTY = engine(AXIS, name="dirty", capital_usd_per_yr=1_000.0, lb_per_mwh={"nox": 1.0})
CLEAN = engine(AXIS, name="clean", lb_per_mwh={"nox": 0.1})
CASE = three_days(grid=None, units=(DIRTY, CLEAN))


def is_capped(with_it: Solved, without: Solved) -> bool:
    """One engine could emit 52.56 tons at 1 lb/MWh, or 5.256 at 0.1.

    Ten are needed. With d of them dirty: 52.56 d + 5.256 (10 - d) <= 250, so d <= 4.17.
    """
    return with_it.plan.units.tolist() == [4, 6] and without.plan.units.tolist() == [10, 0]


SCENE = Scene(
    id="air.site-tpy",
    case=CASE,
    changes=is_capped,
    rows=("potential_capped",),
    applies=(
        (CASE, {}, True, 'lane is "minor-source"'),
        (CASE, {"lane": "major-source"}, False, "no cap"),
        (CASE, {"lane": "major-source", "cap_tpy": 400.0}, True, "major-source"),
        (three_days(units=()), {}, False, "no generating unit"),
    ),
)
