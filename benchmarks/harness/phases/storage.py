"""Reliability with storage, on one fleet of five nines whatever the size of the site.

`storage` is the estimate to 1 % with 99.9 % confidence; `sequential` is 1,000 plain years of 50
units, so its time in seconds is that of a year in milliseconds.
"""

import numpy as np
from harness.registry import Phase, register
from harness.subject import Subject

from optmix.reliability import ReliabilityResult, Storage, System, UnitClass
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.sequential import SequentialEstimate, simulate_years

HOURS = 8760
YEARS = 1_000
ACCURACY = 0.01
FIVE_NINES_H = 1e-5 * HOURS
TYPES = ((4.5, 2300.0, 40.0), (18.8, 3250.0, 72.0), (48.0, 3250.0, 120.0))


def system(counts: tuple[int, int, int], storage: tuple[Storage, ...]) -> System:
    """Return a site of 100 MW at its peak, with load that follows day and season."""
    hour = np.arange(HOURS)
    load = 90.0 - 6.0 * np.cos(hour * 2 * np.pi / HOURS) - 4.0 * np.cos(hour * 2 * np.pi / 24)
    units = tuple(
        UnitClass(
            name=f"{mw:g} MW",
            count=count,
            capacity_mw=np.full(HOURS, mw),
            outage_frac=np.full(HOURS, mttr_h / (mttf_h + mttr_h)),
            mttr_h=mttr_h,
            in_maintenance=hour * 0,
        )
        for count, (mw, mttf_h, mttr_h) in zip(counts, TYPES, strict=True)
    )
    zeros = np.zeros(HOURS)
    return System(1.0, load, zeros, hour * 0, hour // 24, zeros + 1.0, units, storage)


FIVE_NINES = system((13, 4, 1), (Storage("battery", 8, 2.5, 6.0, 0.93, 0.93),))
FIFTY_UNITS = system((40, 8, 2), (Storage("battery", 8, 2.5, 10.0, 0.93, 0.93),))


def estimate(_subject: Subject) -> ReliabilityResult:
    return assess_with_storage(FIVE_NINES, ACCURACY, method="estimate")


def reached(result: ReliabilityResult) -> dict[str, float]:
    """Refuse an estimate that is not as close as it says, or of another number of nines."""
    value, width = result.lole_h.value, result.lole_h.width
    if not 0.1 * FIVE_NINES_H < value < FIVE_NINES_H:
        raise AssertionError(f"{value:g} h are not five nines")
    if width > 2 * ACCURACY * value:
        raise AssertionError(f"the interval is {width / value:.2%} wide")
    return {"lole_h": value, "relative_width": width / value}


def simulate(_subject: Subject) -> SequentialEstimate:
    return simulate_years(FIFTY_UNITS, YEARS, seed=1)


register(
    Phase("storage", order=7, run=estimate, figures=reached, rounds={"tutorial": 3, "year": 5})
)
register(Phase("sequential", order=8, run=simulate, rounds={"year": 3}))
