from rules.kit import Scene, three_days

SCENE = Scene(
    id="sb6.disclosure",
    case=three_days(),
    changes=lambda with_it, without: with_it.cost_usd == without.cost_usd,
    asks=False,
    applies=(
        (three_days(), {}, True, "asks for a connection"),
        (three_days(grid=None), {}, False, "islanded"),
    ),
)
