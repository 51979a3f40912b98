"""What rules ask of single parts of the decomposition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from model.cases import changed, make_axis, make_case, make_grid
from rules.kit import decomposed, engine, hours, solved, three_days, under

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case

CASE = three_days()
EMERGENCY = {"emergency": hours(CASE, 5, 6, 15, 16, 17)}


def agree(case: Case) -> None:
    """Both methods find plans of the same cost, which the verifier accepts."""
    whole = solved(case)
    proposal = decomposed(whole.case)
    assert proposal.plan is not None, proposal.reason
    verification = verify_plan(whole.case, proposal.plan)
    assert verification.findings == ()
    assert verification.objective_usd >= whole.cost_usd * (1 - 1e-6)
    assert verification.objective_usd <= whole.cost_usd * (1 + 5e-3)
    assert proposal.bound_usd is not None
    assert proposal.bound_usd <= whole.cost_usd * (1 + 1e-6)
    assert proposal.bound_usd >= whole.cost_usd * (1 - 1e-2), proposal.bound_usd / whole.cost_usd


def test_what_only_sizes_can_give_is_asked_for_in_its_step() -> None:
    """It is cheaper to serve nothing in the emergency, but ten engines must be ready for it."""
    case = three_days(voll_usd_per_mwh=1.0, events=EMERGENCY)
    ruled = under(case, "sb6.deploy-or-curtail", {})
    assert solved(case).plan.units.tolist() == [0]
    assert solved(ruled).plan.units.tolist() == [10]
    agree(ruled)


@pytest.mark.parametrize("cap_tpy", [60.0, 30.0])
def test_a_yearly_sum_is_shared_among_windows(cap_tpy: float) -> None:
    """Engines without NOx are dear, so all that the cap allows is emitted, in any window."""
    axis = CASE.axis
    dirty = engine(axis, name="dirty", lb_per_mwh={"nox": 0.2})
    clean = engine(axis, name="clean", lb_per_mwh={}, vom_usd_per_mwh=40.0)
    demand = 100.0 + 20.0 * np.sin(np.arange(24.0))
    case = three_days(units=(dirty, clean), grid=None, demand_mw=demand)
    ruled = under(case, "air.site-tpy", {"basis": "actual", "cap_tpy": cap_tpy})
    plan = solved(ruled)
    assert plan.verification.emissions_tpy["nox"] == pytest.approx(cap_tpy, rel=1e-4)
    agree(ruled)


def test_a_window_without_an_event_is_left_alone() -> None:
    """Events of one day only; windows are days."""
    events = {"emergency": hours(CASE, 9, 10)}
    agree(under(three_days(events=events), "sb6.deploy-or-curtail", {}))


def test_years_with_different_events() -> None:
    """The same three days in two years, of which only the second has an emergency."""
    axis = replace(
        make_axis(
            (24, 24),
            step_h=3.0,
            probability=(0.8, 0.2),
            day=np.repeat(np.arange(6), 8).tolist(),
        ),
        month_label=("2025-07", "2026-07"),
    )
    case = make_case(
        axis,
        demand_mw=np.tile(CASE.demand_mw, 2),
        units=(engine(axis),),
        grid=make_grid(axis, withdrawal_max_mw=150.0, import_price_usd_per_mwh=25.0),
    )
    events = {"emergency": hours(case, 29, 30, 31)}
    ruled = under(changed(case, events=events), "sb6.deploy-or-curtail", {})
    imported = solved(ruled).plan.import_mw
    assert (imported[[29, 30, 31]] <= 1e-6).all()
    assert (imported[[5, 6, 7]] > 0).all()
    agree(ruled)


def test_a_whole_pack_holds_in_both() -> None:
    """Everything of Texas at once, with engines that are small and clean enough."""
    axis = CASE.axis
    small = engine(axis, rating_mw=9.0, net_rating_mw=9.0, pmax_mw=9.0, n_max=16, pmin_mw=3.0)
    events = EMERGENCY | {"firm_load_shed": hours(CASE, 21, 22)}
    wlpun = RuleChoice("ercot.withdrawal-limit", {"metering": "wlpun"})
    table = RuleTable("tx-2026-10", (wlpun,))
    case = three_days(units=(small,), events=events, rules=table)
    found = {each.id: each.status for each in solved(case).verification.rules}
    idle = {name for name, status in found.items() if status == "not applicable"}
    assert set(found.values()) == {"pass", "info", "checklist", "not applicable"}
    assert idle == {
        "sb6.ciac",
        "sb6.demand-reduction",
        "sb6.net-metering-review",
        "ercot.controllable-load",
        "ercot.load-swing",
        "tx.batch-timeline",
        "air.nsps-kkkka",
        "air.emergency-hours",
    }
    assert found["sb6.backup-definition"] == "checklist"
    agree(case)
