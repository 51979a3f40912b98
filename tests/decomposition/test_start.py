"""The first point: enough of what is cheap, and planned outages where they may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from decomposition.small_years import Cut, featured, of_days
from hypothesis import given, settings
from model.cases import make_battery, make_grid
from model.random_cases import cases

from optmix.data.case import SecurityPolicy
from optmix.solve.decomposition.start import (
    even_maintenance,
    first_point,
    with_even_maintenance,
    with_maintenance_like,
)

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.solve.decomposition.master import Master, Point

TWO = [{"vom_usd_per_mwh": 90.0}, {"vom_usd_per_mwh": 2.0}]


def sizes(master: Master, point: Point, name: str) -> dict[str, float]:
    return {
        key[1]: float(value)
        for key, value in zip(master.keys, point.values, strict=True)
        if key[0] == name
    }


def missing(cut: Cut, point: Point) -> float:
    """Return the power and reserve that windows miss at a point."""
    return sum(kept.cutter.cut(point.values[kept.link_place]).shortfall for kept in cut.kept)


@settings(max_examples=5)
@given(cases())
def test_the_first_point_is_within_what_is_on_offer(case: Case) -> None:
    master = Cut(case).master
    values = first_point(case, master).values
    is_given = ~np.isnan(values)

    # Only budgets are left to windows.
    assert is_given.tolist() == master.is_linked.tolist()
    assert (values[is_given] >= 0.0).all()
    assert (values[is_given] <= master.upper[is_given] + 1e-9).all()
    for g, n in sizes(master, first_point(case, master), "n_units").items():
        assert n == int(n)
        assert values[master.place["is_present", g]] == float(n > 0)


@pytest.mark.parametrize(
    "security",
    [
        SecurityPolicy(loss_of_unit=False, loss_of_grid=False, swing_mw=0.0, bridge_h=0.25),
        SecurityPolicy(loss_of_unit=True, loss_of_grid=False, swing_mw=0.0, bridge_h=0.25),
    ],
)
def test_the_first_point_serves_demand_with_the_cheapest_type(security: SecurityPolicy) -> None:
    cut = Cut(of_days(2, units=TWO, security=security))
    point = first_point(cut.case, cut.master)

    assert sizes(cut.master, point, "n_units") == {"engine 0": 0.0, "engine 1": 4.0}
    assert missing(cut, point) == pytest.approx(0.0, abs=1e-6)


def test_what_one_type_cannot_serve_is_left_to_the_next() -> None:
    units = [TWO[0], TWO[1] | {"n_max": 2}]
    cut = Cut(of_days(2, units=units))
    point = first_point(cut.case, cut.master)

    assert sizes(cut.master, point, "n_units")["engine 1"] == 2.0
    assert sizes(cut.master, point, "n_units")["engine 0"] >= 2.0
    assert missing(cut, point) == pytest.approx(0.0, abs=1e-6)


def test_units_that_must_be_built_are() -> None:
    units = [TWO[0] | {"n_min": 1}, TWO[1]]
    cut = Cut(of_days(2, units=units))

    assert sizes(cut.master, first_point(cut.case, cut.master), "n_units")["engine 0"] == 1.0


def test_a_tie_is_contracted_in_full_and_serves_first() -> None:
    case = of_days(2, units=TWO)
    cut = Cut(replace(case, grid=make_grid(case.axis, withdrawal_max_mw=40.0)))
    point = first_point(cut.case, cut.master)

    assert sizes(cut.master, point, "withdrawal_mw") == {"grid": 40.0}
    assert sizes(cut.master, point, "has_tie") == {"grid": 1.0}
    assert set(sizes(cut.master, point, "n_units").values()) == {0.0}
    assert missing(cut, point) == pytest.approx(0.0, abs=1e-6)


def test_batteries_take_up_load_steps() -> None:
    batteries = (
        make_battery(module_mw=2.0, capital_usd_per_yr=9e5, name="dear"),
        make_battery(module_mw=2.0, usable_mwh=8.0, name="cheap"),
    )
    policy = SecurityPolicy(loss_of_unit=False, loss_of_grid=False, swing_mw=5.0, bridge_h=0.25)
    cut = Cut(of_days(2, batteries=batteries, security=policy))

    found = sizes(cut.master, first_point(cut.case, cut.master), "n_modules")
    assert found == {"dear": 0.0, "cheap": 3.0}


def maintained() -> Case:
    """Return a case of four weeks of which one is closed; a unit is out for two weeks a year."""
    weeks = np.repeat([0, 1, 2, 3], 4)
    case = of_days(
        4,
        units=[
            {"planned_outage_h": 336.0, "n_max": 6, "max_units_in_maintenance": 2},
            {"planned_outage_h": 0.0},
        ],
        labels={"week": weeks, "step_h": 42.0},
        maintenance_mode="scheduled",
    )
    return replace(case, is_blackout_week=np.array([False, True, False, False]))


def out(master: Master, point: Point) -> list[float]:
    return [float(v) for v in point.values[master.named("in_maintenance")]]


def with_units(master: Master, n: float) -> Point:
    return master.priced({("n_units", "engine 0"): n, ("is_present", "engine 0"): 1.0})


def need_weeks(case: Case, n: float) -> float:
    return n * 2.0 / float(case.axis.annual_factor[0])


@pytest.mark.parametrize("n", [0.0, 1.0, 2.5, 6.0])
def test_maintenance_is_spread_evenly_over_open_weeks(n: float) -> None:
    case = maintained()
    master = Cut(case).master
    point = with_even_maintenance(case, master, with_units(master, n))
    each = need_weeks(case, n) / 3

    assert out(master, point) == pytest.approx([each, 0.0, each, each])
    # Nothing else is changed, and the point is priced anew.
    assert sizes(master, point, "n_units")["engine 0"] == n
    assert point.cost == pytest.approx(master.at(point.values).cost)


def test_no_more_units_are_out_than_may_be() -> None:
    case = maintained()
    hungry = replace(case.units[0], planned_outage_h=8000.0)
    case = replace(case, units=(hungry, case.units[1]))
    master = Cut(case).master

    def largest(n: float) -> float:
        return max(out(master, with_even_maintenance(case, master, with_units(master, n))))

    assert largest(1.0) <= 1.0
    assert largest(6.0) <= 2.0


def test_ties_of_maintenance_ask_for_what_is_spread() -> None:
    case = maintained()
    master = Cut(case).master
    values = with_even_maintenance(case, master, with_units(master, 3.0)).values
    ties = even_maintenance(case, master)

    assert len(ties) == 3
    for place, units, rate in ties:
        assert master.keys[units] == ("n_units", "engine 0")
        assert values[place] == pytest.approx(rate * values[units])
    assert sum(rate for *_, rate in ties) == pytest.approx(need_weeks(case, 1.0))


def test_maintenance_follows_the_pattern_of_another_point() -> None:
    case = maintained()
    master = Cut(case).master
    weeks = {("in_maintenance", ("engine 0", k)): share for k, share in enumerate((0.0, 0, 1, 3))}
    model = master.priced(weeks)
    point = with_maintenance_like(case, master, with_units(master, 4.0), model)
    need = need_weeks(case, 4.0)

    assert out(master, point) == pytest.approx([0.0, 0.0, 0.25 * need, 0.75 * need])


def test_without_a_pattern_maintenance_is_even() -> None:
    case = maintained()
    master = Cut(case).master
    point = with_units(master, 4.0)
    like_nothing: Any = with_maintenance_like(case, master, point, with_units(master, 1.0))

    assert out(master, like_nothing) == out(master, with_even_maintenance(case, master, point))


def test_every_part_has_a_first_point() -> None:
    cut = Cut(featured())
    point = first_point(cut.case, cut.master)

    assert missing(cut, point) == pytest.approx(0.0, abs=1e-6)
