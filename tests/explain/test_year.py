"""Least changes of horizons that are cut into windows, beside those of one program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explain.sites import battery, drawn_site, engine, plain, turbine

from optmix.errors import InfeasibleError
from optmix.explain.infeasible import limits_of
from optmix.explain.levers import loosened
from optmix.explain.long_horizon import weighted
from optmix.rules.in_force import ready_case
from optmix.schema.load import make_site
from optmix.solve.elastic import least_gives
from optmix.solve.elastic_year import YearGives
from optmix.solve.outcome import Status

if TYPE_CHECKING:
    from optmix.explain.levers import Lever
    from optmix.schema.site import Site

THREE_DAYS = {"hours": 72.0}
CLOSE = 2e-3


def numbers_of(site: Site) -> list[Lever]:
    levers = limits_of(site, ready_case(site))
    return [each for each in levers if each.is_number and each.relations is not None]


def by_windows(site: Site) -> dict[str, float | None]:
    """Return the least change of each limit alone, one window a day; none where it is no help."""
    levers = numbers_of(site)
    try:
        year = _loosened_year(site, levers)
    except InfeasibleError:  # all together contradict a rule: each is looked at alone
        return {each.field: _amount_alone(site, each) for each in levers}
    return {each.field: _amount(year, each.field) for each in levers}


def _loosened_year(site: Site, levers: list[Lever]) -> YearGives:
    return YearGives(ready_case(loosened(site, levers)), weighted(levers), window_days=1)


def _amount(year: YearGives, name: str) -> float | None:
    found = year.least({name}, lambda _: None)
    return None if found.status is Status.INFEASIBLE else found.amounts[name]


def _amount_alone(site: Site, lever: Lever) -> float | None:
    try:
        return _amount(_loosened_year(site, [lever]), lever.field)
    except InfeasibleError:
        return None


def in_one_piece(site: Site, lever: Lever) -> float | None:
    case = ready_case(loosened(site, [lever]))
    found = least_gives(case, weighted([lever]))
    return found.amounts[lever.field] if found.has_plan else None


def assert_same(site: Site) -> None:
    apart = by_windows(site)
    assert any(amount is not None for amount in apart.values())
    for lever in numbers_of(site):
        whole = in_one_piece(site, lever)
        if whole is None:
            assert apart[lever.field] is None, lever.field
        else:
            assert apart[lever.field] == pytest.approx(whole, rel=CLOSE, abs=1e-4), lever.field


def test_too_few_units_are_told_from_days() -> None:
    assert_same(make_site(plain(time=THREE_DAYS, unit=[engine(n_max=1), turbine(n_max=0)])))


@pytest.mark.slow
def test_an_annual_cap_is_shared_among_days() -> None:
    # 10 MW x 8760 h x 0.5 lb/MWh / 2000 = 21.9 short tons, spread over all days.
    emissions = {"nox": {"cap_tpy": 15.0}}
    demand = {"profile": "inference", "peak_mw": 10.0}
    site = make_site(plain(time=THREE_DAYS, emissions=emissions, demand=demand))
    assert_same(site)


@pytest.mark.slow
def test_fuel_of_a_day_and_of_an_hour_give_way() -> None:
    fuel = {"price_usd_per_mmbtu": 4.0, "mdq_mmbtu_per_day": 2000.0}
    assert_same(make_site(plain(time=THREE_DAYS, fuel=fuel)))
    fuel = {"price_usd_per_mmbtu": 4.0, "hourly_max_mmbtu_per_h": 80.0}
    assert_same(make_site(plain(time=THREE_DAYS, fuel=fuel)))


@pytest.mark.slow
def test_load_steps_and_reserve_are_told_from_days() -> None:
    security = {"loss_of_unit": True, "swing_mw": 1.5}
    site = make_site(
        plain(
            time=THREE_DAYS, unit=[engine(n_max=2)], battery=[battery(n_max=2)], security=security
        )
    )
    apart = by_windows(site)
    assert apart["unit.engine.n_max"] == pytest.approx(1.0)
    for lever in numbers_of(site):
        whole, part = in_one_piece(site, lever), apart[lever.field]
        assert whole is None or part is not None
        assert whole is None or part is None or part <= whole * (1 + CLOSE) + 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8, 24))
def test_windows_never_ask_for_more_than_the_whole(seed: int) -> None:
    site = drawn_site(seed)
    apart = by_windows(site)
    for lever in numbers_of(site):
        whole, part = in_one_piece(site, lever), apart[lever.field]
        if whole is not None:
            assert part is not None, lever.field
            assert part <= whole * (1 + CLOSE) + 1e-4, lever.field


def test_several_limits_give_way_together() -> None:
    # Two engines of 1 lb/MWh must be built: no cap on potential below 43.8 tons holds.
    site = make_site(
        plain(
            time=THREE_DAYS,
            unit=[engine(n_min=3, nox_lb_per_mwh=1.0)],
            demand={"profile": "flat", "peak_mw": 40.0},
            emissions={"nox": {"cap_tpy": 10.0, "basis": "pte"}},
        )
    )
    levers = numbers_of(site)
    year = YearGives(ready_case(loosened(site, levers)), weighted(levers), window_days=1)
    assert _amount(year, "emissions.nox.cap_tpy") is None
    found = year.least(year.names, lambda _: None)
    whole = least_gives(ready_case(loosened(site, levers)), weighted(levers))
    weight = {give.name: give.weight for give in weighted(levers)}
    given = [sum(weight[k] * v for k, v in each.amounts.items()) for each in (found, whole)]
    assert given[0] == pytest.approx(given[1], rel=CLOSE)
