from model.cases import make_stock
from rules.kit import Scene, Solved, hours, three_days

PLAIN = three_days()
TANK = make_stock(
    name="lng", fuel="natural_gas", capacity_mmbtu=6_000.0, refill_max_mmbtu_per_h=100.0
)
CASE = three_days(grid=None, stocks=(TANK,), events={"gas_interruption": hours(PLAIN, 10, 11)})


def is_ridden_through(with_it: Solved, without: Solved) -> bool:
    """What is burned in the hours comes from the tank, which is dearer than the pipeline."""
    mask = with_it.case.events["gas_interruption"]
    burned = with_it.plan.fuel_mmbtu_per_h.sum(axis=0)[mask]
    withdrawn = with_it.plan.withdrawn_mmbtu_per_h[0][mask]
    return (
        burned.min() > 0
        and (withdrawn >= burned - 1e-4).all()
        and without.plan.withdrawn_mmbtu_per_h.max() <= 1e-6
    )


SCENE = Scene(
    id="fuel-security",
    case=CASE,
    changes=is_ridden_through,
    rows=("pipeline_shut",),
    applies=(
        (CASE, {}, True, "6 hours without pipeline gas are given"),
        (PLAIN, {}, False, "no interruption"),
        (three_days(units=(), events=CASE.events), {}, False, "no gas unit"),
    ),
)
