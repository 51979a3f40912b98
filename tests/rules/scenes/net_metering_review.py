from dataclasses import replace

from rules.kit import Scene, Solved, engine, hours, three_days

AXIS = three_days().axis
OLD = engine(AXIS, name="old", n_max=5, vom_usd_per_mwh=0.0, capital_usd_per_yr=1.0)
OLD = replace(OLD, fom_usd_per_yr=0.0)
NEW = engine(AXIS, name="new")
CASE = three_days(units=(OLD, NEW), events={"emergency": hours(three_days(), 5, 6)})
LISTED = {"existing_units": ("old",)}


def is_released(with_it: Solved, without: Solved) -> bool:
    """All of 120 MW is carried by ten new engines, though old ones gave but 60 MW."""
    mask = with_it.case.events["emergency"]
    return (
        with_it.plan.units.tolist() == [5, 10]
        and with_it.plan.output_mw[0][mask].max() <= 1e-6
        and with_it.plan.import_mw[mask].max() <= 1e-6
        and without.plan.units.tolist() == [5, 0]
        and without.plan.output_mw[0][mask].min() > 0
    )


SCENE = Scene(
    id="sb6.net-metering-review",
    case=CASE,
    params=LISTED,
    changes=is_released,
    rows=("released", "import_capped", "ready_at_once"),
    applies=(
        (CASE, LISTED, True, "existing generation: old"),
        (CASE, {}, False, "new generation is outside"),
        (three_days(units=(OLD,), grid=None), LISTED, False, "islanded"),
    ),
)
