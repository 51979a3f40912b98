from rules.kit import Scene, Solved, hours, three_days

PCLR = {"metering": "pclr", "low_power_mw": 20.0}
PLAIN = three_days()
CASE = three_days(events={"grid_constraint": hours(PLAIN, 5, 6)})


def is_at_low_power(with_it: Solved, without: Solved) -> bool:
    """Of 120 MW the grid gives 20; nine engines of 12 MW carry the rest."""
    mask = with_it.case.events["grid_constraint"]
    return (
        with_it.plan.units.tolist() == [9]
        and with_it.plan.import_mw[mask].max() <= 20.0 + 1e-6
        and without.plan.import_mw[mask].min() > 20.0
    )


SCENE = Scene(
    id="ercot.controllable-load",
    case=CASE,
    params=PCLR,
    changes=is_at_low_power,
    rows=("import_capped",),
    applies=(
        (CASE, PCLR, True, "6 constrained hours are given"),
        (PLAIN, PCLR, True, "constrained hours are drawn"),
        (PLAIN, {**PCLR, "events_per_year": 0}, False, "no constraint"),
        (CASE, {}, False, 'metering is "standard"'),
        (three_days(grid=None), PCLR, False, "islanded"),
    ),
)
