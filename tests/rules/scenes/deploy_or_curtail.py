from rules.kit import Scene, Solved, hours, three_days


def is_cut(with_it: Solved, without: Solved) -> bool:
    """Ten engines carry 120 MW in the emergency, and only then."""
    mask = with_it.case.events["emergency"]
    return (
        with_it.plan.units.tolist() == [10]
        and with_it.plan.import_mw[mask].max() <= 1e-6
        and with_it.plan.import_mw[~mask].min() > 0
        and without.plan.import_mw[mask].min() > 0
    )


PLAIN = three_days()
CASE = three_days(events={"emergency": hours(PLAIN, 5, 6, 15, 16, 17)})

SCENE = Scene(
    id="sb6.deploy-or-curtail",
    case=CASE,
    changes=is_cut,
    rows=("import_capped", "ready_at_once"),
    applies=(
        (CASE, {}, True, "15 hours of emergency are given"),
        (PLAIN, {}, True, "18 hours of emergency are drawn"),
        (PLAIN, {"events_per_year": 0}, False, "no emergency"),
        (three_days(grid=None), {}, False, "islanded"),
        (three_days(units=()), {}, False, "no generating unit"),
    ),
)
