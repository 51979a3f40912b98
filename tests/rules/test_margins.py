"""What is left to each limit of a rule, where it has several and in several units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from model.cases import make_axis, make_case, make_grid, make_unit
from rules.kit import outcome_of, under
from unit.verify.plans import make_plan

from optmix.verify.check import verify_plan

if TYPE_CHECKING:
    from optmix.schema.result import RuleMargin, RuleOutcome

AXIS = make_axis((4,))
UNIT = make_unit(
    AXIS,
    name="engine",
    n_max=4,
    rating_mw=10.0,
    net_rating_mw=10.0,
    pmax_mw=10.0,
    pmin_mw=0.0,
    lb_per_mwh={"nox": 0.3, "co": 1.0},
)
CASE = make_case(
    AXIS, demand_mw=100.0, units=(UNIT,), grid=make_grid(AXIS, withdrawal_max_mw=100.0)
)


def stands(rule_id: str, case: Any = CASE, n_steps: int = 4, **params: Any) -> RuleOutcome:
    """Return how two engines that run in the first steps stand to a rule."""
    runs = np.arange(4) < n_steps
    plan = make_plan(
        case,
        [2],
        online=[2 * runs],
        output_mw=[20.0 * runs],
        withdrawal_mw=100.0,
        import_mw=100.0 - 20.0 * runs,
    )
    return outcome_of(verify_plan(under(case, rule_id, params), plan), rule_id)


def by_subject(found: RuleOutcome) -> dict[str, RuleMargin]:
    return {each.of: each for each in found.margins}


def test_each_pollutant_has_its_margin_and_the_tightest_is_named() -> None:
    """20 MW for 8,760 h at 0.3 and 1.0 lb/MWh are 26.28 and 87.6 short tons."""
    found = stands("air.site-tpy", cap_tpy=100.0, pollutants=("nox", "co", "voc"))
    left = {name: each.margin for name, each in by_subject(found).items()}
    assert left == pytest.approx({"co": 100 - 87.6, "nox": 100 - 26.28, "voc": 100.0})
    assert [each.of for each in found.margins] == ["co", "nox", "voc"]
    assert (found.margin_of, found.unit) == ("co", "short ton/yr")
    assert found.margin == pytest.approx(12.4)


def test_what_is_broken_comes_first() -> None:
    found = stands("air.site-tpy", cap_tpy=50.0)
    assert (found.status, found.margin_of) == ("fail", "co")
    assert found.margin == pytest.approx(50.0 - 87.6)


def test_hours_and_rates_are_told_apart() -> None:
    """Two units run 2 of 4 steps, 4,380 h a year of 5,000 h; 0.08 lb/MWh are left of 0.38."""
    found = stands("air.nox-rate", n_steps=2, few_h_per_yr=5000.0)
    by_unit = {each.unit: each.margin for each in found.margins}
    assert by_unit["lb/MWh"] == pytest.approx(0.08)
    assert by_unit["h"] == pytest.approx(2 * (5000.0 - 4380.0))
    assert all(each.of == "engine" for each in found.margins)


def test_a_limit_that_leaves_nothing_binds_whatever_others_leave() -> None:
    found = stands("air.nox-rate", n_steps=2, few_h_per_yr=4380.0)
    assert (found.margin, found.unit, found.margin_of) == (0.0, "h", "engine")
    assert [each.binds for each in found.margins] == [True, False]


def test_hours_that_bind_are_those_of_their_own_limit() -> None:
    """The loss of an engine takes 10 MW more in every step; import stands at its limit in two."""
    case = replace(CASE, demand_mw=np.array([120.0, 120.0, 60.0, 60.0]))
    plan = make_plan(
        case,
        [2],
        online=[2],
        output_mw=[20.0],
        withdrawal_mw=100.0,
        import_mw=np.array([100.0, 100.0, 40.0, 40.0]),
    )
    ruled = under(case, "ercot.withdrawal-limit", {"metering": "wlpun"})
    found = outcome_of(verify_plan(ruled, plan), "ercot.withdrawal-limit")
    limit = next(each for each in found.margins if each.what.startswith("import"))
    assert (limit.binds, limit.binding_hours) == (True, 2.0)
    assert found.status == "fail"
    assert found.margin == pytest.approx(-10.0)


@pytest.mark.parametrize("rule_id", ["sb6.applicability", "sb6.study-fee", "sb6.security"])
def test_what_only_informs_or_charges_passes_nothing(rule_id: str) -> None:
    found = stands(rule_id)
    assert (found.status, found.margin, found.margins) == ("info", None, ())
