"""Tables that contradict themselves or each other."""

from bad_input.kit import GOOD, PROFILE, BadInput, added, changed, text

TABLES: tuple[BadInput, ...] = (
    BadInput(
        "no-demand", changed(PROFILE, ""), "demand has 0 sources", "site.toml:15", "exactly one"
    ),
    BadInput(
        "two-demands",
        changed("peak_mw = 20", 'peak_mw = 20\nseries = { file = "d.csv", column = "x" }'),
        "demand has 2 sources: series, profile",
        "site.toml:15",
        "exactly one",
    ),
    BadInput(
        "profile-without-peak",
        changed("peak_mw = 20\n", ""),
        '"flat" has no peak_mw',
        "site.toml:16",
        "in MW",
    ),
    BadInput(
        "it-load-without-pue",
        changed(PROFILE, 'it_series = { file = "d.csv", column = "x" }\n'),
        "it_series has no pue",
        "site.toml:16",
        "[demand.pue]",
        "pue =",
    ),
    BadInput(
        "pue-on-gross-demand",
        changed(PROFILE, 'series = { file = "d.csv", column = "x" }\npue = { base = 1.2 }\n'),
        "gross demand already",
        "site.toml:17",
        "it_series or profile",
        "IT load",
    ),
    BadInput(
        "tier-name-twice",
        changed(
            PROFILE,
            PROFILE + 2 * '[[demand.flexible]]\nname = "a"\nfrac = 0.1\ncost_usd_per_mwh = 50\n',
        ),
        '"a" stands twice',
        "site.toml:23",
    ),
    BadInput(
        "two-weathers",
        added('[weather]\nepw = "x.epw"\nclimate = "midland"\n'),
        "weather has 2 sources: epw, climate",
        "site.toml:36",
        "at most one",
    ),
    BadInput(
        "withdrawal-upside-down",
        changed("= 10\n", "= 10\nwithdrawal_min_mw = 20\n"),
        "withdrawal_min_mw is 20, withdrawal_max_mw 10",
        "site.toml:32",
        "at most",
    ),
    BadInput(
        "target-without-figure",
        added('[reliability]\ntarget = "nines"\n'),
        'the target "nines" has no figure',
        "site.toml:35",
        "availability",
        "0.9999",
    ),
    BadInput(
        "figure-of-another-target",
        added('[reliability]\ntarget = "lole"\nlole_h_per_yr = 2.4\navailability = 0.999\n'),
        'availability is given, but the target is "lole"',
        "site.toml:37",
        "only",
        "nines",
    ),
    BadInput(
        "availability-in-percent",
        added('[reliability]\ntarget = "nines"\navailability = 99.99\n'),
        "availability is 99.99",
        "site.toml:36",
        "below 1",
        "0.9999",
    ),
    BadInput(
        "potential-without-cap",
        added('[emissions.nox]\nbasis = "pte"\n'),
        "without a cap_tpy",
        "site.toml:35",
        "cap_tpy",
    ),
    BadInput(
        "blackout-week-0",
        added("[maintenance]\nblackout_weeks = [0]\n"),
        "blackout_weeks[0] is 0",
        "site.toml:35",
        "from 1 to 53",
    ),
    BadInput(
        "blackout-week-twice",
        added("[maintenance]\nblackout_weeks = [7, 7]\n"),
        "blackout_weeks holds 7 twice",
        "site.toml:35",
        "once",
    ),
    BadInput(
        "probabilities-of-years",
        added(
            "".join(f'[[operating_year]]\nname = "{name}"\nprobability = 0.6\n' for name in "ab")
        ),
        "add up to 1.2",
        "site.toml:34",
        "add up to 1",
    ),
    BadInput(
        "year-name-twice",
        added(2 * '[[operating_year]]\nname = "a"\nprobability = 0.5\n'),
        '"a" stands twice',
        "site.toml:38",
    ),
    BadInput(
        "grid-price-of-a-year-without-grid",
        text(
            GOOD.partition("[grid]")[0]
            + '[[operating_year]]\nname = "a"\nprobability = 1\nenergy_price = 9\n'
        ),
        "has energy_price, and the site no [grid]",
        "site.toml:33",
        "[grid]",
    ),
    BadInput(
        "unknown-rule-pack",
        added('[rules]\npack = "tx-2026"\n'),
        'pack is the text "tx-2026"',
        "site.toml:35",
        '"tx-2026-10"',
        '"tx-2026-10"',
    ),
    BadInput(
        "rule-without-quotes",
        added('[rules.air.site-tpy]\nlane = "minor"\n'),
        "air",
        "site.toml:34",
        '[rules."air.site-tpy"]',
        '[rules."air.site-tpy"]',
    ),
    BadInput(
        "hours-and-steps",
        changed("hours = 24", "hours = 24\nstep_h = 5"),
        "4.8 steps of 5 h",
        "site.toml:13",
        "whole number of steps",
    ),
)
