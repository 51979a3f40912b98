import pytest
from rules.kit import Scene, Solved, engine, hours, three_days

AXIS = three_days().axis
CASE = three_days(
    units=(engine(AXIS, capital_usd_per_yr=100_000.0),),
    events={"emergency": hours(three_days(), 13, 14)},
)
IN = {"opt_in": True}


def is_reduced(with_it: Solved, without: Solved) -> bool:
    """All of 120 MW is sold, and carried by ten engines for 12,500 USD a year for each MW."""
    mask = with_it.case.events["emergency"]
    assert with_it.verification.costs_usd["rules"] == pytest.approx(-42_840.0 * 120.0)
    return (
        with_it.plan.units.tolist() == [10]
        and with_it.plan.import_mw[mask].max() <= 1e-6
        and with_it.plan.import_mw[[5, 6]].min() >= 120.0 - 1e-6
        and without.plan.units.tolist() == [0]
    )


SCENE = Scene(
    id="sb6.demand-reduction",
    case=CASE,
    params=IN,
    changes=is_reduced,
    rows=("within_baseline", "within_withdrawal", "drawn_before", "reduced"),
    asks=False,
    applies=(
        (CASE, IN, True, "6 hours of calls"),
        (CASE, {**IN, "max_h_per_yr": 3.0}, True, "3 hours of calls"),
        (CASE, {}, False, "does not opt in"),
        (CASE, {"is_in_other_service": True}, False, "does not opt in"),
        (CASE, {**IN, "requested_mw": 74.0}, False, "74 MW is below 75 MW"),
        (three_days(), {**IN, "events_per_year": 0}, False, "no call"),
        (three_days(demand_mw=74.0), IN, False, "74 MW is below 75 MW"),
        (three_days(grid=None), IN, False, "islanded"),
    ),
)
