import pytest
from rules.kit import Scene, Solved, three_days


def is_charged(with_it: Solved, without: Solved) -> bool:
    """At no interest, 50,000 * 1.5 % for 3 of 30 years is 75 USD a year for each MW."""
    charged = with_it.verification.costs_usd["rules"]
    assert charged == pytest.approx(75.0 * with_it.plan.withdrawal_mw)
    return with_it.cost_usd == pytest.approx(without.cost_usd + charged)


CASE = three_days(wacc=0.0)

SCENE = Scene(
    id="sb6.security",
    case=CASE,
    changes=is_charged,
    asks=False,
    applies=(
        (CASE, {}, True, "USD 50,000 for each MW"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
