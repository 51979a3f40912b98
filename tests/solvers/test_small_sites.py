"""Solvers that share no code give the same answer for whole sites."""

from functools import cache

import pytest

from optmix.bench.cross_check import cross_checked
from optmix.bench.instance import instances_of
from optmix.bench.race import load_race, resolve_race
from optmix.bench.row import Row
from optmix.bench.runner import run_one, runs_of
from optmix.schema.load import load_site
from optmix.schema.result import Result
from optmix.solve.api import solve
from optmix.solve.profiles import solver_names

OTHERS = [
    pytest.param(name, marks=pytest.mark.solver(name)) for name in solver_names() if name != "highs"
]
GAP = 1e-3
ROUNDING = 1e-6
MAY_RUN_OUT_OF_TIME = {"glpk"}

FREE = [param for param in OTHERS if param.values != ("gurobi",)]
"""Gurobi without a licence takes no model of more than 2,000 columns."""


@cache
def solved(site: str, solver: str, gap: float) -> Result:
    asked = {"gap": gap, "method": "monolithic", "time_limit_s": 200.0}
    return solve(load_site(site), solver=solver, **asked)


@pytest.mark.parametrize("site", ["@tutorial/one-engine", "@tutorial/n-plus-one"])
@pytest.mark.parametrize("name", OTHERS)
def test_another_solver_finds_the_cost_that_highs_finds(name: str, site: str) -> None:
    ours, theirs = solved(site, "highs", 1e-6), solved(site, name, GAP)
    assert theirs.status == ours.status == "optimal"
    assert theirs.bound_usd <= ours.objective_usd * (1 + ROUNDING)
    assert ours.bound_usd <= theirs.objective_usd * (1 + ROUNDING)
    assert theirs.objective_usd <= ours.objective_usd / (1 - GAP) * (1 + ROUNDING)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", FREE)
def test_no_claim_of_another_solver_contradicts_highs_on_the_small_race(name: str) -> None:
    path = resolve_race("@bench/sites-small")
    race = load_race(path).model_copy(
        update={"solvers": ("highs", name), "methods": ("monolithic",)}
    )
    rows = cross_checked(
        [run_one(run) for run in runs_of(race, instances_of(race.instance, path.parent))]
    )
    assert not [row for row in rows if row.status in {"wrong", "crash", "out_of_memory"}]
    assert all(row.is_solved for row in _of("highs", rows))
    if name not in MAY_RUN_OUT_OF_TIME:
        assert all(row.is_solved for row in _of(name, rows))


def _of(name: str, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.solver == f"{name}:default"]
