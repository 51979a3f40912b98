import pytest
from rules.kit import Scene, Solved, three_days

from optmix.data.finance import capital_recovery_factor


def is_charged(with_it: Solved, without: Solved) -> bool:
    """The fee is paid off over 30 years, and changes nothing else here."""
    fee = 100_000.0 * capital_recovery_factor(0.09, 30.0)
    assert with_it.verification.costs_usd["rules"] == pytest.approx(fee)
    return with_it.cost_usd == pytest.approx(without.cost_usd + fee)


LARGE = {"large_fee_usd": 300_000.0, "large_from_mw": 120.0}

SCENE = Scene(
    id="sb6.study-fee",
    case=three_days(),
    changes=is_charged,
    asks=False,
    applies=(
        (three_days(), {}, True, "USD 100,000 if"),
        (three_days(), LARGE, True, "USD 300,000 if"),
        (three_days(demand_mw=119.0), LARGE, True, "USD 100,000 if"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
