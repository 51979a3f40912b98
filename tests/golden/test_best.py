"""The solver finds the optimum that the README of an instance derives by hand."""

import tomllib

import pytest

from optmix.resources import instance_names, shipped
from optmix.schema.load import load_site
from optmix.solve.api import solve

ROOT = shipped("instances")
FORTNIGHTS = [name for name in instance_names() if name.endswith("-fortnight")]
BY_HAND = [name for name in instance_names() if not name.startswith("texas/")]

WHAT_IF = [
    ("tutorial/n-plus-one", {"security.loss_of_unit": False}, 8_075_800.0),
    ("edge/infeasible-capacity", {"unit[0].n_max": 4}, 5_982_960.0),
    ("edge/infeasible-min-load", {"unit[0].min_load_frac": 0.2}, 1_730_070.0),
    ("edge/negative-prices", {"unit[0].n_max": 0}, 395_700.0),
    ("edge/single-unit", {"security.loss_of_unit": False}, 1_841_760.0),
    ("edge/sub-hourly", {"unit[0].min_down_h": 1.0}, 3_606_870.0),
]
"""What a README says about a change of one field.

The two infeasible sites in words: with four engines, 20 MW are served (12 MW by three engines in
the other hours, 120 USD for the start); with a minimum load of 1 MW, one engine serves 21 h of
4 MW and 3 h of 1 MW.
"""


@pytest.mark.parametrize("name", BY_HAND)
def test_the_optimum_is_that_of_the_readme(name: str) -> None:
    best = tomllib.loads((ROOT / name / "best.toml").read_text(encoding="utf-8"))
    # The decomposition gives away 1e-6 of its bound, so it cannot prove a gap of nothing.
    result = solve(load_site(f"@{name}"), gap=0.0, method="monolithic")
    assert result.status == best["status"]
    if best["status"] == "optimal":
        assert result.objective_usd == pytest.approx(best["objective_usd"], rel=1e-9)
        assert result.mix is not None
        assert result.mix.units == best["mix"]["units"]
        assert result.mix.battery == best["mix"].get("battery", {})
        assert result.mix.grid_withdrawal_mw == pytest.approx(best.get("grid_withdrawal_mw", 0.0))


@pytest.mark.parametrize(("name", "change", "objective_usd"), WHAT_IF)
def test_a_change_has_the_effect_that_the_readme_tells(
    name: str, change: dict[str, object], objective_usd: float
) -> None:
    result = solve(load_site(f"@{name}", change), gap=0.0)
    assert result.objective_usd == pytest.approx(objective_usd, rel=1e-9)


def test_a_cap_that_the_cleanest_fleet_meets_has_a_plan() -> None:
    site = load_site("@edge/infeasible-nox-cap", {"emissions.nox.cap_tpy": 7.0})
    assert solve(site, gap=0.01).status == "optimal"


@pytest.mark.slow
@pytest.mark.parametrize("name", FORTNIGHTS)
def test_a_fortnight_in_texas_is_solved_within_what_is_known(name: str) -> None:
    best = tomllib.loads((ROOT / name / "best.toml").read_text(encoding="utf-8"))
    result = solve(load_site(f"@{name}"), gap=0.005)
    assert result.status == "optimal"
    assert result.objective_usd is not None
    assert result.bound_usd is not None
    # No plan is cheaper than a proven bound, neither the new plan nor the one on record.
    assert result.objective_usd >= best["bound_usd"] * (1 - 1e-6)
    assert result.bound_usd <= best["objective_usd"] * (1 + 1e-6)
