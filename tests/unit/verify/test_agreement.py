"""A result that says anything else than its plan is found out, figure by figure."""

import math
from typing import Any

import pytest

from optmix.data.case import Case
from optmix.data.mix_io import mix_summary
from optmix.data.plan import Plan
from optmix.schema.result import Certificate, Result
from optmix.verify.agreement import agreement, emission_key
from optmix.verify.check import Verification, verify_plan

Scenes = dict[str, tuple[Case, Plan]]


def result_of(case: Case, plan: Plan, verification: Verification) -> Result:
    objective = verification.objective_usd
    return Result(
        name=case.name,
        status="optimal",
        objective_usd=objective,
        bound_usd=0.999 * objective,
        gap=(objective - 0.999 * objective) / abs(objective) if objective else 0.0,
        gap_target=0.01,
        method="monolithic",
        solver="by hand",
        seconds={},
        mix=mix_summary(plan, case),
        costs_usd=verification.costs_usd,
        lcoe_usd_per_mwh=verification.lcoe_usd_per_mwh,
        energy_mwh=verification.energy_mwh,
        emissions={emission_key(name): t for name, t in verification.emissions_tpy.items()},
        input_sha256="0" * 64,
        seed=0,
    )


def broken(case: Case, plan: Plan, **changes: Any) -> set[str]:
    verification = verify_plan(case, plan)
    result = result_of(case, plan, verification).model_copy(update=changes)
    return {finding.equation for finding in agreement(case, plan, verification, result)}


def test_a_true_result_agrees(scene: tuple[Case, Plan]) -> None:
    assert broken(*scene) == set()


@pytest.mark.parametrize("line", ["fuel", "unit_capital", "starts", "grid_demand", "emissions"])
@pytest.mark.parametrize("added", [2.0, -2.0, 1e6, float("nan")])
def test_a_cost_line_that_is_not_that_of_the_plan(scenes: Scenes, line: str, added: float) -> None:
    case, plan = scenes["years"]
    costs = verify_plan(case, plan).costs_usd
    wrong = broken(case, plan, costs_usd={**costs, line: costs[line] + added})
    # A small figure is told apart from its own line, but not from the sum of all.
    small = abs(added) == 2.0
    expected = {"OUT-2"} if small else {"OUT-2", "OUT-3"}
    if small and abs(added) <= 1.0 + 1e-6 * abs(costs[line]):
        expected = set()
    assert wrong == expected


def test_lines_that_are_missing_or_unknown(scenes: Scenes) -> None:
    case, plan = scenes["years"]
    verification = verify_plan(case, plan)
    costs, energy = verification.costs_usd, verification.energy_mwh
    without = {name: usd for name, usd in costs.items() if name != "battery_vom"}
    assert "OUT-2" in broken(case, plan, costs_usd=without)
    assert broken(case, plan, costs_usd={**costs, "gifts": 0.0}) == {"OUT-2"}
    assert broken(case, plan, energy_mwh={**energy, "solar": 1.0}) == {"OUT-8"}
    assert broken(case, plan, emissions={}) == {"OUT-9"}


def test_an_objective_that_is_not_that_of_the_plan(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    objective = verify_plan(case, plan).objective_usd
    for factor in (1.01, 1 + 1e-5):
        wrong = broken(case, plan, objective_usd=factor * objective)
        assert wrong == {"OUT-3", "OUT-4", "OUT-6"}
    assert "OUT-4" in broken(case, plan, objective_usd=None)
    assert "OUT-4" in broken(case, plan, objective_usd=float("nan"))


def test_a_bound_above_the_objective(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    objective = verify_plan(case, plan).objective_usd
    wrong = broken(case, plan, bound_usd=1.001 * objective, gap=-0.001)
    assert wrong == {"OUT-5"}
    assert broken(case, plan, bound_usd=float("nan")) == {"OUT-5", "OUT-6"}


@pytest.mark.parametrize("gap", [0.0, 0.002, None, float("nan")])
def test_a_gap_that_is_not_that_of_the_bound(scenes: Scenes, gap: float | None) -> None:
    is_number = gap is not None and math.isfinite(gap)
    expected = {"OUT-6"} if is_number else {"OUT-6", "OUT-12"}
    assert broken(*scenes["tied"], gap=gap) == expected


def test_without_a_bound_there_is_no_gap(scenes: Scenes) -> None:
    assert broken(*scenes["tied"], bound_usd=None, gap=None, status="feasible") == set()
    assert broken(*scenes["tied"], bound_usd=None) == {"OUT-6"}


def test_a_claim_of_optimality_needs_a_gap_within_the_target(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    objective = verify_plan(case, plan).objective_usd
    wide = {"bound_usd": 0.54 * objective, "gap": 1 - 0.54}
    assert broken(case, plan, **wide, status="optimal") == {"OUT-12"}
    assert broken(case, plan, **wide, status="feasible") == set()
    assert broken(case, plan, status="feasible") == {"OUT-12"}
    assert broken(case, plan, bound_usd=None, gap=None) == {"OUT-12"}
    assert broken(case, plan, gap_target=None) == {"OUT-12"}
    assert broken(case, plan, gap_target=None, status="feasible") == set()
    gap = (objective - 0.999 * objective) / abs(objective)
    assert broken(case, plan, gap_target=gap - 0.5e-9) == set()
    assert broken(case, plan, gap_target=gap - 2e-9) == {"OUT-12"}


def test_a_certificate_that_is_not_of_its_result(scenes: Scenes) -> None:
    case, plan = scenes["tied"]
    result = result_of(case, plan, verify_plan(case, plan))
    figures = {name: getattr(result, name) for name in ("objective_usd", "bound_usd", "gap")}
    search = {"rounds": 3, "windows": 2, "cuts": 6, "fleets": 1, "workers": 1, "seconds": {}}
    certificate = Certificate(how="by hand", **figures, **search)
    assert broken(case, plan, certificate=certificate) == set()
    for name, figure in figures.items():
        for wrong in (1.5 * figure, None):
            told = certificate.model_copy(update={name: wrong})
            assert broken(case, plan, certificate=told) == {"OUT-13"}


@pytest.mark.parametrize("factor", [0.0, 1 + 1e-5, float("nan")])
def test_a_levelised_cost_that_is_not_that_of_the_plan(scenes: Scenes, factor: float) -> None:
    case, plan = scenes["tied"]
    lcoe = verify_plan(case, plan).lcoe_usd_per_mwh
    assert lcoe is not None
    assert broken(case, plan, lcoe_usd_per_mwh=factor * lcoe) == {"OUT-7"}
    assert broken(case, plan, lcoe_usd_per_mwh=None) == {"OUT-7"}


@pytest.mark.parametrize("source", ["thermal", "thermal.engine", "import", "demand", "curtailed"])
def test_an_energy_that_is_not_that_of_the_plan(scenes: Scenes, source: str) -> None:
    case, plan = scenes["tied"]
    energy = verify_plan(case, plan).energy_mwh
    assert broken(case, plan, energy_mwh={**energy, source: energy[source] + 1.0}) == {"OUT-8"}


@pytest.mark.parametrize("pollutant", ["nox", "co", "voc", "co2"])
def test_an_emission_that_is_not_that_of_the_plan(scenes: Scenes, pollutant: str) -> None:
    case, plan = scenes["tied"]
    tons = verify_plan(case, plan).emissions_tpy
    emissions = {emission_key(name): amount for name, amount in tons.items()}
    emissions[emission_key(pollutant)] *= 1.001
    assert broken(case, plan, emissions=emissions) == {"OUT-9"}


@pytest.mark.parametrize(
    "change",
    [
        {"units": {"engine": 6}},
        {"units": {}},
        {"battery": {"lfp-4h": 1}},
        {"battery_mw": 2.0},
        {"battery_mwh": 2.0},
        {"grid_withdrawal_mw": 20.1},
        {"installed_mw": 51.0},
    ],
    ids=str,
)
def test_a_mix_that_is_not_that_of_the_plan(scenes: Scenes, change: dict[str, Any]) -> None:
    case, plan = scenes["tied"]
    mix = mix_summary(plan, case).model_copy(update=change)
    assert broken(case, plan, mix=mix) == {"OUT-1"}
    assert broken(case, plan, mix=None) == {"OUT-1"}
