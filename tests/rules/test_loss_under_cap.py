"""Where a rule caps import, the loss of a unit may lean on no more of the grid than the cap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from model.cases import (
    N_MINUS_1,
    NO_SECURITY,
    changed,
    make_axis,
    make_case,
    make_grid,
    make_stock,
    make_unit,
)
from rules.kit import decomposed, engine, hours, outcome_of, scenes, solved, three_days, under
from unit.verify.plans import make_plan

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case

AXIS = make_axis((4,))
EVENT = np.array([False, False, True, True])
KINDS = ("emergency", "firm_load_shed", "grid_constraint", "gas_interruption")
NEW = make_unit(
    AXIS,
    name="new",
    n_max=4,
    rating_mw=10.0,
    net_rating_mw=10.0,
    pmax_mw=10.0,
    pmin_mw=0.0,
    start_min=5.0,
    fuel="natural_gas",
)
OLD = replace(NEW, name="old", n_max=1)
CASE = make_case(
    AXIS,
    demand_mw=20.0,
    units=(NEW, OLD),
    grid=make_grid(AXIS, withdrawal_max_mw=100.0, import_price_usd_per_mwh=1.0),
    events=dict.fromkeys(KINDS, EVENT),
    security=N_MINUS_1,
)
CAPS: dict[str, dict[str, Any]] = {
    "sb6.deploy-or-curtail": {},
    "sb6.firm-load-shed": {},
    "sb6.net-metering-review": {"existing_units": ("old",)},
    "ercot.controllable-load": {"metering": "pclr"},
}


def stands(case: Case, rule_id: str, n_online: int, serving: Any = EVENT) -> Any:
    """Return how a plan stands that carries the load by new units in the steps of an event."""
    plan = make_plan(
        case,
        [n_online, 0],
        online=[n_online, 0],
        output_mw=[20.0 * serving, 0.0],
        import_mw=20.0 * ~serving,
        withdrawal_mw=20.0,
    )
    return outcome_of(verify_plan(case, plan), rule_id)


@pytest.mark.parametrize("rule_id", CAPS)
def test_two_units_that_run_full_may_not_lose_one(rule_id: str) -> None:
    case = under(CASE, rule_id, CAPS[rule_id])
    left = {n: stands(case, rule_id, n).margins for n in (2, 3)}
    losses = {n: [each for each in found if "loss" in each.what] for n, found in left.items()}
    assert [(each.of, each.margin) for each in losses[2]] == [("new", pytest.approx(-10.0))]
    assert [(each.of, each.margin) for each in losses[3]] == [("new", pytest.approx(0.0))]
    unguarded = changed(case, security=NO_SECURITY)
    assert stands(unguarded, rule_id, 2).status == "pass"


@pytest.mark.parametrize("rule_id", CAPS)
def test_the_model_buys_the_unit_that_may_be_lost(rule_id: str) -> None:
    """Existing units are released in the event, so that new ones carry it alone."""
    units = solved(under(CASE, rule_id, CAPS[rule_id])).plan.units.tolist()
    assert units[0] == 3 if rule_id == "sb6.net-metering-review" else sum(units) == 3


def test_import_shut_out_of_an_interruption_of_gas_helps_with_no_loss() -> None:
    shut = {"is_import_allowed": False}
    oil = (replace(NEW, fuel="diesel"), OLD)
    case = under(changed(CASE, units=oil), "fuel-security", shut)
    found = {n: stands(case, "fuel-security", n) for n in (2, 3)}
    assert [each.status for each in found.values()] == ["fail", "pass"]
    assert found[2].margin == pytest.approx(-10.0)
    tank = make_stock(
        name="lng", fuel="natural_gas", capacity_mmbtu=6_000.0, refill_max_mmbtu_per_h=1_000.0
    )
    ruled = under(changed(CASE, stocks=(tank,)), "fuel-security", shut)
    assert solved(ruled).plan.units.sum() == 3


def test_a_cap_leaves_what_it_leaves() -> None:
    """10 MW may still be imported: they replace the unit that is lost."""
    params = {"metering": "pclr", "low_power_mw": 10.0}
    case = under(CASE, "ercot.controllable-load", params)
    assert stands(case, "ercot.controllable-load", 2).status == "pass"


def test_a_reduction_that_is_sold_is_kept_after_a_loss() -> None:
    """As many engines as without the guard carry the call, and one more that may be lost."""
    scene = scenes()["sb6.demand-reduction"]
    plain, guarded = (
        solved(changed(scene.with_rule(), security=security))
        for security in (NO_SECURITY, N_MINUS_1)
    )
    assert plain.plan.units.tolist() == [10]
    assert guarded.plan.units.tolist() == [11]
    for each in (plain, guarded):
        assert each.verification.costs_usd["rules"] == pytest.approx(-120.0 * 42_840.0)


def both(case: Case) -> Case:
    """Return a site with a limit on withdrawal that a cap of another rule narrows."""
    choices = (
        RuleChoice("ercot.withdrawal-limit", {"metering": "wlpun"}),
        RuleChoice("sb6.firm-load-shed", {}),
    )
    return changed(case, security=NO_SECURITY, rules=RuleTable(choices=choices))


def test_a_limit_after_a_loss_is_that_of_the_narrowest_rule() -> None:
    case = both(CASE)
    assert stands(case, "ercot.withdrawal-limit", 2).margin == pytest.approx(-10.0)
    assert stands(case, "ercot.withdrawal-limit", 3).status == "pass"
    assert solved(case).plan.units.sum() == 3


@pytest.mark.parametrize("is_limited", [False, True])
def test_both_methods_guard_the_loss(is_limited: bool) -> None:
    plain = three_days()
    shed = {"firm_load_shed": hours(plain, 12, 13)}
    case = three_days(
        units=(engine(plain.axis, n_max=14),), events=shed, security=N_MINUS_1, demand_mw=110.0
    )
    ruled = both(case) if is_limited else under(case, "sb6.firm-load-shed", {})
    whole = solved(ruled)
    assert whole.plan.units.tolist() == [11]
    proposal = decomposed(ruled)
    assert proposal.plan is not None
    verification = verify_plan(ruled, proposal.plan)
    assert verification.findings == ()
    assert proposal.bound_usd is not None
    assert proposal.bound_usd <= whole.cost_usd * (1 + 1e-6)
    assert verification.objective_usd <= whole.cost_usd * (1 + 5e-3)
