"""The least loss over all ways to run storage, against its definition."""

import itertools
import math
from functools import cache

import numpy as np
import pytest
from fakes.reliability import system_with, units_of

from optmix.reliability import Storage, System
from optmix.reliability.chains import populations
from optmix.reliability.policy import WeekPolicy
from optmix.reliability.pool import pool_of
from optmix.reliability.soc_chain import SocChain

PRECISION = 5e-4


def one_unit(
    load_mw: list[float], battery: Storage, outage_frac: float = 0.2, n: int = 2
) -> System:
    unit = units_of(len(load_mw), n, 5.0, outage_frac, name="engine", mttr_h=3.0)
    return system_with([unit], load_mw, storage=(battery,))


def bound(system: System, *, is_hours: bool = True, bins: int = 32, least_mw: float = 0.0) -> float:
    block = np.zeros(system.n_steps, dtype=np.int64)
    policy = WeekPolicy(system, block, 1e-12, is_hours=is_hours, bins=bins, least_mw=least_mw)
    return float(policy.loss(np.array([0]))[0])


def least_hours(system: System, *, is_greedy: bool = False) -> float:
    """Return the least expected hours of loss of one class, or the greedy ones, by definition."""
    (unit,), (battery,) = system.units, system.storage
    chain = populations(system)[0][0]
    most_mw = battery.modules * battery.module_mw
    most_mwh = battery.modules * battery.usable_mwh

    def change(t: int, now: int, then: int) -> float:
        fail, repair = chain.forward[t, 0, 1], chain.forward[t, 1, 0]
        total = 0.0
        for back in range(now + 1):
            new = then - (now - back)
            if 0 <= new <= unit.count - now:
                total += (
                    math.comb(now, back)
                    * repair**back
                    * (1 - repair) ** (now - back)
                    * math.comb(unit.count - now, new)
                    * fail**new
                    * (1 - fail) ** (unit.count - now - new)
                )
        return total

    @cache
    def value(t: int, out: int, stored_mwh: float) -> float:
        if t == system.n_steps:
            return 0.0

        def after(stored: float) -> float:
            if t + 1 == system.n_steps:
                return 0.0
            return sum(
                change(t + 1, out, then) * value(t + 1, then, stored)
                for then in range(unit.count + 1)
            )

        short = float(system.load_mw[t]) - 5.0 * (unit.count - out)
        if short <= 0:
            charged = min(-short, most_mw) * battery.eta_charge
            return after(min(most_mwh, stored_mwh + charged))
        needed = short / battery.eta_discharge
        can_serve = short <= most_mw and needed <= stored_mwh + 1e-9
        serve = after(stored_mwh - needed) if can_serve else math.inf
        if is_greedy:
            return serve if can_serve else 1.0 + after(0.0)
        return min(serve, 1.0 + after(stored_mwh))

    law = chain.law[0, 1]
    return sum(
        math.comb(unit.count, out)
        * law**out
        * (1 - law) ** (unit.count - out)
        * value(0, out, most_mwh)
        for out in range(unit.count + 1)
    )


LOADS = [
    [10.0, 9.0, 6.0, 10.0, 3.0, 10.0, 10.0, 8.0],
    [5.0, 10.0, 10.0, 10.0, 6.0, 4.0, 12.0, 9.0],
]


@pytest.mark.parametrize("load", LOADS)
def test_with_whole_bins_it_is_the_best_policy(load: list[float]) -> None:
    system = one_unit(load, Storage("battery", 2, 3.0, 4.0))
    assert bound(system, bins=8) == pytest.approx(least_hours(system), rel=PRECISION)


@pytest.mark.parametrize(("load", "bins"), list(itertools.product(LOADS, (3, 7, 40))))
def test_with_any_bins_it_is_never_above_the_best_policy(load: list[float], bins: int) -> None:
    system = one_unit(load, Storage("battery", 1, 4.3, 7.7, eta_charge=0.9, eta_discharge=0.95))
    assert bound(system, bins=bins) <= least_hours(system) * (1 + 1e-9)


def test_shortages_of_one_size_leave_no_choice() -> None:
    load = [10.0] * 12
    battery = Storage("battery", 1, 5.0, 10.0)
    system = one_unit(load, battery, outage_frac=0.1, n=2)
    # Both units out is more than the battery can do; one out takes all of its power.
    assert bound(system, bins=2) == pytest.approx(least_hours(system), rel=PRECISION)


def test_more_power_makes_greedy_operation_lose_more_hours_but_not_the_best() -> None:
    load = [20.0, *[11.0] * 5]
    figures = {}
    for power_mw in (5.0, 10.0):
        battery = Storage("battery", 1, power_mw, 10.0)
        system = one_unit(load, battery, outage_frac=0.0)
        figures[power_mw] = bound(system, bins=10)
    assert figures[5.0] == pytest.approx(1.0, rel=PRECISION)
    assert figures[10.0] == pytest.approx(1.0, rel=PRECISION)


@pytest.mark.parametrize("is_hours", [True, False])
def test_greedy_operation_is_never_below_it(is_hours: bool) -> None:
    random = np.random.default_rng(5)
    load = random.choice([4.0, 8.0, 11.0, 14.0], 24).tolist()
    battery = Storage("battery", 3, 2.0, 3.0, eta_charge=0.9, outage_frac=0.05)
    system = one_unit(load, battery, n=3)
    chain = SocChain.build(system, pool_of(system), 1e-12)
    assert chain is not None
    greedy = chain.run(200, "down")
    found = bound(system, is_hours=is_hours)
    assert 0 < found <= (greedy.lole_h if is_hours else greedy.eue_mwh)


def greedy_hours(system: System, bins: int) -> float:
    chain = SocChain.build(system, pool_of(system), 1e-12)
    assert chain is not None
    return float(chain.run(bins, "up").lole_h)


def shortages(modules: int) -> System:
    load = np.random.default_rng(8).choice([4.0, 8.0, 11.0, 14.0, 17.0], 48).tolist()
    return one_unit(load, Storage("battery", modules, 2.0, 5.0), n=3)


@pytest.mark.parametrize("load", LOADS)
def test_with_its_power_known_it_is_greedy_operation(load: list[float]) -> None:
    system = one_unit(load, Storage("battery", 4, 3.0, 4.0))
    greedy = least_hours(system, is_greedy=True)
    assert bound(system, bins=16, least_mw=12.0) == pytest.approx(greedy, rel=PRECISION)
    assert bound(system, bins=5, least_mw=12.0) <= greedy * (1 + 1e-9)
    assert bound(system, bins=16) <= greedy * (1 + 1e-9)


def test_with_its_power_in_a_range_no_storage_within_it_loses_less() -> None:
    found = bound(shortages(4), bins=400, least_mw=4.0)
    assert found > 0
    assert all(found <= greedy_hours(shortages(n), 400) * (1 + 1e-6) for n in (2, 3, 4))


def test_energy_is_that_of_greedy_operation_where_bins_are_fine() -> None:
    system = one_unit([10.0, 9.0, 6.0, 10.0, 3.0, 10.0], Storage("battery", 1, 3.0, 6.0))
    fine = bound(system, is_hours=False, bins=600)
    assert bound(system, is_hours=False, bins=12) <= fine
    # The mean of shortage without storage less what storage gives, by two runs that round.
    assert fine == pytest.approx(bound(system, is_hours=False, bins=1200), rel=2e-3)


def test_fewer_units_or_modules_never_lose_less() -> None:
    load = LOADS[1]
    many = bound(one_unit(load, Storage("battery", 3, 2.0, 3.0), n=3), bins=9)
    assert many <= bound(one_unit(load, Storage("battery", 3, 2.0, 3.0), n=2), bins=9)
    assert many <= bound(one_unit(load, Storage("battery", 2, 2.0, 3.0), n=3), bins=6)


def test_weeks_of_unlike_length_stand_side_by_side() -> None:
    load = [10.0, 9.0, 6.0, 10.0, 3.0, 10.0, 10.0, 8.0]
    battery = Storage("battery", 2, 3.0, 4.0)
    system = one_unit(load, battery)
    block = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    both = WeekPolicy(system, block, 1e-12, is_hours=True, bins=8).loss(np.array([1, 0]))
    alone = [bound(one_unit(part, battery), bins=8) for part in (load[3:], load[:3])]
    assert both == pytest.approx(alone, rel=PRECISION)
