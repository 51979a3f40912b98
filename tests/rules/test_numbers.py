"""Figures of real projects and of the law, each worked out by hand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes.reliability import simple_system
from model.cases import make_axis, make_case, make_grid, make_unit
from rules.kit import applicability, outcome_of, under
from unit.verify.plans import make_plan

from optmix.data.finance import capital_recovery_factor
from optmix.reliability import n_plus
from optmix.rules.air.nsps_kkkka import lb_per_mwh_of_ppm
from optmix.rules.general.minimum_billing import MinimumBillingParams, billed_at_least_mw
from optmix.rules.measures import potential_tpy_of_one
from optmix.rules.sb6.security import SbSixSecurityParams, annual_usd_per_mw
from optmix.units import (
    HOURS_PER_YEAR,
    LB_PER_MWH_PER_G_PER_BHP_H,
    LB_PER_SHORT_TON,
    NOX_LB_PER_MMBTU_PER_PPM,
)
from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.data.case import Case
    from optmix.schema.result import RuleOutcome

AXIS = make_axis((2,))


def site_tpy(lb_per_mwh: float, mw: float, **params: object) -> tuple[RuleOutcome, Case]:
    """Return how one unit of a size and a rate stands to the yearly cap."""
    unit = make_unit(
        AXIS,
        rating_mw=mw,
        net_rating_mw=mw,
        pmax_mw=mw,
        pmin_mw=0.0,
        lb_per_mwh={"nox": lb_per_mwh},
    )
    case = under(make_case(AXIS, units=(unit,)), "air.site-tpy", params)
    plan = make_plan(case, [1], online=[1], output_mw=[mw])
    return outcome_of(verify_plan(case, plan), "air.site-tpy"), case


def test_abilene_emits_221_tons() -> None:
    """TCEQ registration 177263: 0.14 lb/MWh * 360.5 MW * 8,760 h / 2,000 lb = 221.06."""
    found, case = site_tpy(0.14, 360.5)
    assert potential_tpy_of_one(case.units[0], "nox") == pytest.approx(221.06, abs=0.01)
    assert found.status == "pass"
    assert found.margin == pytest.approx(250.0 - 221.06, abs=0.01)
    assert found.unit == "short ton/yr"


@pytest.mark.parametrize(("lb_per_mwh", "mw"), [(0.14, 408), (0.10, 571), (0.05, 1142)])
@pytest.mark.parametrize("basis", ["pte", "actual"])
def test_250_tons_allow_so_many_average_mw(lb_per_mwh: float, mw: int, basis: str) -> None:
    assert round(250 * LB_PER_SHORT_TON / HOURS_PER_YEAR / lb_per_mwh) == mw
    # Of 570.8 MW, for example, 571 are 0.4 tons too many.
    assert site_tpy(lb_per_mwh, mw - 1, basis=basis)[0].status == "pass"
    assert site_tpy(lb_per_mwh, mw + 1, basis=basis)[0].status == "fail"


def limited(n_units: int) -> tuple[RuleOutcome, RuleOutcome]:
    """Return how 1,000 MW, a limit of 100 MW and units of 500 MW stand to the limit.

    Without the test of a loss, and with it.
    """
    unit = make_unit(
        AXIS, n_max=3, rating_mw=500.0, net_rating_mw=500.0, pmax_mw=500.0, pmin_mw=100.0
    )
    grid = make_grid(AXIS, withdrawal_max_mw=100.0)
    case = make_case(AXIS, demand_mw=1000.0, units=(unit,), grid=grid)
    plan = make_plan(
        case,
        [n_units],
        online=[n_units],
        output_mw=[1000.0],
        withdrawal_mw=100.0,
        import_mw=0.0,
    )
    found = []
    for is_tested in (False, True):
        params = {"metering": "wlpun", "is_unit_loss_tested": is_tested}
        ruled = under(case, "ercot.withdrawal-limit", params)
        found.append(outcome_of(verify_plan(ruled, plan), "ercot.withdrawal-limit"))
    return found[0], found[1]


def test_loss_of_one_of_two_units_leaves_400_mw_to_shed() -> None:
    """1,000 MW of load less 100 of the limit less 500 of the other unit."""
    whole, after_loss = limited(2)
    assert whole.status == "pass"
    assert after_loss.status == "fail"
    assert after_loss.margin == pytest.approx(-400.0)


def test_a_third_unit_carries_the_loss_exactly_with_the_tie_to_spare() -> None:
    """Two units left give 1,000 MW, so all of the 100 MW are still there."""
    assert limited(3)[1].margin == pytest.approx(100.0)


def test_security_of_300_mw_is_15_million() -> None:
    """300 MW * 50,000 USD/MW; 1.5 % of it for 3 years, spread over 30, at 9 %."""
    grid = make_grid(AXIS, withdrawal_max_mw=300.0)
    case = under(make_case(AXIS, units=(), grid=grid, demand_mw=300.0), "sb6.security", {})
    plan = make_plan(case, [], withdrawal_mw=300.0, import_mw=300.0)
    found = outcome_of(verify_plan(case, plan), "sb6.security")
    posted = {row.what: row.value for row in found.evidence_rows}["security posted"]
    assert posted == pytest.approx(15.0e6)
    present_value = sum(0.015 * 15.0e6 / 1.09**year for year in (1, 2, 3))
    annual = present_value * capital_recovery_factor(0.09, 30.0)
    assert found.cost_usd == pytest.approx(annual)


def test_what_is_not_refunded_is_capital() -> None:
    params = SbSixSecurityParams(security_usd_per_mw=0.0, nonrefundable_usd_per_mw=1_000.0)
    assert annual_usd_per_mw(0.0, params) == pytest.approx(1_000.0 / 30.0)


def test_margins_are_exact_at_equality() -> None:
    """0.5 lb/MWh at 10 MW are 21.9 tons: a cap of just that leaves nothing and passes."""
    found, _ = site_tpy(0.5, 10.0, cap_tpy=21.9)
    assert found.status == "pass"
    assert found.margin == pytest.approx(0.0, abs=1e-9)
    assert site_tpy(0.5, 10.0, cap_tpy=21.89)[0].status == "fail"


def test_hours_that_bind_are_counted() -> None:
    """Import stands at the limit in one of two steps of an hour."""
    grid = make_grid(AXIS, withdrawal_max_mw=100.0)
    case = under(
        make_case(AXIS, units=(), grid=grid, demand_mw=np.array([100.0, 40.0])),
        "ercot.withdrawal-limit",
        {"metering": "wlpun"},
    )
    plan = make_plan(case, [], withdrawal_mw=100.0, import_mw=np.array([100.0, 40.0]))
    found = outcome_of(verify_plan(case, plan), "ercot.withdrawal-limit")
    assert (found.status, found.margin) == ("pass", 0.0)
    # That there is no export either is no margin of 0 MW, and no hour that binds.
    assert found.binding_hours == 1.0


# --- Minimum billing, release, redundancy, conversions ------------------------------------------


@pytest.mark.parametrize(
    ("contract_mw", "billed_mw"),
    [(20.0, 12.0), (25.0, 15.0), (75.0, 57.5), (100.0, 82.5), (116.0, 98.5), (200.0, 170.0)],
)
def test_aep_ohio_bills_by_brackets_below_the_cap(contract_mw: float, billed_mw: float) -> None:
    """At 100 MW: 15 + 85 % of (75 - 25) + 100 % of 25 = 82.5 MW, under the cap of 85 MW."""
    grid = make_grid(AXIS, withdrawal_max_mw=contract_mw)
    case = make_case(AXIS, units=(), grid=grid, demand_mw=contract_mw)
    found = billed_at_least_mw(case, MinimumBillingParams(), contract_mw)
    assert found == pytest.approx(billed_mw)
    assert found <= 0.85 * contract_mw + 1e-9


@pytest.mark.parametrize(
    ("contract_mw", "more_mw"),
    [(150.0, 0.0), (75.0, 63.75 - 57.5), (25.0, 21.25 - 15.0), (0.0, 0.0)],
)
def test_what_is_billed_beyond_the_lower_schedule_is_told(
    contract_mw: float, more_mw: float
) -> None:
    """A site of 150 MW is billed by the cap, however little it contracts."""
    grid = make_grid(AXIS, withdrawal_max_mw=150.0)
    site = make_case(AXIS, units=(), grid=grid, demand_mw=150.0)
    case = under(site, "minimum-billing", {"rate_usd_per_mw_month": 1.0})
    plan = make_plan(case, [], withdrawal_mw=contract_mw, import_mw=0.0, unserved_mw=150.0)
    found = outcome_of(verify_plan(case, plan), "minimum-billing")
    shown = {row.what: row.value for row in found.evidence_rows}
    assert shown["more than the lower schedule"] == pytest.approx(more_mw)


@pytest.mark.parametrize(
    ("withdrawal_mw", "warning"),
    [
        (100.0, ""),
        (150.0, "by cap whatever is contracted, up to 6.25 MW more than the lower"),
    ],
)
def test_a_schedule_that_may_bill_too_much_is_warned_of(withdrawal_mw: float, warning: str) -> None:
    """At 100 MW and below brackets are the lower ones; the cap bills 63.75 in place of 57.5 MW."""
    grid = make_grid(AXIS, withdrawal_max_mw=withdrawal_mw)
    site = make_case(AXIS, units=(), grid=grid, demand_mw=withdrawal_mw)
    found = applicability(site, "minimum-billing", {"rate_usd_per_mw_month": 1.0})
    assert warning in found.warning
    assert bool(found.warning) == bool(warning)


def test_nothing_is_billed_without_a_contract() -> None:
    case = make_case(AXIS, units=(), grid=make_grid(AXIS, withdrawal_max_mw=200.0), demand_mw=200.0)
    assert billed_at_least_mw(case, MinimumBillingParams(), 0.0) == 0.0


def test_release_of_existing_generation_asks_for_the_whole_load() -> None:
    """525.5 MW of load beside 265.5 MW of wind: backup or curtailment of 525.5 MW in 30 minutes."""
    wind = make_unit(
        AXIS, name="wind", n_max=1, rating_mw=265.5, net_rating_mw=265.5, pmax_mw=265.5
    )
    grid = make_grid(AXIS, withdrawal_max_mw=525.5)
    events = {"emergency": np.array([False, True])}
    case = make_case(AXIS, demand_mw=525.5, units=(wind,), grid=grid, events=events)
    plan = make_plan(
        case,
        [1],
        online=[np.array([1, 0])],
        output_mw=[np.array([265.5, 0.0])],
        withdrawal_mw=525.5,
        import_mw=np.array([260.0, 0.0]),
        unserved_mw=np.array([0.0, 525.5]),
    )
    needed = {}
    for scope in ("full_load", "generation"):
        params = {"existing_units": ("wind",), "scope": scope}
        ruled = under(case, "sb6.net-metering-review", params)
        found = outcome_of(verify_plan(ruled, plan), "sb6.net-metering-review")
        rows = {row.what: row.value for row in found.evidence_rows}
        assert rows["released within"] == 30.0
        needed[scope] = (rows["backup or curtailment needed"], found.margin)
    # With the grid kept, it replaces what the wind gave; without it, nothing is there at once.
    assert needed["full_load"] == pytest.approx((525.5, -525.5))
    assert needed["generation"] == pytest.approx((265.5, 0.0))


def test_306_mw_carry_200_mw_with_the_two_largest_units_out() -> None:
    """Thirteen units of 23.2 MW and one of 4.4: 306 - 2 * 23.2 = 259.6 MW are left."""
    fleet = [(13, 23.2, 0.05), (1, 4.4, 0.05)]
    assert n_plus(simple_system(fleet, [200.0])) == 4
    assert n_plus(simple_system(fleet, [259.6])) == 2
    assert n_plus(simple_system(fleet, [259.7])) == 1


@pytest.mark.parametrize(
    ("ppm", "lb_per_mwh"), [(2.0, 0.070), (5.0, 0.175), (9.0, 0.315), (25.0, 0.874)]
)
def test_ppm_become_pounds_at_a_heat_rate_of_9_5(ppm: float, lb_per_mwh: float) -> None:
    """At 0.003684 lb/MMBtu per ppm 25 ppm are 0.87495: tables cut it to 0.874, not to 0.875."""
    unit = make_unit(
        AXIS, segment_alpha_mmbtu_per_h=(0.0,), segment_beta_mmbtu_per_mwh=(9.5,), pmin_mw=0.0
    )
    found = lb_per_mwh_of_ppm(ppm, unit)
    assert found == pytest.approx(ppm * 0.003684 * 9.5)
    assert found == pytest.approx(lb_per_mwh, abs=1e-3)


def test_pounds_per_mmbtu_follow_from_method_19() -> None:
    derived = 1.194e-7 * 8710 * 20.9 / (20.9 - 15)
    assert pytest.approx(derived, rel=1e-3) == NOX_LB_PER_MMBTU_PER_PPM


def test_grams_per_brake_horsepower_hour_become_pounds_per_mwh() -> None:
    """1 g / 453.592 g/lb / 0.7457 kWh / 97 % * 1,000 kWh/MWh."""
    derived = 1 / 453.592 / 0.745700 / 0.97 * 1000
    assert pytest.approx(derived, abs=5e-3) == LB_PER_MWH_PER_G_PER_BHP_H
