"""What holds of rules on any site: drawn demand, fleets and parameters, on half a day in July."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from model.cases import changed, make_axis, make_battery, make_case, make_grid
from rules.kit import engine, outcome_of, under
from unit.verify.plans import make_plan

from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.rules.assemble import build_site_model
from optmix.rules.registry import find_rule
from optmix.solve.extract import extract_plan
from optmix.solve.handoff import hand_off
from optmix.solve.highs import solve_highs
from optmix.solve.layout import Layout
from optmix.solve.outcome import Limits
from optmix.units import USD_PER_KUSD
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.data.plan import Plan
    from optmix.schema.result import RuleOutcome

AXIS = replace(make_axis((6,), step_h=2.0, day=np.zeros(6, dtype=int)), month_label=("2025-07",))
EVENTS = {
    kind: np.array([False, False, True, True, False, False])
    for kind in ("emergency", "firm_load_shed", "grid_constraint", "gas_interruption")
}
CLOSE = 1e-6
"""Share of a cost by which solver and verifier may differ."""

LIMITS = Limits(gap=2e-3, time_limit_s=10.0)
"""What is found is compared by its bounds, so that proving the last dollar is not needed."""

FEW = settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
"""Each example takes solves, so few are drawn, and none is made smaller."""

figures = {
    "sb6.security": {"security_usd_per_mw": st.floats(0, 1e6)},
    "sb6.study-fee": {"study_fee_usd": st.floats(0, 1e7)},
    "sb6.backup-definition": {"qualify": st.just(value=True), "frac": st.floats(0, 1)},
    "sb6.deploy-or-curtail": {"import_cap_frac": st.floats(0, 1), "notice_h": st.floats(0, 1)},
    "sb6.firm-load-shed": {"import_frac": st.floats(0, 1)},
    "ercot.transmission-charge": {"rate_usd_per_mw_yr": st.floats(0, 1e5)},
    "ercot.withdrawal-limit": {
        "metering": st.just("wlpun"),
        "withdrawal_limit_mw": st.floats(20, 150),
    },
    "ercot.controllable-load": {"metering": st.just("pclr"), "low_power_mw": st.floats(0, 150)},
    "ercot.ride-through": {"frac": st.floats(0, 0.15)},
    "ercot.load-swing": {"swing_mw": st.floats(0, 30)},
    "tx.batch-timeline": {"withdrawal_by_year_mw": st.tuples(st.floats(0, 150))},
    "minimum-onsite": {"frac": st.floats(0, 1)},
    "air.site-tpy": {"cap_tpy": st.floats(120, 600)},
    "air.emergency-hours": {
        "emergency_units": st.just(("engine",)),
        "non_emergency_h_per_yr": st.floats(4500, 8784),
    },
}
"""Rules with parameters that leave some plan on every site that is drawn."""

rules = st.sampled_from(sorted(figures)).flatmap(
    lambda name: st.builds(RuleChoice, st.just(name), st.fixed_dictionaries(figures[name]))
)


@st.composite
def sites(draw: st.DrawFn) -> Case:
    """Return a tied site with engines, batteries and 80 to 130 MW of demand."""
    demand = np.array(draw(st.lists(st.floats(80, 130), min_size=6, max_size=6)))
    price = draw(st.floats(15, 60))
    unit = engine(AXIS, name="engine", n_max=14, lb_per_mwh={"nox": draw(st.floats(0.02, 0.12))})
    return make_case(
        AXIS,
        demand_mw=demand,
        units=(unit,),
        batteries=(make_battery(n_max=8, module_mw=4.0, usable_mwh=8.0),),
        grid=make_grid(AXIS, withdrawal_max_mw=150.0, import_price_usd_per_mwh=price),
        events=EVENTS,
    )


def under_all(case: Case, choices: tuple[RuleChoice, ...]) -> Case:
    return changed(case, rules=RuleTable(choices=choices))


class Found(NamedTuple):
    """A plan near the best one, its cost, and what no plan costs less than."""

    plan: Plan
    cost_usd: float
    bound_usd: float


def found(case: Case) -> Found:
    handoff = hand_off(build_site_model(case))
    outcome = solve_highs(handoff.program, LIMITS, isolated=False)
    assert outcome.values is not None, outcome.reason
    assert outcome.bound is not None
    plan = extract_plan(case, Layout.of(handoff), outcome.values)
    verified = verify_plan(case, plan)
    assert verified.findings == ()
    return Found(plan, verified.objective_usd, outcome.bound * USD_PER_KUSD)


def test_a_tie_takes_up_no_more_of_a_swing_than_is_contracted() -> None:
    case = make_case(
        AXIS,
        demand_mw=np.full(6, 100.0),
        units=(engine(AXIS, name="engine", n_max=14),),
        batteries=(make_battery(n_max=8, module_mw=4.0, usable_mwh=8.0),),
        grid=make_grid(AXIS, withdrawal_max_mw=150.0, import_price_usd_per_mwh=1000.0),
    )
    swing = RuleChoice("ercot.load-swing", {"swing_mw": 24.0})
    plan = found(under_all(case, (swing,))).plan
    on_site_mw = plan.cover_mw.sum(axis=0) + plan.online[0] * case.units[0].step_mw
    assert plan.withdrawal_mw < 10.0  # what a tie could take up
    assert on_site_mw.min() + plan.withdrawal_mw >= 24.0 - 1e-6


@FEW
@given(sites(), rules, rules)
def test_one_more_rule_never_lowers_the_cost(case: Case, one: RuleChoice, more: RuleChoice) -> None:
    assert_never_lowers(case, one, more)


@pytest.mark.slow
@settings(FEW, max_examples=30)
@given(sites(), rules, rules)
def test_one_more_rule_never_lowers_the_cost_of_many_sites(
    case: Case, one: RuleChoice, more: RuleChoice
) -> None:
    assert_never_lowers(case, one, more)


def assert_never_lowers(case: Case, one: RuleChoice, more: RuleChoice) -> None:
    """No rule without pay makes a site cheaper, alone or beside another one."""
    both = (one,) if one.id == more.id else (one, more)
    assert not any(find_rule(each.id).pays for each in both)
    results = [found(under_all(case, both[:count])) for count in range(len(both) + 1)]
    for fewer, further in pairwise(results):
        assert further.cost_usd >= fewer.bound_usd * (1 - CLOSE)


@FEW
@given(sites(), rules)
def test_a_rule_that_the_plan_keeps_anyway_costs_what_it_charges(
    case: Case, choice: RuleChoice
) -> None:
    """And nothing where it charges nothing."""
    without, ruled = found(case), under_all(case, (choice,))
    outcome = outcome_of(verify_plan(ruled, without.plan), choice.id)
    if outcome.status != "fail":
        least = found(ruled)
        assert least.bound_usd <= (without.cost_usd + outcome.cost_usd) * (1 + CLOSE)
        gap = LIMITS.gap * least.cost_usd
        assert least.cost_usd - without.cost_usd - outcome.cost_usd <= 2 * gap


# --- Margins: no solve, a plan as it is drawn ---------------------------------------------------

counts = st.integers(1, 8)
imports = st.lists(st.floats(1, 100), min_size=6, max_size=6)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Case, Any]:
    """Return a site and a plan of it, with which nothing but rules is looked at."""
    case, n, modules = draw(sites()), draw(counts), draw(counts)
    imported = np.array(draw(imports))
    plan = make_plan(
        case,
        [n],
        modules=[modules],
        online=[n],
        output_mw=[np.full(6, 4.0 * n)],
        withdrawal_mw=150.0,
        import_mw=imported,
    )
    return case, plan


def edge(name: str, case: Case, plan: Any) -> tuple[dict[str, Any], str, float]:
    """Return other parameters, the one that is to be just kept, and the value that is just kept."""
    n, unit = float(plan.units[0]), case.units[0]
    peak, events = float(case.demand_mw.max()), EVENTS["emergency"]
    modules_mw = 4.0 * float(plan.modules[0])
    up = 1.0 - unit.forced_outage_frac
    return {
        "minimum-onsite": ({}, "frac", 12.0 * n * up / peak),
        "sb6.backup-definition": ({"qualify": True}, "frac", 12.0 * n / peak),
        "ercot.ride-through": ({"is_attested": True}, "frac", modules_mw / peak),
        "ercot.controllable-load": (
            {"metering": "pclr"},
            "low_power_mw",
            float(plan.import_mw[events].max()),
        ),
        "ercot.withdrawal-limit": (
            {"metering": "wlpun", "is_unit_loss_tested": False},
            "withdrawal_limit_mw",
            float(plan.import_mw.max()),
        ),
        "air.site-tpy": (
            {"pollutants": ("nox",)},
            "cap_tpy",
            n * 12.0 * unit.lb_per_mwh["nox"] * 8760.0 / 2000.0,
        ),
        "tx.batch-timeline": ({}, "withdrawal_by_year_mw", float(plan.import_mw.max())),
    }[name]


def stands(case: Case, plan: Any, name: str, params: dict[str, Any]) -> RuleOutcome:
    return outcome_of(verify_plan(under(case, name, params), plan), name)


@pytest.mark.parametrize(
    ("name", "tighter"),
    [
        ("minimum-onsite", 1.001),
        ("sb6.backup-definition", 1.001),
        ("ercot.ride-through", 1.001),
        ("ercot.controllable-load", 0.999),
        ("ercot.withdrawal-limit", 0.999),
        ("air.site-tpy", 0.999),
        ("tx.batch-timeline", 0.999),
    ],
)
@settings(max_examples=15, deadline=None)
@given(plans())
def test_margins_are_exact_at_equality(name: str, tighter: float, drawn: tuple[Case, Any]) -> None:
    case, plan = drawn
    more, figure, just = edge(name, case, plan)

    def at(value: float) -> RuleOutcome:
        written = (value,) if figure == "withdrawal_by_year_mw" else value
        return stands(case, plan, name, {**more, figure: written})

    kept = at(just)
    assert kept.status == "pass"
    assert kept.margin == pytest.approx(0.0, abs=1e-9 * max(1.0, just))
    assert kept.margins[0].binds
    if just * tighter <= 1.0 or figure != "frac":
        broken = at(just * tighter)
        assert broken.status == "fail"
        assert broken.margin is not None
        assert broken.margin < 0
