from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explain.sites import KINDS, SEEDS, drawn_site, engine, plain

import optmix
from optmix.explain.levers import changed_site
from optmix.rules.in_force import ready_case
from optmix.rules.registry import rules
from optmix.rules.rule import Rule
from optmix.schema.load import make_site
from optmix.solve import elastic

if TYPE_CHECKING:
    from optmix.explain.records import Change, Explanation
    from optmix.schema.site import Site

QUICK = (5, 17)
"""Seeds of two kinds; all the others are slow."""

CLOSE = 0.01
"""A change may be so much larger than the smallest one of its field."""


def has_plan(site: Site) -> bool:
    """Return whether the model of a site as it is written has a plan; nothing gives way in it."""
    return elastic.has_plan(ready_case(site)) is True


def changed(site: Site, change: Change, share: float = 1.0) -> Site:
    """Return the site with a share of a change made, by the words of the change alone."""
    fields, off = {}, []
    for each in change.settings:
        if each.option.startswith("--no-rule"):
            off.append(each.field)
        elif share == 1.0:
            fields[each.field] = each.needed
        else:
            now = each.value
            assert isinstance(now, int | float)
            assert isinstance(each.needed, int | float)
            fields[each.field] = now + share * (each.needed - now)
    return changed_site(site, fields, off)


def numbers(told: Explanation) -> list[Change]:
    """Return the changes of one number each; switches, dates and lists have none."""
    return [
        each
        for each in told.changes
        if len(each.settings) == 1
        and isinstance(each.settings[0].needed, int | float)
        and not isinstance(each.settings[0].needed, bool)
    ]


def assert_least(site: Site, change: Change) -> None:
    (setting,) = change.settings
    if isinstance(setting.needed, int) and isinstance(setting.value, int):
        one = 1 if setting.needed > setting.value else -1
        if setting.needed - one != setting.value:
            assert not has_plan(changed_site(site, {setting.field: setting.needed - one}))
    else:
        assert not has_plan(changed(site, change, 1.0 - CLOSE))


def smallest_share(site: Site, change: Change) -> float:
    """Return by bisection the smallest share of a change that leaves a plan, from below."""
    low, high = 0.0, 1.0
    while high - low > CLOSE / 2:
        middle = (low + high) / 2
        if has_plan(changed(site, change, middle)):
            high = middle
        else:
            low = middle
    return low


def check_site(seed: int) -> None:
    site = drawn_site(seed)
    told = optmix.explain(site)
    assert told.status == "infeasible"
    assert told.is_complete
    assert told.changes
    assert told.conflict
    for change in told.changes:
        assert has_plan(changed(site, change)), change.settings
    ruled = site.rules.model_extra or {}
    for name in ruled:
        (left_out,) = [each for each in told.changes if each.settings[0].field == name]
        assert left_out.settings[0].option == f"--no-rule {name}"
    assert not ruled or any("rules." in each.settings[0].field for each in told.changes)
    for change in numbers(told):
        assert_least(site, change)


@pytest.mark.parametrize("seed", QUICK)
def test_a_change_of_each_kind_helps_and_is_the_least_of_its_field(seed: int) -> None:
    check_site(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed not in QUICK])
def test_changes_of_drawn_sites_help_and_are_the_least_of_their_fields(seed: int) -> None:
    check_site(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[4 : len(KINDS)])
def test_bisection_finds_no_smaller_change(seed: int) -> None:
    site = drawn_site(seed)
    for change in numbers(optmix.explain(site)):
        setting = change.settings[0]
        if isinstance(setting.needed, float) and (seed < 8 or setting.field.startswith("rules.")):
            assert smallest_share(site, change) >= 1.0 - CLOSE


def test_there_are_at_least_thirty_sites_without_a_plan() -> None:
    assert len(SEEDS) >= 30
    assert len(SEEDS) == 2 * len(KINDS)


def test_every_rule_that_can_leave_no_plan_leaves_some_site_without_one() -> None:
    drawn = {name for seed in SEEDS for name in drawn_site(seed).rules.model_extra or {}}
    can = {
        name
        for name, rule in rules().items()
        if type(rule).build is not Rule.build and not rule.no_relief
    }
    assert drawn == can


def words(told: Explanation) -> list[str]:
    return [setting.what for change in told.changes for setting in change.settings]


def test_the_emission_cap_is_raised_to_what_the_demand_emits() -> None:
    # 10 MW x 8760 h x 0.5 lb/MWh / 2000 = 21.9 short tons.
    site = make_site(plain(emissions={"nox": {"cap_tpy": 20.0}}))
    told = optmix.explain(site)
    assert "raise cap_tpy of nox from 20 to 21.9 short ton/yr" in words(told)
    # The same cap is kept by 20 / 21.9 of the demand: 9.13 MW.
    peak = next(each for each in told.changes if each.settings[0].field == "demand.peak_mw")
    assert peak.settings[0].needed == pytest.approx(10.0 * 20.0 / 21.9, abs=0.01)
    assert set(told.conflict) == {"cap_tpy of nox", "the peak of demand"}


@pytest.mark.slow
def test_fuel_limits_are_raised_to_what_the_demand_burns() -> None:
    # 10 MW x 9 MMBtu/MWh = 90 MMBtu/h, 2,160 a day.
    hourly = make_site(plain(fuel={"hourly_max_mmbtu_per_h": 80.0}))
    assert "raise hourly_max_mmbtu_per_h from 80 to 90 MMBtu/h" in words(optmix.explain(hourly))
    daily = make_site(plain(fuel={"mdq_mmbtu_per_day": 2000.0}))
    assert "raise mdq_mmbtu_per_day from 2000 to 2160 MMBtu/day" in words(optmix.explain(daily))


def test_the_loss_of_a_unit_takes_one_more_engine() -> None:
    # Two engines carry 10 MW; a third one carries what is lost with either.
    site = make_site(plain(unit=[engine(n_max=2)], security={"loss_of_unit": True}))
    told = optmix.explain(site)
    assert "raise n_max of engine from 2 to 3" in words(told)
    assert "set security.loss_of_unit to false" in words(told)
    assert "lower the peak of demand from 10 to 5 MW" in words(told)


def test_a_rule_is_left_out_or_asked_less() -> None:
    # Two engines of 5 MW are 10 MW on site; the rule asks for 1.5 x 10 MW.
    rules = {"pack": "none", "minimum-onsite": {"frac": 1.5}}
    told = optmix.explain(make_site(plain(unit=[engine(n_max=2)], rules=rules)))
    assert "leave out the rule minimum-onsite" in words(told)
    assert "raise n_max of engine from 2 to 3" in words(told)
    assert "lower frac of minimum-onsite from 1.5 to 1" in words(told)
    options = [each.option for change in told.changes for each in change.settings]
    assert "--no-rule minimum-onsite" in options
    assert "--set rules.minimum-onsite.frac=1" in options


def test_several_fields_are_changed_together_where_one_is_not_enough() -> None:
    # Less demand alone cannot help: its engines would have to be built.
    site = make_site(
        plain(
            unit=[engine(n_min=3, nox_lb_per_mwh=1.0)],
            demand={"profile": "flat", "peak_mw": 40.0},
            emissions={"nox": {"cap_tpy": 10.0, "basis": "pte"}},
        )
    )
    told = optmix.explain(site)
    assert "No single change is enough." in told.notes
    (joint,) = told.changes
    assert len(joint.settings) > 1
    assert has_plan(changed(site, joint))


def test_one_rule_is_looked_at_alone() -> None:
    rules = {"pack": "none", "minimum-onsite": {"frac": 1.5}}
    site = make_site(plain(unit=[engine(n_max=2)], rules=rules))
    told = optmix.explain(site, rule="minimum-onsite")
    fields = {each.field for change in told.changes for each in change.settings}
    assert fields == {"minimum-onsite", "rules.minimum-onsite.frac"}
    assert told.notes == ()


def test_a_rule_that_does_not_apply_is_no_way_out() -> None:
    rules = {"pack": "none", "sb6.study-fee": {}}
    site = make_site(plain(unit=[engine(n_max=1)], rules=rules))
    told = optmix.explain(site, rule="sb6.study-fee")
    assert told.changes == ()
    (note,) = told.notes
    assert note.startswith("The rule sb6.study-fee does not apply: ")


def test_without_time_it_says_that_it_is_not_complete() -> None:
    from optmix.explain.infeasible import explain_infeasible
    from optmix.explain.session import Session

    site = make_site(plain(unit=[engine(n_max=1)]))
    told = explain_infeasible(Session(time_limit_s=0.0), site, "proven infeasible")
    assert not told.is_complete
    assert told.changes == ()


@pytest.mark.slow
def test_a_long_horizon_is_told_what_its_weeks_need() -> None:
    # 35 days are cut into weeks; two engines carry 10 MW in each of them.
    site = make_site(plain(time={"hours": 840.0}, unit=[engine(n_max=1)]))
    told = optmix.explain(site)
    assert "raise n_max of engine from 1 to 2" in words(told)
    assert "lower the peak of demand from 10 to 5 MW" in words(told)
    assert set(told.conflict) == {"n_max of engine", "the peak of demand"}


@pytest.mark.slow
def test_a_long_horizon_is_told_what_its_year_needs() -> None:
    # 21.9 short tons, as above, of which no week takes up more than its part.
    site = make_site(plain(time={"hours": 840.0}, emissions={"nox": {"cap_tpy": 20.0}}))
    told = optmix.explain(site)
    (cap,) = [each for each in told.changes if each.settings[0].field == "emissions.nox.cap_tpy"]
    assert cap.settings[0].needed == pytest.approx(21.9, rel=CLOSE)
    assert set(told.conflict) == {"cap_tpy of nox", "the peak of demand"}


def test_a_number_and_a_rule_give_way_together() -> None:
    # 14 MW take three engines of 5 MW, which could emit 3 x 10.95 = 32.85 short tons.
    site = make_site(
        plain(
            demand={"profile": "flat", "peak_mw": 14.0},
            unit=[engine(n_max=2)],
            rules={"pack": "none", "air.site-tpy": {"cap_tpy": 15.0}},
        )
    )
    told = optmix.explain(site)
    assert "No single change is enough, other than less demand." in told.notes
    joint = [each for each in told.changes if len(each.settings) > 1]
    more = "raise n_max of engine from 2 to 3"
    assert [each.settings[0].what for each in joint] == [more, more]
    assert joint[0].settings[1].option == "--no-rule air.site-tpy"
    figure = joint[1].settings[1]
    assert figure.field == 'rules."air.site-tpy".cap_tpy'
    assert figure.needed == pytest.approx(32.85, rel=CLOSE)
    for each in joint:
        assert has_plan(changed(site, each))
        for setting in each.settings:
            alone = each.model_copy(update={"settings": (setting,)})
            assert not has_plan(changed(site, alone))


def test_two_rules_are_given_up_where_neither_alone_is_enough() -> None:
    # Either rule forbids the engines: 10.95 short tons are above 1, 0.5 lb/MWh above 0.14.
    rules = {
        "pack": "none",
        "air.site-tpy": {"cap_tpy": 1.0},
        "air.nox-rate": {"region": "east"},
    }
    told = optmix.explain(site := make_site(plain(rules=rules)))
    (joint,) = told.changes
    assert {each.option for each in joint.settings} == {
        "--no-rule air.site-tpy",
        "--no-rule air.nox-rate",
    }
    assert has_plan(changed(site, joint))
