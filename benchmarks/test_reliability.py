"""Time the loss of load of one fleet over a year: by tables, with a battery, and simulated.

What does not depend on the fleet is prepared before, and compiled code is warm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from optmix.reliability import Adequacy, Storage, System, UnitClass
from optmix.reliability.battery import assess_with_storage
from optmix.reliability.pool import pool_of
from optmix.reliability.sequential import simulate_years
from optmix.reliability.soc_chain import SocChain
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


def with_battery(n_aero: int) -> System:
    """Return 19 units and 20 MW of storage on a load of 100 MW at most, better than five nines."""
    steps = np.arange(HOURS)
    day, season = np.cos(steps * (2 * np.pi / 24)), np.cos(steps * (2 * np.pi / HOURS))
    load_mw = 100.0 * (0.9 + 0.07 * day + 0.03 * season)
    units = tuple(
        UnitClass(name, n, np.full(HOURS, mw), np.full(HOURS, q), 60.0, np.zeros(HOURS, np.int64))
        for (name, mw, q), n in zip(TYPES, (15, n_aero, 1), strict=True)
    )
    storage = (Storage("battery", 1, 20.0, 80.0, eta_charge=0.86),)
    day_of, once = steps // 24, np.ones(HOURS)
    return System(1.0, load_mw, 0 * once, 0 * steps, day_of, once, units, storage)


@pytest.mark.timeout(0)
def test_battery_to_one_per_cent(benchmark: BenchmarkFixture) -> None:
    """Estimate loss of load to 1 % at the confidence of all estimates, at five nines."""
    system = with_battery(4)
    benchmark.group = "loss of load with a battery"
    found = benchmark.pedantic(
        assess_with_storage,
        args=(system, 0.01),
        kwargs={"method": "estimate"},
        rounds=3,
        warmup_rounds=1,
    )
    benchmark.extra_info |= {"size": "20-units", "phase": "estimate with battery, 1 %"}
    assert found.availability.low > 0.99999
    assert found.lole_h.width < 0.0205 * found.lole_h.value


@pytest.mark.timeout(0)
@pytest.mark.parametrize("rounding", ["down", "up"])
def test_one_bound_of_the_chain(
    benchmark: BenchmarkFixture, rounding: Literal["down", "up"]
) -> None:
    system = with_battery(4)
    chain = SocChain.build(system, pool_of(system), 1e-12)
    assert chain is not None
    benchmark.group = "loss of load with a battery"
    found = benchmark.pedantic(chain.run, args=(200, rounding), rounds=3, warmup_rounds=1)
    told = f"bound {rounding}, {chain.size} counts, 200 bins"
    benchmark.extra_info |= {"size": "20-units", "phase": told}
    assert found.lole_h > 0


@pytest.mark.timeout(0)
@pytest.mark.parametrize("is_stored", [False, True], ids=["units alone", "with battery"])
def test_sequential_years(benchmark: BenchmarkFixture, *, is_stored: bool) -> None:
    """Simulate 1,000 years of 50 units: seconds are milliseconds a year."""
    counts, peak_mw = FLEETS["50-units"]
    base = adequacy(peak_mw, by_weather=False).system
    units = tuple(replace(unit, count=n) for unit, n in zip(base.units, counts, strict=True))
    storage = (Storage("battery", 1, 20.0, 80.0, eta_charge=0.86),) if is_stored else ()
    system = replace(base, units=units, storage=storage)
    benchmark.group = "1,000 sequential years"
    found = benchmark.pedantic(
        simulate_years, args=(system, 1_000), kwargs={"seed": 1}, rounds=2, warmup_rounds=1
    )
    phase = f"1,000 years{' with battery' * is_stored}"
    benchmark.extra_info |= {"size": "50-units", "phase": phase}
    assert found.lole_h >= 0
