"""Time the loss of load of one fleet over a year, after what does not depend on it is prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from optmix.reliability import Adequacy, System, UnitClass
from optmix.reliability.states import class_states

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

HOURS = 8760
TYPES = (("engine", 4.5, 0.0171), ("aero", 18.8, 0.0217), ("turbine", 48.0, 0.0217))

FLEETS = {
    "50-units": ((40, 8, 2), 300.0),
    "300-units": ((240, 50, 10), 2_200.0),
    "300-large-units": ((100, 100, 100), 6_500.0),
}
"""Units of each type, and the peak of demand in MW."""


def adequacy(peak_mw: float, *, by_weather: bool) -> Adequacy:
    steps = np.arange(HOURS)
    day, season = np.cos(steps * (2 * np.pi / 24)), np.cos(steps * (2 * np.pi / HOURS))
    load_mw = peak_mw * (0.9 + 0.07 * day + 0.03 * season)
    derate = 1.0 - 0.05 * (day + season + 2.0) if by_weather else np.ones(HOURS)
    units = tuple(
        UnitClass(name, 0, mw * derate, np.full(HOURS, q), 40.0, np.zeros(HOURS, np.int64))
        for name, mw, q in TYPES
    )
    return Adequacy(
        System(1.0, load_mw, np.zeros(HOURS), steps * 0, steps // 24, np.ones(HOURS), units)
    )


@pytest.mark.timeout(0)
@pytest.mark.parametrize("by_weather", [False, True], ids=["constant", "by-weather"])
@pytest.mark.parametrize("fleet", FLEETS)
def test_loss_of_a_fleet(benchmark: BenchmarkFixture, fleet: str, by_weather: bool) -> None:
    """No two fleets of a search are alike, so binomials are computed anew in every round."""
    counts, peak_mw = FLEETS[fleet]
    prepared = adequacy(peak_mw, by_weather=by_weather)
    benchmark.group = "loss of load of a fleet"
    rounds = 3 if by_weather else 30
    found = benchmark.pedantic(
        prepared.loss,
        args=(counts,),
        setup=class_states.cache_clear,
        rounds=rounds,
        warmup_rounds=1,
    )
    benchmark.extra_info |= {"size": fleet, "phase": f"loss {'by weather' * by_weather}".strip()}
    assert found.is_exact
