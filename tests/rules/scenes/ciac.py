import pytest
from rules.kit import Scene, Solved, three_days

QUOTED = {"ciac_fixed_usd": 3_000_000.0, "ciac_usd_per_mw": 30_000.0}


def is_charged(with_it: Solved, without: Solved) -> bool:
    """At no interest, a thirtieth a year of 3 million and of 30,000 for each MW."""
    charged = with_it.verification.costs_usd["rules"]
    assert charged == pytest.approx(100_000.0 + 1_000.0 * with_it.plan.withdrawal_mw)
    return with_it.cost_usd == pytest.approx(without.cost_usd + charged)


CASE = three_days(wacc=0.0)

SCENE = Scene(
    id="sb6.ciac",
    case=CASE,
    params=QUOTED,
    changes=is_charged,
    asks=False,
    applies=(
        (CASE, QUOTED, True, "a contribution is given"),
        (CASE, {}, False, "no contribution is given"),
        (three_days(grid=None), QUOTED, False, "islanded"),
    ),
)
