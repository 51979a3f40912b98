from typing import Any

from rules.kit import Scene, Solved, engine, three_days

AXIS = three_days().axis


def turbine(name: str, nox_lb_per_mwh: float, **figures: Any) -> Any:
    """Return a turbine of 12 MW and 94 MMBtu/h: a medium one, 0.433 lb/MWh at 15 ppm."""
    rates = {"nox": nox_lb_per_mwh}
    return engine(AXIS, name=name, kind="industrial-turbine", lb_per_mwh=rates, **figures)


DIRTY = turbine("dirty", 1.0, capital_usd_per_yr=0.0)
LOW = turbine("low", 0.5, capital_usd_per_yr=1_000.0)
CLEAN = turbine("clean", 0.1)
CASE = three_days(grid=None, units=(DIRTY, LOW, CLEAN))


def is_by_rate(with_it: Solved, without: Solved) -> bool:
    """Of 110 MW on average, low ones give 45 % of 12 MW each: twelve and four clean ones do."""
    most_mwh = 0.45 * 12.0 * 8760.0 * 12
    used_mwh = with_it.plan.output_mw[1].sum() * 3.0 * 8760.0 / 72.0
    return (
        with_it.plan.units.tolist() == [0, 12, 4]
        and used_mwh <= most_mwh * (1 + 1e-6)
        and without.plan.units.tolist() == [10, 0, 0]
    )


SCENE = Scene(
    id="air.nsps-kkkka",
    case=CASE,
    changes=is_by_rate,
    rows=("not_built", "low_of_fleet[0]", "low[0]"),
    applies=(
        (CASE, {}, True, "dirty (not built), low (low utilisation), clean (any utilisation)"),
        (CASE, {"temporary_units": ("low",)}, True, "low (any utilisation)"),
        (CASE, {"medium_up_to_mmbtu_per_h": 90.0}, True, "low (low utilisation)"),
        (CASE, {"small_up_to_mmbtu_per_h": 94.0}, True, "low (any utilisation)"),
        (three_days(), {}, False, "no gas turbine"),
        (three_days(units=(turbine("oil", 0.1, fuel="diesel"),)), {}, False, "no gas turbine"),
    ),
)
