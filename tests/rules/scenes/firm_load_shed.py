import datetime as dt
from dataclasses import replace

from model.cases import make_battery
from rules.kit import Scene, Solved, hours, three_days


def is_cut_at_once(with_it: Solved, without: Solved) -> bool:
    """Import ends in the event, and is covered on site in every other step."""
    mask = with_it.case.events["firm_load_shed"]
    cover = with_it.plan.cover_mw.sum(axis=0)
    headroom = 12.0 * with_it.plan.online[0] - with_it.plan.output_mw[0]
    return (
        with_it.plan.import_mw[mask].max() <= 1e-6
        and (cover + headroom >= with_it.plan.import_mw - 1e-4).all()
        and without.plan.import_mw[mask].min() > 0
    )


PLAIN = three_days(batteries=(make_battery(n_max=20, module_mw=4.0, usable_mwh=8.0),))
CASE = three_days(batteries=PLAIN.batteries, events={"firm_load_shed": hours(PLAIN, 2, 3, 4, 23)})


def energized(date: dt.date) -> object:
    return three_days(grid=replace(PLAIN.grid, energization_date=date))


SCENE = Scene(
    id="sb6.firm-load-shed",
    case=CASE,
    changes=is_cut_at_once,
    rows=("import_capped", "ride_through"),
    applies=(
        (PLAIN, {}, True, "no energization_date"),
        (PLAIN, {}, True, "no event hours fall into the horizon: nothing to check but the reserve"),
        (CASE, {}, True, "; 12 event hours"),
        (energized(dt.date(2026, 1, 1)), {}, True, "after 2025-12-31; "),
        (energized(dt.date(2025, 12, 31)), {}, False, "energized on 2025-12-31, by 2025-12-31"),
        (PLAIN, {"is_transmission_voltage": False}, False, "transmission voltage"),
        (PLAIN, {"is_critical": True}, False, "critical"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
