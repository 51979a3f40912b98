"""The two halves of a rule: what they share is read off the site alone, and worked out by hand."""

from __future__ import annotations

import ast
import inspect
import sys
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from model.cases import make_axis, make_case, make_grid, make_unit

from optmix.data.finance import capital_recovery_factor
from optmix.rules import measures
from optmix.rules.general import minimum_onsite
from optmix.rules.registry import find_rule, rules
from optmix.rules.rule import Rule
from optmix.rules.sb6 import firm_load_shed, study_fee

BOTH = tuple(
    name
    for name, rule in rules().items()
    if type(rule).build is not Rule.build and type(rule).check is not Rule.check
)

OF_PLANS_OR_MODELS = {"plan", "m", "model", "block"}


def called(function: Any) -> set[str]:
    """Return the names of the functions that one calls, helpers within it included."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def shared(name: str) -> dict[str, Any]:
    """Return the functions of this package that both halves of a rule call."""
    kind = type(find_rule(name))
    module = sys.modules[kind.__module__]
    names = called(kind.build) & called(kind.check)
    found = {each: getattr(module, each) for each in names if hasattr(module, each)}
    return {each: what for each, what in found.items() if inspect.isfunction(what)}


@pytest.mark.parametrize("name", BOTH)
def test_the_halves_share_nothing_that_sees_a_plan_or_a_model(name: str) -> None:
    for function in shared(name).values():
        assert not OF_PLANS_OR_MODELS & set(inspect.signature(function).parameters)


def test_the_check_of_this_sees_what_is_shared() -> None:
    assert "_accredited_mw" in shared("minimum-onsite")
    assert "_mask" in shared("sb6.deploy-or-curtail")


AXIS = make_axis((3,))
UNIT = make_unit(
    AXIS,
    n_max=3,
    rating_mw=10.0,
    net_rating_mw=10.0,
    pmax_mw=np.array([10.0, 8.0, 9.0]),
    forced_outage_frac=0.05,
    segment_alpha_mmbtu_per_h=(20.0, 10.0),
    segment_beta_mmbtu_per_mwh=(7.0, 8.5),
    lb_per_mwh={"nox": 0.5},
    lb_per_mmbtu={"co2": 117.0},
)
CASE = make_case(
    AXIS,
    demand_mw=np.array([60.0, 100.0, 80.0]),
    units=(UNIT,),
    grid=make_grid(AXIS, withdrawal_max_mw=100.0),
)


def test_demand_and_capability_are_those_of_its_peak() -> None:
    """The highest demand is in the second hour, in which a unit can give 8 MW."""
    assert measures.peak_demand_mw(CASE) == 100.0
    assert measures.mean_demand_mw(CASE) == pytest.approx(80.0)
    assert measures.capability_at_peak_mw(CASE, UNIT) == 8.0
    accredited = minimum_onsite._accredited_mw(CASE, UNIT)
    assert accredited == pytest.approx(8.0 * 0.95)


def test_full_load_and_potential_follow_from_the_curve() -> None:
    """At 10 MW the upper line gives 10 + 85 = 95 MMBtu/h, the other one 90."""
    assert measures.full_load_mmbtu_per_h(UNIT) == pytest.approx(95.0)
    nox = measures.potential_tpy_of_one(UNIT, "nox")
    assert nox == pytest.approx(0.5 * 10.0 * 8760.0 / 2000.0)
    co2 = measures.potential_tpy_of_one(UNIT, "co2")
    assert co2 == pytest.approx(117.0 * 95.0 * 8760.0 / 2000.0)


def test_capital_is_paid_off_as_an_annuity() -> None:
    """At 9 % over 30 years 0.09 / (1 - 1.09^-30) = 9.7336 % a year."""
    share = 0.09 / (1.0 - 1.09**-30)
    assert share == pytest.approx(0.097336, abs=1e-6)
    assert capital_recovery_factor(0.09, 30.0) == pytest.approx(share)
    params = study_fee.SbSixStudyFeeParams()
    fee = study_fee._annual_usd(CASE, params)
    assert fee == pytest.approx(100_000.0 * share)
    cut = firm_load_shed.SbSixFirmLoadShedParams(remote_disconnect_usd=1e6)
    assert firm_load_shed._annual_usd(CASE, cut) == pytest.approx(1e6 * share)
