"""Correct plans are accepted, and the figures worked out for them are consistent."""

import dataclasses
import math

import numpy as np
import pytest
from unit.verify.plans import Scene, tons

from optmix.data.cost_lines import COST_LINES
from optmix.verify.check import Verification, verify_plan
from optmix.verify.emissions import POLLUTANTS


@pytest.fixture
def verification(scene: Scene) -> Verification:
    return verify_plan(*scene)


def test_a_correct_plan_has_no_findings(verification: Verification) -> None:
    assert verification.findings == ()
    assert verification.is_correct


def test_margins_of_a_correct_plan_are_not_negative(verification: Verification) -> None:
    assert all(margin.slack > -0.01 for margin in verification.margins.values())


def test_cost_lines_come_in_order_and_add_up(verification: Verification) -> None:
    assert list(verification.costs_usd) == list(COST_LINES)
    assert verification.objective_usd == pytest.approx(sum(verification.costs_usd.values()))


def test_levelised_cost_is_per_energy_served(verification: Verification) -> None:
    served = verification.energy_mwh["served"]
    if served:
        assert verification.lcoe_usd_per_mwh == verification.objective_usd / served
    else:
        assert verification.lcoe_usd_per_mwh is None


def test_energy_is_balanced(verification: Verification) -> None:
    energy = verification.energy_mwh
    sources = ("thermal", "battery_discharge", "import", "curtailed", "unserved")
    uses = ("battery_charge", "export", "demand", "auxiliaries")
    assert sum(energy[name] for name in sources) == pytest.approx(
        sum(energy[name] for name in uses), abs=1e-6
    )
    by_type = [amount for name, amount in energy.items() if name.startswith("thermal.")]
    assert energy["thermal"] == pytest.approx(sum(by_type))


def test_emissions_are_those_added_up_step_by_step(
    scene: Scene, verification: Verification
) -> None:
    case, plan = scene
    for pollutant in POLLUTANTS:
        by_year = tons(case, plan, pollutant)
        found = verification.emissions_by_year_tpy
        assert [found[year][pollutant] for year in case.axis.year_name] == pytest.approx(by_year)
        expected = sum(p * amount for p, amount in zip(case.axis.probability, by_year, strict=True))
        assert verification.emissions_tpy[pollutant] == pytest.approx(expected)


def test_the_least_margin_is_found_with_its_place(scenes: dict[str, Scene]) -> None:
    margin = verify_plan(*scenes["tied"]).margins["RES-1"]
    # Units online leave 50 - 33 MW by day, the tie 20 - 14 MW, the fast tier 3 MW; 10 MW are lost.
    # On the first day there is no tie, and at noon it is used in full.
    assert margin.slack == pytest.approx(17 + 3 - 10)
    assert (margin.unit, margin.subject, margin.step) == ("MW", "engine", 7)


def test_a_finding_tells_where_and_by_how_much(scenes: dict[str, Scene]) -> None:
    case, plan = scenes["large"]
    output = plan.output_mw.copy()
    output[3, 100:110] += 0.5
    findings = verify_plan(case, dataclasses.replace(plan, output_mw=output)).findings
    (found,) = (finding for finding in findings if finding.equation == "BAL-1")
    assert found.excess == pytest.approx(0.5)
    assert (found.step, found.n_steps, found.unit) == (100, 10, "MW")


def test_every_row_is_counted(scenes: dict[str, Scene]) -> None:
    # One step, one type, one battery, the rest is not on offer: sizes 2 + 2 + 3; signs 6 + 4 + 3;
    # commitment 4; output 2; fuel 2 segments; gas drawn and diesel 2; maintenance 1; battery 5;
    # grid 3; balance, unserved and shed 3; cover 2.
    n_checks = 2 + 2 + 3 + 6 + 4 + 3 + 4 + 2 + 2 + 2 + 1 + 5 + 3 + 3 + 2
    assert verify_plan(*scenes["one_step"]).n_checks == n_checks


@pytest.mark.parametrize("name", ["island", "years", "fuels"])
def test_whole_numbers_may_have_any_integer_type(scenes: dict[str, Scene], name: str) -> None:
    case, plan = scenes[name]
    counts = ("units", "modules", "online", "starts", "stops", "in_maintenance")
    small = dataclasses.replace(
        plan, **{field: getattr(plan, field).astype(np.uint8) for field in counts}
    )
    expected, found = verify_plan(case, plan), verify_plan(case, small)
    assert found.findings == ()
    assert math.isclose(found.objective_usd, expected.objective_usd)
