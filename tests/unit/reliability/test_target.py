"""A target inside the sizing: proofs, planes and weeks against counting every state."""

import itertools
import math
from functools import cache

import numpy as np
import pytest
from fakes.target import least_losses, losses, schedules, site
from model.cases import changed, make_axis, make_battery, make_case, make_grid, make_unit

from optmix.data.case import Case
from optmix.data.reliability import FailureData, LossLimit, SharedOutage
from optmix.reliability import Fleet
from optmix.reliability.refusal import Refusal
from optmix.reliability.target import SizingTarget

LIMITS = [
    LossLimit(availability=0.98),
    LossLimit(lole_h=600.0),
    LossLimit(eue_mwh=900.0),
    LossLimit(eue_ppm=20_000.0),
]


def target_of(case: Case) -> SizingTarget:
    found = SizingTarget.of(case)
    assert found is not None
    return found


def fleet(case: Case, counts: tuple[int, ...], modules: tuple[int, ...] = ()) -> Fleet:
    return Fleet(
        {unit.name: n for unit, n in zip(case.units, counts, strict=True)},
        {item.name: n for item, n in zip(case.batteries, modules, strict=True)},
    )


def every_count(case: Case) -> list[tuple[int, ...]]:
    return list(itertools.product(*(range(unit.n_max + 1) for unit in case.units)))


def is_refused(refusal: Refusal, case: Case, counts: tuple[int, ...]) -> bool:
    most = [refusal.most_units[unit.name] for unit in case.units]
    return all(n <= limit for n, limit in zip(counts, most, strict=True))


def limits_of(case: Case) -> tuple[float, float]:
    hours = case.axis.hours_per_year
    allowed = target_of(case).allowed(float(hours @ case.demand_mw), float(hours.sum()))
    return (
        math.inf if allowed.lole_h is None else allowed.lole_h,
        math.inf if allowed.eue_mwh is None else allowed.eue_mwh,
    )


def is_within(found: tuple[float, float], limits: tuple[float, float]) -> bool:
    return all(a <= b for a, b in zip(found, limits, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_refused_misses_the_target_under_every_schedule(seed: int) -> None:
    random = np.random.default_rng(seed)
    mode = "none" if seed % 4 == 3 else "scheduled"
    case = site(random, LIMITS[seed % len(LIMITS)], n_types=2 + seed % 2, n_max=2, mode=mode)
    target, limits = target_of(case), limits_of(case)
    least = cache(lambda counts: least_losses(case, counts))
    for counts in every_count(case):
        refusals = target.refuse_all(fleet(case, counts))
        for refusal in refusals:
            assert is_refused(refusal, case, counts)
            for smaller in every_count(case):
                if is_refused(refusal, case, smaller):
                    assert not is_within(least(smaller), limits)
        if not refusals and math.isfinite(least(counts)[0]):
            # Nothing is lost but by the relaxation of whole weeks, so near misses alone remain.
            assert is_within(tuple(0.7 * loss for loss in least(counts)), limits)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_weeks_are_those_of_all_schedules(seed: int) -> None:
    random = np.random.default_rng(100 + seed)
    limit = LIMITS[1 + seed % 2]
    case = site(random, limit, n_types=2)
    row = 0 if limit.lole_h is not None else 1
    for counts in ((2, 2), (3, 1)):
        if not any(True for _ in schedules(case, counts)):
            continue
        weeks = target_of(case).best_weeks(fleet(case, counts))
        assert any(np.array_equal(weeks, each) for each in schedules(case, counts))
        total = sum(
            losses(case, (np.array(counts) - weeks[:, k]).tolist(), k)[row]
            for k in range(weeks.shape[1])
        )
        assert total == pytest.approx(least_losses(case, counts)[row], rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_an_accepted_fleet_is_within_the_target_with_its_weeks(seed: int) -> None:
    case = site(np.random.default_rng(200 + seed), LIMITS[seed % len(LIMITS)], n_types=2)
    target, limits = target_of(case), limits_of(case)
    for counts in every_count(case):
        if not any(True for _ in schedules(case, counts)):
            continue
        weeks = target.best_weeks(fleet(case, counts))
        parts = [
            losses(case, (np.array(counts) - weeks[:, k]).tolist(), k)
            for k in range(weeks.shape[1])
        ]
        total = (sum(part[0] for part in parts), sum(part[1] for part in parts))
        verdict = target.assess(fleet(case, counts), weeks)
        assert verdict.meets == is_within(total, limits)
        assert verdict.result.lole_h.value == pytest.approx(total[0], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_no_fleet_within_the_target_is_below_a_plane(seed: int) -> None:
    random = np.random.default_rng(300 + seed)
    mode, n_max = ("none", 3) if seed % 2 else ("scheduled", 2)
    case = site(random, LIMITS[seed // 2], n_types=2 + seed % 2, n_max=n_max, mode=mode)
    cost = {unit.name: float(random.integers(1, 9)) for unit in case.units}
    limits, planes = limits_of(case), target_of(case).planes(cost, {})
    assert len(planes) == 3
    weights = [
        [
            sum(
                plane.unit_weight[unit.name] * n for unit, n in zip(case.units, counts, strict=True)
            )
            for plane in planes
        ]
        for counts in every_count(case)
        if is_within(least_losses(case, counts), limits)
    ]
    if not weights:
        return
    for plane, least in zip(planes, np.min(weights, axis=0).tolist(), strict=True):
        assert 0.3 * least < plane.least <= least * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_no_fleet_with_storage_that_is_accepted_is_refused_or_below_a_plane(seed: int) -> None:
    random = np.random.default_rng(400 + seed)
    case = site(
        random, LIMITS[seed], n_types=1, mode="none" if seed % 2 else "scheduled", n_batteries=1
    )
    target = target_of(case)
    planes = target.planes({case.units[0].name: 3.0}, {case.batteries[0].name: 1.0})
    both = set()
    for n, modules in itertools.product(range(4), range(3)):
        asked = fleet(case, (n,), (modules,))
        refusals = target_of(case).refuse_all(asked)
        if not any(True for _ in schedules(case, (n,))):
            continue
        meets = target.assess(asked, target.best_weeks(asked)).meets
        both.add(meets)
        if meets:
            assert not refusals
            for plane in planes:
                reached = n * plane.unit_weight[case.units[0].name]
                reached += modules * plane.module_weight[case.batteries[0].name]
                assert reached >= plane.least * (1 - 1e-9) - 1e-9
    assert both


def test_a_battery_helps_a_fleet_out_of_a_refusal() -> None:
    """One of two engines serves 5 MW; a battery bridges what little the repair takes."""
    axis = make_axis((336,), week=np.repeat([0, 1], 168).tolist())
    unit = make_unit(axis, n_max=2, forced_outage_frac=0.02, mttr_h=2.0)
    case = make_case(
        axis,
        units=(unit,),
        batteries=(make_battery(module_mw=5.0, usable_mwh=60.0, module_mwh=60.0, n_max=2),),
        demand_mw=5.0,
        failures=FailureData(target=LossLimit(lole_h=1.0)),
    )
    target = target_of(case)
    bare = target.refuse(fleet(case, (2,), (0,)))
    assert bare is not None
    assert bare.most_units == {"engine": 2}
    assert bare.most_modules == {"lfp": 0}
    assert target.refuse(fleet(case, (2,), (1,))) is None
    assert target.assess(fleet(case, (2,), (1,))).meets
    # The proof is by the way to run it: as a unit without end the battery would serve everything.
    weak = target.refuse(fleet(case, (0,), (2,)))
    assert weak is not None
    assert weak.most_modules == {"lfp": 2}
    assert weak.lole_low_h > 1.0


def test_a_common_cause_that_breaks_the_target_alone_is_named() -> None:
    case = site(np.random.default_rng(1), LossLimit(availability=0.9999))
    names = tuple(unit.name for unit in case.units)
    cause = SharedOutage("gas supply", 2.0, 24.0, names)
    broken = changed(case, failures=FailureData(shared=(cause,), target=case.failures.target))
    words = target_of(broken).why_impossible()
    assert words is not None
    assert 'common cause "gas supply"' in words
    assert "target of 0.876 h" in words


def test_a_target_that_the_largest_fleet_misses_is_impossible() -> None:
    case = site(np.random.default_rng(2), LossLimit(eue_mwh=1e-9))
    words = target_of(case).why_impossible()
    assert words is not None
    assert "largest fleet on offer" in words
    assert "MWh unserved a year" in words
    assert (
        target_of(site(np.random.default_rng(2), LossLimit(lole_h=8000.0))).why_impossible() is None
    )


def test_without_a_target_there_is_nothing_to_ask() -> None:
    case = changed(site(np.random.default_rng(3), LIMITS[0]), failures=FailureData())
    assert SizingTarget.of(case) is None


def test_withdrawal_is_raised_as_far_as_it_does_not_help() -> None:
    case = site(np.random.default_rng(4), LossLimit(lole_h=1.0))
    tie = make_grid(case.axis, withdrawal_max_mw=2.0, outages_per_year=1.0, outage_mean_h=5.0)
    case = changed(case, grid=tie)
    refusal = target_of(case).refuse(fleet(case, (0, 0)))
    assert refusal is not None
    assert refusal.most_withdrawal_mw == 2.0
