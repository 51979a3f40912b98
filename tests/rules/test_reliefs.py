"""What makes a rule ask for less: each rule that can rule out plans names such figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from model.cases import make_unit
from rules.kit import hours, outcome_of, scenes, three_days, twins, under
from rules.test_every_rule import ASKING

from optmix.rules.in_force import applying, rules_in_force
from optmix.rules.registry import find_rule, rules
from optmix.rules.rule import Rule
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.rules.relief import Relief

STATING = tuple(name for name, rule in rules().items() if type(rule).build is not Rule.build)

GIVEN_EVENTS = ("fuel-security", "sb6.net-metering-review")
"""On their scenes events are given, so only leaving the rule out lets everything pass."""


def reliefs(case: Case) -> list[Relief]:
    (each,) = applying(case)
    return list(each.rule.reliefs(case, each.params))


def loosest(relief: Relief) -> Any:
    return relief.loosest if relief.written is None else relief.written(float(relief.loosest))


@pytest.mark.parametrize("name", STATING)
def test_a_rule_with_constraints_gives_way_by_degrees_or_says_why_not(name: str) -> None:
    rule = find_rule(name)
    names_some = type(rule).reliefs is not Rule.reliefs
    assert names_some != bool(rule.no_relief)


@pytest.mark.parametrize("name", [name for name in ASKING if name not in GIVEN_EVENTS])
def test_figures_at_their_loosest_let_pass_what_the_rule_forbids(name: str) -> None:
    """The plan made without the rule breaks it, and keeps it once its figures give way."""
    scene, (_, without) = scenes()[name], twins(name)
    figures = reliefs(scene.with_rule())
    assert figures
    loose = scene.with_rule(**{each.name: loosest(each) for each in figures})
    if applying(loose):
        assert outcome_of(verify_plan(loose, without.plan), name).status != "fail"


@pytest.mark.parametrize("name", ASKING)
def test_no_figure_asks_for_more(name: str) -> None:
    scene, (_, without) = scenes()[name], twins(name)
    before = outcome_of(verify_plan(scene.with_rule(), without.plan), name)
    for each in reliefs(scene.with_rule()):
        loose = scene.with_rule(**{each.name: loosest(each)})
        after = outcome_of(verify_plan(loose, without.plan), name)
        if after.status == "fail" and after.unit == before.unit:
            assert (after.margin or 0.0) >= (before.margin or 0.0) - 1e-9


@pytest.mark.parametrize("name", ASKING)
def test_a_figure_knows_what_the_rule_takes_it_to_be(name: str) -> None:
    case = scenes()[name].with_rule()
    (each,) = applying(case)
    for relief in each.rule.reliefs(case, each.params):
        assert relief.name in type(each.params).model_fields
        moved = {**scenes()[name].params, relief.name: loosest(relief)}
        type(each.params).model_validate(moved)


DRAWN = {
    "sb6.deploy-or-curtail": {},
    "sb6.firm-load-shed": {},
    "ercot.controllable-load": {"metering": "pclr"},
    "sb6.net-metering-review": {"existing_units": ("unit",)},
    "fuel-security": {},
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_events_may_be_fewer_and_shorter_and_given_ones_not(name: str) -> None:
    plain = three_days()
    unit = make_unit(plain.axis, name="unit", n_max=1)
    case = three_days(units=(unit,))
    kinds = ("emergency", "firm_load_shed", "gas_interruption", "grid_constraint")
    given = replace(case, events=dict.fromkeys(kinds, hours(case, 3)))
    for site, is_drawn in ((case, True), (given, False)):
        (each,) = rules_in_force(under(site, name, DRAWN[name]))
        found = {relief.name for relief in each.rule.reliefs(site, each.params)}
        assert ("events_per_year" in found) is is_drawn
        assert any(part.endswith("_h") and part != "notice_h" for part in found) is is_drawn


def test_a_timeline_gives_way_by_days_and_by_what_is_granted() -> None:
    scene = scenes()["tx.batch-timeline"]
    by_name = {each.name: each for each in reliefs(scene.with_rule())}
    granted, date = by_name["withdrawal_by_year_mw"], by_name["energization_date"]
    assert granted.written is not None
    assert granted.written(80.0) == (80.0, 120.0)
    assert date.written is not None
    assert date.written(float(date.loosest)) == "2025-07-01"
    assert float(date.value) - float(date.loosest) == 1
