"""What holds of limits: exact at equality, broken just beyond; and what more rules cost."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from model.cases import changed, make_axis, make_battery, make_case, make_grid, make_unit
from rules.kit import (
    applicability,
    decomposed,
    engine,
    hours,
    outcome_of,
    scenes,
    solved,
    three_days,
    under,
)
from rules.scenes.nsps_kkkka import turbine
from unit.verify.plans import make_plan

from optmix.data.build import build_case
from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.schema.load import load_site
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.schema.result import RuleOutcome

AXIS = make_axis((4,))
EVENTS = {
    "grid_constraint": np.array([False, True, False, False]),
    "firm_load_shed": np.array([True, False, False, False]),
    "emergency": np.array([True, False, False, False]),
}
UNIT = make_unit(AXIS, n_max=4, rating_mw=10.0, net_rating_mw=10.0, pmax_mw=10.0, pmin_mw=0.0)
GRID = make_grid(AXIS, withdrawal_max_mw=100.0)
CASE = make_case(
    AXIS,
    demand_mw=100.0,
    units=(replace(UNIT, kind="diesel-standby"),),
    batteries=(make_battery(n_max=20, module_mw=4.0, usable_mwh=8.0),),
    grid=GRID,
    events=EVENTS,
)


def stands(rule_id: str, params: dict[str, Any], case: Any = CASE, **plan: Any) -> RuleOutcome:
    given = {"withdrawal_mw": 100.0, "import_mw": 100.0, **plan}
    made = make_plan(case, given.pop("units", [0]), **given)
    return outcome_of(verify_plan(under(case, rule_id, params), made), rule_id)


@pytest.mark.parametrize(
    ("rule_id", "params", "given", "unit"),
    [
        ("ercot.controllable-load", {"metering": "pclr", "low_power_mw": 100.0}, {}, "MW"),
        ("tx.batch-timeline", {"withdrawal_by_year_mw": (100.0,)}, {}, "MW"),
        (
            "ercot.ride-through",
            {"frac": 0.2, "ups_mw": 8.0, "is_attested": True},
            {"modules": [3]},
            "MW",
        ),
        (
            "ercot.load-swing",
            {"swing_mw": 22.0},
            {"modules": [3], "kept_mwh": 24.0},
            "MW",
        ),
        # 2 units * 3 h, of which a quarter is no horizon of its own: 2,190 times in a year.
        (
            "air.emergency-hours",
            {"non_emergency_h_per_yr": 3 * 2190.0},
            {"units": [2], "online": [2], "output_mw": [20.0], "import_mw": 80.0},
            "h",
        ),
        ("minimum-onsite", {"frac": 0.4}, {"units": [4]}, "MW"),
        ("sb6.backup-definition", {"frac": 0.4, "qualify": True}, {"units": [4]}, "MW"),
        # Nothing is ready on site, so what may still be imported is what carries the load.
        ("sb6.firm-load-shed", {"import_frac": 1.0}, {}, "MW"),
        ("sb6.deploy-or-curtail", {"import_cap_frac": 1.0}, {}, "MW"),
    ],
)
def test_a_limit_that_is_just_kept_leaves_nothing(
    rule_id: str, params: dict[str, Any], given: dict[str, Any], unit: str
) -> None:
    found = stands(rule_id, params, **given)
    assert (found.status, found.unit) == ("pass", unit)
    assert found.margin == pytest.approx(0.0, abs=1e-6)
    tighter = {
        "ercot.controllable-load": {"low_power_mw": 99.0},
        "tx.batch-timeline": {"withdrawal_by_year_mw": (99.0,)},
        "ercot.ride-through": {"ups_mw": 7.0},
        "ercot.load-swing": {"swing_mw": 23.0},
        "air.emergency-hours": {"non_emergency_h_per_yr": 3 * 2190.0 - 0.5},
        "minimum-onsite": {"frac": 0.41},
        "sb6.backup-definition": {"frac": 0.41},
        "sb6.firm-load-shed": {"import_frac": 0.99},
        "sb6.deploy-or-curtail": {"import_cap_frac": 0.99},
    }[rule_id]
    broken = stands(rule_id, {**params, **tighter}, **given)
    assert (broken.status, broken.margin) == ("fail", pytest.approx(-1.0))


def test_a_turbine_may_run_just_so_much() -> None:
    """12 MW for 9 of 20 hours are 45 %."""
    axis = make_axis((20,))
    low = make_unit(
        axis,
        name="low",
        kind="industrial-turbine",
        rating_mw=12.0,
        net_rating_mw=12.0,
        pmax_mw=12.0,
        pmin_mw=4.0,
        segment_alpha_mmbtu_per_h=(10.0,),
        lb_per_mwh={"nox": 0.5},
    )
    grid = make_grid(axis, withdrawal_max_mw=100.0)
    case = make_case(axis, demand_mw=12.0, units=(low,), grid=grid)
    for n_hours, status in ((9, "pass"), (10, "fail")):
        runs = np.arange(20) < n_hours
        given = {"online": [runs], "output_mw": [12.0 * runs], "import_mw": 12.0 * ~runs}
        found = stands("air.nsps-kkkka", {}, case, units=[1], **given)
        assert found.status == status
    assert found.margin == pytest.approx(-12.0 * 438.0)
    assert found.unit == "MWh"


def test_a_large_turbine_has_its_limit_by_efficiency() -> None:
    """At 8.5 MMBtu/MWh 40 % and 25 ppm, at 9.5 MMBtu/MWh 36 % and 9 ppm."""
    lanes = []
    for heat_rate in (8.5, 9.5):
        unit = engine(
            three_days().axis,
            name="frame",
            kind="frame-turbine",
            rating_mw=200.0,
            net_rating_mw=200.0,
            segment_alpha_mmbtu_per_h=(0.0,),
            segment_beta_mmbtu_per_mwh=(heat_rate,),
            lb_per_mwh={"nox": 0.4},
        )
        case = under(three_days(units=(unit,)), "air.nsps-kkkka", {})
        plan = make_plan(case, [0], withdrawal_mw=150.0, import_mw=case.demand_mw)
        found = outcome_of(verify_plan(case, plan), "air.nsps-kkkka")
        lanes.append({row.what: row.value for row in found.evidence_rows}["frame: lane"])
    assert lanes == ["low utilisation", "not built"]


SITE = """\
schema_version = 1
name = "turbines"

[site]
latitude = 31.95
longitude = -102.18
timezone = "America/Chicago"
emission_controls = false

[time]
start = 2025-07-01
hours = 24

[demand]
profile = "flat"
peak_mw = 100

[[unit]]
technology = "{}"
n_max = 9
"""


@pytest.mark.parametrize(
    ("technology", "lane"),
    [
        ("titan-350", "any utilisation"),
        ("lm2500-g4", "low utilisation"),
        ("7f-05", "low utilisation"),
        ("sgt-800", "any utilisation"),
    ],
)
def test_rates_of_the_catalog_are_not_refused_for_their_rounding(
    technology: str, lane: str, tmp_path: Path
) -> None:
    """Without catalysts: 15, 25 and 9 ppm, stated in pounds per MWh to three decimals."""
    file = tmp_path / "site.toml"
    file.write_text(SITE.format(technology), encoding="utf-8")
    case = build_case(load_site(file))
    assert f"({lane})" in applicability(case, "air.nsps-kkkka", {}).reason


def test_emergencies_count_no_hours() -> None:
    """One unit that runs in the hour of firm load shed alone."""
    runs = EVENTS["firm_load_shed"]
    found = stands(
        "air.emergency-hours",
        {},
        units=[1],
        online=[runs],
        output_mw=[10.0 * runs],
        import_mw=100.0 - 10.0 * runs,
    )
    assert (found.status, found.margin) == ("pass", 50.0)


@pytest.mark.parametrize(("steps", "status"), [(1, "pass"), (2, "pass"), (3, "fail")])
def test_a_rate_for_few_hours_alone_leaves_just_these(steps: int, status: str) -> None:
    """Each of four steps is a quarter of the year, and half a year is few."""
    runs = np.arange(4) < steps
    found = stands(
        "air.nox-rate",
        {"few_h_per_yr": 4380.0},
        changed(CASE, units=(replace(UNIT, lb_per_mwh={"nox": 0.3}),)),
        units=[1],
        online=[runs],
        output_mw=[10.0 * runs],
        import_mw=100.0 - 10.0 * runs,
    )
    assert found.status == status
    shown = {row.what: row.value for row in found.evidence_rows}
    assert [value for what, value in shown.items() if what.endswith("hours of each")] == [
        pytest.approx(2190.0 * steps)
    ]


def test_storage_asked_for_by_nobody_is_a_checklist() -> None:
    found = stands("ercot.ride-through", {})
    assert (found.status, found.margin) == ("checklist", None)
    assert "to be attested by the planner" in {row.value for row in found.evidence_rows}


def test_storage_that_is_enough_is_still_to_be_attested() -> None:
    asked = {"frac": 0.2, "ups_mw": 8.0}
    found = stands("ercot.ride-through", asked, modules=[3])
    assert (found.status, found.margin) == ("checklist", 0.0)
    assert stands("ercot.ride-through", asked, modules=[2]).status == "fail"
    said = stands("ercot.ride-through", {"is_attested": True})
    assert (said.status, said.margin) == ("pass", None)
    assert "attested, as the site says" in {row.value for row in said.evidence_rows}


def test_what_carries_an_emergency_is_told_by_unit() -> None:
    runs = EVENTS["emergency"]
    given = {"online": [4 * np.ones(4)], "output_mw": [40.0 * runs], "import_mw": 100.0 - 40 * runs}
    found = stands("sb6.deploy-or-curtail", {"import_cap_frac": 0.6}, units=[4], **given)
    assert (found.status, found.margin, found.binding_hours) == ("pass", 0.0, 1.0)
    shown = {row.what.split("UTC: ")[-1]: row.value for row in found.evidence_rows}
    assert shown["ready within"] == 30.0
    told = ("import before", "import", UNIT.name, "curtailed", "batteries")
    assert [shown[what] for what in told] == [100.0, 60.0, 40.0, 0.0, 0.0]


@pytest.mark.parametrize("rule_id", ["minimum-onsite", "sb6.backup-definition"])
def test_mean_demand_counts_years_by_their_probability(rule_id: str) -> None:
    """100 MW in nine years of ten and 200 MW in the tenth are 110 MW."""
    axis = make_axis((2, 2), probability=(0.9, 0.1))
    demand = np.array([100.0, 100.0, 200.0, 200.0])
    case = make_case(axis, demand_mw=demand, grid=make_grid(axis, withdrawal_max_mw=200.0))
    params = {"frac": 1.0, "basis": "mean"}
    found = stands(rule_id, params, case, withdrawal_mw=200.0, import_mw=demand)
    shown = {row.what: row.value for row in found.evidence_rows}
    assert shown["needed"] == pytest.approx(110.0)


def test_an_islanded_site_takes_up_all_of_a_swing() -> None:
    case = changed(CASE, grid=None)
    plan = make_plan(case, [4], online=[4], output_mw=[40.0], unserved_mw=60.0, modules=[3])
    ruled = under(case, "ercot.load-swing", {"swing_mw": 22.0})
    assert outcome_of(verify_plan(ruled, plan), "ercot.load-swing").status == "fail"


def test_import_can_be_shut_out_of_an_interruption_of_gas() -> None:
    case = three_days(events={"gas_interruption": hours(three_days(), 3)})
    plan = make_plan(case, [0], withdrawal_mw=120.0, import_mw=case.demand_mw)
    for is_allowed, status in ((True, "pass"), (False, "fail")):
        ruled = under(case, "fuel-security", {"is_import_allowed": is_allowed})
        found = outcome_of(verify_plan(ruled, plan), "fuel-security")
        assert found.status == status


def test_only_what_is_drawn_can_be_sold() -> None:
    """A site that serves itself has no import to reduce."""
    scene = scenes()["sb6.demand-reduction"]
    case = scene.with_rule()
    plan = make_plan(case, [10], online=[10], output_mw=[case.demand_mw])
    found = outcome_of(verify_plan(case, plan), scene.id)
    assert found.cost_usd == 0.0


def test_no_more_is_sold_than_may_be_offered() -> None:
    scene = scenes()["sb6.demand-reduction"]
    found = solved(scene.with_rule(reduction_max_mw=24.0))
    assert found.verification.costs_usd["rules"] == pytest.approx(-24.0 * 42_840.0)
    assert found.plan.units.tolist() == [2]


CHAIN = {
    "sb6.security": {},
    "ercot.controllable-load": {"metering": "pclr", "low_power_mw": 40.0},
    "ercot.ride-through": {"frac": 0.3},
    "ercot.load-swing": {"swing_mw": 50.0},
    "tx.batch-timeline": {"withdrawal_by_year_mw": (90.0,)},
    "ercot.transmission-charge": {},
    "minimum-onsite": {"frac": 0.4},
    "air.nsps-kkkka": {},
}


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_one_more_rule_never_lowers_the_cost(seed: int) -> None:
    """In any order, and none of these pays anything."""
    order = random.Random(seed).sample(sorted(CHAIN), len(CHAIN))  # noqa: S311 - no secret
    units = (turbine("low", 0.5, capital_usd_per_yr=90_000.0), turbine("clean", 0.1))
    case = three_days(
        units=units,
        batteries=(make_battery(n_max=20, module_mw=4.0, usable_mwh=8.0),),
        events={"grid_constraint": hours(three_days(), 5, 6)},
    )
    cost = 0.0
    for count in range(0, len(order) + 1, 2):
        choices = tuple(RuleChoice(name, CHAIN[name]) for name in order[:count])
        found = solved(changed(case, rules=RuleTable(choices=choices))).cost_usd
        assert found >= cost * (1 - 1e-6)
        cost = found


@pytest.mark.parametrize(
    ("rule_id", "more"),
    [
        ("minimum-billing", {}),
        ("ercot.transmission-charge", {}),
        ("ercot.transmission-charge", {"regime": "minimum-billing"}),
        ("sb6.demand-reduction", {}),
    ],
)
def test_both_methods_agree_on_what_is_charged_or_paid(rule_id: str, more: dict[str, Any]) -> None:
    whole = solved(scenes()[rule_id].with_rule(**more))
    proposal = decomposed(whole.case)
    assert proposal.plan is not None
    assert proposal.bound_usd is not None
    verification = verify_plan(whole.case, proposal.plan)
    assert verification.findings == ()
    assert proposal.bound_usd <= whole.cost_usd * (1 + 1e-6)
    assert proposal.bound_usd >= whole.cost_usd * (1 - 1e-2)
    assert verification.objective_usd <= whole.cost_usd * (1 + 5e-3)
