from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explain.sites import battery, engine, plain, turbine

import optmix
from optmix.errors import UnknownNameError
from optmix.explain.levers import changed_site
from optmix.schema.load import make_site

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.schema.site import Site

GAP = 1e-4
ENGINE_USD = 5000.0 * (1000.0 / 20.0 + 10.0)
"""Annuity and fixed cost of one engine: 5,000 kW at 50 + 10 USD/kW."""


def ruled_site() -> Site:
    rules = {
        "pack": "none",
        "minimum-onsite": {"frac": 1.9},
        "air.site-tpy": {"cap_tpy": 500.0},
        "sb6.disclosure": {},
    }
    return make_site(plain(rules=rules, battery=[battery()]))


@pytest.fixture(scope="module")
def ruled() -> tuple[Site, optmix.Explanation]:
    site = ruled_site()
    return site, optmix.explain(site, gap=GAP)


def test_the_price_of_a_rule_is_the_difference_of_two_solves(
    ruled: tuple[Site, optmix.Explanation],
) -> None:
    site, told = ruled
    with_all = optmix.solve(site, gap=GAP)
    assert with_all.objective_usd is not None
    for each in told.rules:
        without = optmix.solve(changed_site(site, {}, [each.id]), gap=GAP)
        assert without.objective_usd is not None
        price = with_all.objective_usd - without.objective_usd
        assert each.price_usd == pytest.approx(price, abs=2 * GAP * with_all.objective_usd)
        assert each.low_usd is not None
        assert each.high_usd is not None
        assert each.low_usd <= each.price_usd <= each.high_usd


def test_a_rule_that_asks_for_two_more_engines_costs_them(
    ruled: tuple[Site, optmix.Explanation],
) -> None:
    # 19 MW on site are four engines of 5 MW; two carry the demand.
    prices = {each.id: each.price_usd for each in ruled[1].rules}
    assert prices["minimum-onsite"] == pytest.approx(2 * ENGINE_USD, rel=1e-3)


def test_a_rule_that_does_not_bind_costs_nothing_within_the_gap(
    ruled: tuple[Site, optmix.Explanation],
) -> None:
    told = next(each for each in ruled[1].rules if each.id == "air.site-tpy")
    assert told.margin is not None
    assert told.margin > 0
    assert not told.binds
    assert abs(told.price_usd or 0.0) <= GAP * (ruled[1].objective_usd or 0.0)


def test_one_more_and_one_fewer_are_solved_anew(ruled: tuple[Site, optmix.Explanation]) -> None:
    steps = {(each.name, each.change): each for each in ruled[1].steps}
    more, fewer = steps["engine", 1], steps["engine", -1]
    assert more.count == 5
    assert more.difference_usd == pytest.approx(ENGINE_USD, rel=1e-3)
    assert fewer.status == "infeasible"
    assert fewer.why_not == "leave out the rule minimum-onsite"


def test_runners_up_have_other_sizes_and_cost_little_more() -> None:
    site = make_site(plain(unit=[engine(), turbine()], battery=[battery()]))
    told = optmix.explain(site, within=0.1)
    assert told.objective_usd is not None
    assert told.runners_up
    mixes = [each.mix for each in told.runners_up]
    assert all(one != other for n, one in enumerate(mixes) for other in mixes[:n])
    for each in told.runners_up:
        assert each.cost_usd <= 1.1 * told.objective_usd
        fixed = {
            f"{table}.{name}.{end}": int(each.mix.get(name, 0))
            for table, name in (("unit", "engine"), ("unit", "turbine"), ("battery", "battery"))
            for end in ("n_min", "n_max")
        }
        again = optmix.solve(changed_site(site, fixed), gap=GAP)
        assert again.objective_usd == pytest.approx(each.cost_usd, rel=3e-3)


def test_limits_tell_what_is_used_and_what_more_is_worth() -> None:
    # NOx of 10 MW is 21.9 short tons; import at 60 USD/MWh replaces what the cap forbids. One ton
    # more is 4,000 MWh of engines, at 9 x 4 + 5 = 41 USD/MWh, in place of import.
    grid = {"withdrawal_max_mw": 10.0, "energy_price": 60.0}
    engines = [engine(n_min=2)]
    site = make_site(plain(unit=engines, emissions={"nox": {"cap_tpy": 12.0}}, grid=grid))
    told = optmix.explain(site, gap=GAP)
    cap = next(each for each in told.limits if each.field == "emissions.nox.cap_tpy")
    assert cap.binds
    assert cap.used == pytest.approx(12.0, rel=1e-4)
    assert cap.margin == pytest.approx(0.0, abs=1e-3)
    assert cap.worth_fixed_usd == pytest.approx(4000.0 * (60.0 - 41.0), rel=1e-3)
    most = next(each for each in told.limits if each.field == "unit.engine.n_max")
    assert not most.binds
    assert most.worth_usd == pytest.approx(0.0, abs=1.0)


def test_the_worth_of_less_demand_is_its_fuel_with_sizes_held() -> None:
    # One MW less saves 8,760 MWh at 41 USD/MWh; with free sizes, a fifth of an engine as well.
    told = optmix.explain(make_site(plain()), gap=GAP)
    peak = next(each for each in told.limits if each.field == "demand.peak_mw")
    assert peak.worth_fixed_usd == pytest.approx(8760.0 * 41.0, rel=1e-3)
    assert peak.worth_usd == pytest.approx(8760.0 * 41.0 + ENGINE_USD / 5.0, rel=1e-3)


def test_one_rule_is_priced_alone() -> None:
    told = optmix.explain(ruled_site(), rule="minimum-onsite", gap=GAP)
    assert [each.id for each in told.rules] == ["minimum-onsite"]
    assert told.steps == ()
    assert told.limits == ()


def test_a_rule_that_is_not_in_force_is_refused_before_anything_is_solved() -> None:
    heard: list[str] = []
    with pytest.raises(UnknownNameError, match="is not in force on this site"):
        optmix.explain(
            make_site(plain()), rule="air.site-tpy", sink=lambda told: heard.append(told.detail)
        )
    assert heard == []


def test_a_rule_that_does_not_apply_says_why() -> None:
    rules = {"pack": "none", "sb6.study-fee": {}}
    told = optmix.explain(make_site(plain(rules=rules)), rule="sb6.study-fee", gap=GAP)
    assert told.rules == ()
    assert told.notes == (
        "The rule sb6.study-fee does not apply: the site is islanded: nothing is studied.",
    )


def test_checklists_and_unverified_sources_are_told() -> None:
    grid = {"withdrawal_max_mw": 10.0, "energy_price": 60.0}
    rules = {"pack": "none", "sb6.disclosure": {}, "air.nox-rate": {}, "minimum-onsite": {}}
    told = optmix.explain(make_site(plain(grid=grid, rules=rules)), gap=GAP)
    assert told.notes == (
        "Checklists, left to the planner and passed by no plan: sb6.disclosure.",
        "Resting in part on unverified sources: air.nox-rate.",
    )


def test_a_stopped_explanation_keeps_what_it_has() -> None:
    from optmix.explain.session import Session
    from optmix.explain.solved import explain_plan
    from optmix.explain.subject import subject_of

    subject = subject_of(make_site(plain()), Session())
    told = explain_plan(Session(time_limit_s=0.0), subject)
    assert not told.is_complete
    assert told.objective_usd == subject.result.objective_usd


def test_a_site_file_is_solved_first(tmp_path: Path) -> None:
    from optmix.schema.resolved import resolved_toml

    (tmp_path / "site.toml").write_text(resolved_toml(make_site(plain())), encoding="utf-8")
    told = optmix.explain(tmp_path, rule=None)
    assert told.status == "optimal"
