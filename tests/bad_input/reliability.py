"""Bad figures of reliability: impossible rates and times, targets, and names of what fails."""

from bad_input.kit import BadInput, added, changed, in_battery, in_unit


def cause(more: str) -> str:
    return f'[[reliability.common_cause]]\nname = "gas"\n{more}\n'


RELIABILITY: tuple[BadInput, ...] = (
    BadInput(
        "always-out",
        in_unit("forced_outage_frac = 1.0"),
        "forced_outage_frac is 1",
        "site.toml:25",
        "below 1",
    ),
    BadInput(
        "outage-rate-in-percent",
        in_unit("forced_outage_frac = 2.5"),
        "forced_outage_frac is 2.5",
        "site.toml:25",
    ),
    BadInput("no-time-to-repair", in_unit("mttr_h = 0"), "mttr_h is 0", "site.toml:25", "above 0"),
    BadInput("negative-time-to-repair", in_battery("mttr_h = -4"), "mttr_h is -4", "site.toml:29"),
    BadInput(
        "mean-times-that-contradict",
        in_unit("forced_outage_frac = 0.025\nmttf_h = 2300\nmttr_h = 40"),
        "make a forced outage rate of 0.01709",
        "site.toml:26",
        "mttr_h / (mttf_h + mttr_h)",
        "0.01709",
    ),
    BadInput(
        "target-of-1",
        added('[reliability]\ntarget = "nines"\navailability = 1.0\n'),
        "availability is 1",
        "site.toml:36",
        "below 1",
    ),
    BadInput(
        "two-energy-targets",
        added('[reliability]\ntarget = "eue"\neue_mwh_per_yr = 1\neue_ppm = 1\n'),
        "eue_mwh_per_yr and eue_ppm are both given",
        "site.toml:37",
        "one of the two",
    ),
    BadInput(
        "cause-that-lasts-all-year",
        added(cause('outages_per_year = 400\nmean_h = 24\naffects = ["g3520k"]')),
        "400 outages of 24 h in a year last all of it",
        "site.toml:37",
        "below 8,760 h",
    ),
    BadInput(
        "tie-that-is-always-out",
        changed("= 10\n", "= 10\noutages_per_year = 8760\noutage_mean_h = 1\n"),
        "8760 outages of 1 h in a year last all of it",
        "site.toml:33",
        "outage_mean_h",
    ),
    BadInput(
        "cause-of-nothing",
        added(cause("outages_per_year = 1\nmean_h = 24\naffects = []")),
        "affects",
        "site.toml:38",
        "at least 1",
    ),
    BadInput(
        "cause-of-a-stranger",
        added(cause('outages_per_year = 1\nmean_h = 24\naffects = ["g3520"]')),
        '"g3520" is not on offer',
        "site.toml:38",
        "g3520k, lfp-2h, grid",
        '"g3520k"',
    ),
    BadInput(
        "one-cause-twice",
        added(2 * cause('outages_per_year = 1\nmean_h = 24\naffects = ["grid"]')),
        '"gas" stands twice',
        "site.toml:40",
        "of its own",
    ),
    BadInput(
        "battery-on-standby",
        added('[reliability]\nstandby = ["lfp-2h"]\n'),
        '"lfp-2h" is not on offer',
        "site.toml:35",
        "g3520k",
    ),
    BadInput(
        "unknown-outage-curve",
        added('[reliability]\noutage_temperature = "murphy"\n'),
        "outage_temperature is",
        "site.toml:35",
        "murphy-2019",
    ),
    BadInput(
        "every-outage-common",
        added("[reliability]\nbeta_frac = 1.0\n"),
        "beta_frac is 1",
        "site.toml:35",
        "below 1",
    ),
)
