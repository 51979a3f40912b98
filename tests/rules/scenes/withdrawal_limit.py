from rules.kit import Scene, Solved, three_days

WLPUN = {"metering": "wlpun", "withdrawal_limit_mw": 60.0}


def is_limited(with_it: Solved, without: Solved) -> bool:
    """With 60 MW of import, 60 MW is left to engines of 12 MW: five, and one that may be lost."""
    return (
        with_it.plan.import_mw.max() <= 60.0 + 1e-6
        and with_it.plan.units.tolist() == [6]
        and without.plan.import_mw.max() > 60.0
    )


CASE = three_days()

SCENE = Scene(
    id="ercot.withdrawal-limit",
    case=CASE,
    params=WLPUN,
    changes=is_limited,
    rows=("contract_limited", "loss_within_limit"),
    applies=(
        (CASE, {}, False, 'metering is "standard"'),
        (CASE, WLPUN, True, 'metering is "wlpun"'),
        (three_days(grid=None), WLPUN, False, "islanded"),
    ),
)
