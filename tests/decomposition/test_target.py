"""A reliability target inside the sizing, by both methods, against all fleets one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

import optmix as om

if TYPE_CHECKING:
    from optmix.schema.site import Site

SITE = "@tutorial/one-engine"
LARGE = {
    "technology": "custom", "name": "large", "kind": "medium-speed-engine", "rating_mw": 5.0,
    "n_max": 4, "forced_outage_frac": 0.04, "mttr_h": 40.0, "capex_usd_per_kw": 1100.0,
}  # fmt: skip
SMALL = {
    "technology": "custom", "name": "small", "kind": "high-speed-engine", "rating_mw": 2.0,
    "n_max": 8, "forced_outage_frac": 0.02, "mttr_h": 30.0, "capex_usd_per_kw": 1150.0,
}  # fmt: skip
COMMON = {
    "rating_basis": "net", "min_load_frac": 0.3, "load_points_frac": [0.5, 1.0],
    "heat_rate_mmbtu_per_mwh": [9.6, 8.9], "ramp_frac_per_min": 0.2, "fom_usd_per_kw_yr": 20.0,
    "vom_usd_per_mwh": 6.0, "life_yr": 20.0,
}  # fmt: skip
LOLE_H = 2.4


def site(
    lole_h: float | None,
    large: tuple[int, int] = (0, 4),
    small: tuple[int, int] = (0, 8),
    modules: tuple[int, int] = (0, 0),
) -> Site:
    units = [
        {**COMMON, **LARGE, "n_min": large[0], "n_max": large[1]},
        {**COMMON, **SMALL, "n_min": small[0], "n_max": small[1]},
    ]
    target: dict[str, Any] = {} if lole_h is None else {
        "reliability.target": "lole", "reliability.lole_h_per_yr": lole_h
    }  # fmt: skip
    if modules[1]:
        target["battery"] = [{"technology": "lfp-2h", "n_min": modules[0], "n_max": modules[1]}]
    return om.load_site(SITE, {"unit": units, "security.loss_of_unit": False, **target})


@cache
def best_of_all() -> float:
    """Return the cost of the cheapest fleet that meets the target, each operated by itself."""
    costs = []
    for large, small in product(range(5), range(9)):
        fleet = om.Fleet({"large": large, "small": small})
        fixed = site(None, (large, large), (small, small))
        if om.assess(fleet, fixed).lole_h.high > LOLE_H:
            continue
        found = om.solve(fixed, gap=1e-6)
        if found.objective_usd is not None:
            costs.append(found.objective_usd)
    return min(costs)


@pytest.mark.parametrize("method", ["monolithic", "decomposition"])
def test_the_plan_is_the_cheapest_that_meets_the_target(method: str) -> None:
    threads = partial(ThreadPoolExecutor, max_workers=1)
    found = om.solve(site(LOLE_H), gap=1e-4, method=method, workers=1, executor=threads)
    assert found.status == "optimal"
    assert found.objective_usd == pytest.approx(best_of_all(), rel=1e-4)
    assert found.bound_usd <= best_of_all() * (1 + 1e-9)
    assert found.reliability.is_met
    assert found.reliability.lole_high_h <= LOLE_H


def best_with_storage(lole_h: float) -> float:
    costs = []
    for large, small, modules in product((1, 2), range(5), range(3)):
        fleet = om.Fleet({"large": large, "small": small}, {"lfp-2h": modules})
        fixed = site(None, (large, large), (small, small), (modules, modules))
        if om.assess(fleet, fixed).lole_h.high <= lole_h:
            found = om.solve(fixed, gap=1e-6)
            costs += [found.objective_usd] if found.objective_usd is not None else []
    return min(costs)


@pytest.mark.parametrize("lole_h", [24.0, 120.0])
def test_with_storage_too_the_bound_passes_no_plan_within_the_target(lole_h: float) -> None:
    threads = partial(ThreadPoolExecutor, max_workers=1)
    asked = site(lole_h, (1, 2), (0, 4), (0, 2))
    found = om.solve(asked, gap=1e-3, method="decomposition", workers=1, executor=threads)
    best = best_with_storage(lole_h)
    assert found.status == "optimal"
    assert found.objective_usd == pytest.approx(best, rel=2e-3)
    assert found.bound_usd <= best * (1 + 1e-9)


@pytest.mark.parametrize("method", ["monolithic", "decomposition"])
def test_a_target_only_adds_cost(method: str) -> None:
    threads = partial(ThreadPoolExecutor, max_workers=1)
    free = om.solve(site(None), gap=1e-4, method=method, workers=1, executor=threads)
    assert free.objective_usd < best_of_all()
    assert free.reliability.lole_h > LOLE_H
    assert free.reliability.is_met is None


@pytest.mark.parametrize("method", ["monolithic", "decomposition"])
def test_a_target_beyond_all_that_is_on_offer_is_infeasible(method: str) -> None:
    threads = partial(ThreadPoolExecutor, max_workers=1)
    found = om.solve(site(1e-9), method=method, workers=1, executor=threads)
    assert found.status == "infeasible"
    assert "h of loss of load" in found.reason


def test_one_unit_fewer_is_told_for_every_type_that_is_built() -> None:
    found = om.solve(site(LOLE_H), gap=1e-4)
    built = {name for name, count in found.mix.units.items() if count}
    assert {fewer.name for fewer in found.reliability.one_fewer} == built
    for fewer in found.reliability.one_fewer:
        assert fewer.lole_h > found.reliability.lole_h
        assert fewer.is_met == (fewer.lole_h <= LOLE_H)
