"""Which engine answers, and what the answer says."""

import numpy as np
import pytest
from fakes.storage import every_part, small

from optmix.errors import InputError
from optmix.reliability import Storage, System
from optmix.reliability.battery import Target, assess_with_storage
from optmix.reliability.bounds import Bounds
from optmix.reliability.bracket import bracket
from optmix.reliability.result import Interval
from optmix.reliability.sequential import simulate_years

LOAD = 24.0 + 6.0 * np.sin(np.arange(168) * 2 * np.pi / 24)
BATTERY = Storage("battery", 2, 4.0, 9.0, 0.9, 0.95)


def site(battery: Storage | None = BATTERY) -> System:
    return small(LOAD, 4, 10.0, battery, outage_frac=0.05)


def test_tables_bracket_what_proven_bounds_enclose() -> None:
    wide = bracket(site(), 1e-3)
    found = assess_with_storage(site(), 0.02, method="exact")
    assert found.kind == "certified"
    assert "bins" in found.method
    assert wide.lole_low_h < found.lole_h.low <= found.lole_h.value <= found.lole_h.high
    assert found.lole_h.high < wide.lole_high_h
    assert found.lole_h.width < 0.02 * found.lole_h.high
    assert wide.eue_low_mwh < found.eue_mwh.low < found.eue_mwh.high < wide.eue_high_mwh


def test_both_engines_together_give_proven_hours_and_an_estimated_frequency() -> None:
    found = assess_with_storage(site(), 0.02, seed=1)
    alone = assess_with_storage(site(), 0.02, seed=1, method="estimate")
    assert found.kind == "certified"
    assert alone.kind == "confidence"
    assert "99.9% confidence" in alone.method
    assert alone.lole_h.low < found.lole_h.value < alone.lole_h.high
    assert alone.lole_h.width < 0.041 * alone.lole_h.value
    assert found.lolf_per_yr is not None
    years = simulate_years(site(), 4_000, seed=2)
    assert found.lolf_per_yr.value == pytest.approx(years.lolf_per_yr, rel=0.1)
    assert found.hours == 168


def test_the_same_seed_gives_the_same_answer() -> None:
    one, two = (assess_with_storage(site(), 0.05, seed=5, method="estimate") for _ in range(2))
    assert one.lole_h == two.lole_h
    other = assess_with_storage(site(), 0.05, seed=6, method="estimate")
    assert other.lole_h != one.lole_h


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_a_target_is_decided_on_the_right_side(factor: float) -> None:
    truth = assess_with_storage(site(), 0.02, method="exact")
    for target in (
        Target(lole_h=factor * truth.lole_h.value),
        Target(eue_mwh=factor * truth.eue_mwh.value),
    ):
        found = assess_with_storage(site(), 0.02, target=target)
        assert Bounds(found.lole_h, found.eue_mwh).answers(0.02, target)
        index, limit = (
            (found.lole_h, target.lole_h) if target.lole_h else (found.eue_mwh, target.eue_mwh)
        )
        assert limit is not None
        assert (index.high <= limit) is (factor > 1)


def test_a_target_beyond_the_bracket_is_decided_by_tables() -> None:
    wide = bracket(site(), 1e-3)
    for hours in (0.5 * wide.lole_low_h, 1.5 * wide.lole_high_h):
        found = assess_with_storage(site(), 0.02, target=Target(lole_h=hours))
        assert found.kind == "certified"
        assert found.method.startswith("capacity outage tables")


def test_a_target_next_to_the_truth_is_decided_by_finer_bins() -> None:
    truth = assess_with_storage(site(), 1e-3, method="exact")
    target = Target(lole_h=1.004 * truth.lole_h.high)
    found = assess_with_storage(site(), 0.02, target=target, method="exact")
    assert found.lole_h.high <= 1.004 * truth.lole_h.high


def test_partial_outages_leave_a_confidence_interval_or_the_bracket() -> None:
    found = assess_with_storage(every_part(), 0.1)
    proven = assess_with_storage(every_part(), 0.1, method="exact")
    assert found.kind == "confidence"
    assert proven.kind == "certified"
    assert proven.lole_h.low < found.lole_h.low < found.lole_h.high < proven.lole_h.high


def test_products_of_unlike_duration_run_as_one_pool_and_say_so() -> None:
    short = Storage("short", 1, 3.0, 3.0)
    both = System(**{**vars(site()), "storage": (BATTERY, short)} | {"demand_mw": LOAD})
    found = assess_with_storage(both, 0.05, method="estimate")
    alone = assess_with_storage(site(), 0.05, method="estimate")
    assert "one pool" in found.warnings[0]
    assert found.eue_mwh.value < 1.01 * alone.eue_mwh.value
    with pytest.raises(InputError, match="unlike durations"):
        simulate_years(both, 10, seed=1)


def test_sequential_simulation_agrees_and_admits_when_it_saw_too_little() -> None:
    found = assess_with_storage(site(), 0.1, method="simulate")
    proven = assess_with_storage(site(), 0.02, method="exact")
    assert found.kind == "confidence"
    assert found.lole_h.low < proven.lole_h.value < found.lole_h.high
    safe = small(LOAD[:48], 8, 10.0, BATTERY, outage_frac=1e-4)
    found = assess_with_storage(safe, 0.1, method="simulate")
    assert "too few losses" in found.warnings[0]
    assert 0 < found.lole_h.high < 1e-6


def test_nothing_is_lost_where_units_always_suffice() -> None:
    system = small(LOAD, 4, 10.0, BATTERY, outage_frac=0.0)
    found = assess_with_storage(system, 0.01)
    assert found.lole_h == Interval(0.0, 0.0, 0.0)
    assert found.kind == "certified"


def test_a_store_too_large_for_draws_to_see_a_loss_is_left_to_the_chain() -> None:
    system = small(LOAD, 4, 10.0, Storage("huge", 1, 30.0, 400.0), outage_frac=0.02)
    found = assess_with_storage(system, 0.1)
    assert found.kind == "certified"
    assert 0 < found.lole_h.low < found.lole_h.high < 1e-4 * bracket(system, 0.1).lole_high_h
