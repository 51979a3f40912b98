import datetime as dt
from dataclasses import replace

from rules.kit import Scene, Solved, three_days

CASE = three_days()
SECOND_DAY = {"energization_date": dt.date(2025, 7, 2), "withdrawal_by_year_mw": (60.0, 120.0)}
ENERGIZED = three_days(grid=replace(CASE.grid, energization_date=dt.date(2025, 7, 3)))
A_YEAR_LATER = replace(
    CASE.grid, energization_date=dt.date(2025, 7, 2), operation_start=dt.date(2026, 7, 2)
)


def is_granted(with_it: Solved, without: Solved) -> bool:
    """Ten engines carry the first day; from the second on the grid gives 60 MW."""
    imported = with_it.plan.import_mw
    return (
        with_it.plan.units.tolist() == [10]
        and imported[:8].max() <= 1e-6
        and 0 < imported[8:].max() <= 60.0 + 1e-6
        and without.plan.import_mw.min() > 60.0
    )


SCENE = Scene(
    id="tx.batch-timeline",
    case=CASE,
    params=SECOND_DAY,
    changes=is_granted,
    rows=("import_capped",),
    applies=(
        (CASE, SECOND_DAY, True, "energized on 2025-07-02"),
        (ENERGIZED, {}, True, "energized on 2025-07-03"),
        (CASE, {"withdrawal_by_year_mw": (60.0,)}, True, "energized from the start"),
        (three_days(grid=A_YEAR_LATER), {}, False, "no step of the horizon is limited"),
        (CASE, {}, False, "no energization_date"),
        (three_days(grid=None), SECOND_DAY, False, "islanded"),
    ),
)
