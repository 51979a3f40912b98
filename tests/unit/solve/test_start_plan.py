"""A solve that begins with the plan of another: a head start where it holds, a hint where not."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from explain.sites import engine, plain, turbine

import optmix as om
from optmix.errors import InputError
from optmix.rules.in_force import ready_case
from optmix.schema.load import make_site
from optmix.schema.site import Site
from optmix.solve.layout import Layout
from optmix.solve.monolithic import compile_case
from optmix.solve.request import Request
from optmix.solve.run import ready_profile
from optmix.solve.start_plan import StartPlan

if TYPE_CHECKING:
    from optmix.solve.progress import Progress

METHODS = pytest.mark.parametrize("method", ["monolithic", "decomposition"])


def site(**parts: object) -> Site:
    return make_site(plain(**{"unit": [engine(), turbine()], "time": {"hours": 72.0}} | parts))


@pytest.fixture(scope="module")
def earlier() -> om.Result:
    return om.solve(site(), method="monolithic", gap=1e-6)


@METHODS
def test_the_same_site_costs_the_same(earlier: om.Result, method: str) -> None:
    again = om.solve(site(), method=method, gap=1e-4, start=earlier, workers=1)
    assert again.status == "optimal"
    assert again.objective_usd == pytest.approx(earlier.objective_usd, rel=1e-4)
    assert again.bound_usd is not None
    assert earlier.objective_usd is not None
    assert again.bound_usd <= earlier.objective_usd * (1 + 1e-9)


@METHODS
def test_a_plan_that_no_longer_holds_is_only_a_hint(earlier: om.Result, method: str) -> None:
    other = site(unit=[engine(n_max=0), turbine(n_max=3)])
    expected = om.solve(other, method="monolithic", gap=1e-6)
    found = om.solve(other, method=method, gap=1e-4, start=earlier, workers=1)
    assert earlier.mix is not None
    assert earlier.mix.units["engine"] > 0
    assert found.mix is not None
    assert found.mix.units["engine"] == 0
    assert found.objective_usd == pytest.approx(expected.objective_usd, rel=2e-4)


def test_a_plan_that_holds_is_known_before_any_bound(earlier: om.Result) -> None:
    start = StartPlan.of(ready_case(site()), earlier)
    assert start is not None
    assert start.cost_usd == pytest.approx(earlier.objective_usd, rel=1e-9)
    told: list[Progress] = []
    om.solve(site(), method="decomposition", gap=1e-4, start=earlier, workers=1, sink=told.append)
    first = next(each for each in told if each.incumbent_usd is not None)
    assert first.incumbent_usd == pytest.approx(earlier.objective_usd, rel=1e-9)
    assert first.bound_usd is None


def test_with_a_target_a_plan_is_only_a_hint(earlier: om.Result) -> None:
    case = ready_case(site(reliability={"target": "nines", "availability": 0.5}))
    start = StartPlan.of(case, earlier)
    assert start is not None
    assert start.cost_usd is None


def test_its_whole_numbers_stand_where_the_program_has_them(earlier: om.Result) -> None:
    case = ready_case(site())
    handoff = compile_case(case, Request(ready_profile("highs"), gap=0.0))
    layout, start = Layout.of(handoff), StartPlan.of(case, earlier)
    assert start is not None
    values = start.values(case, layout, handoff.program.n_columns)
    assert np.array_equal(values[layout.columns["n_units"]], start.plan.units)
    assert np.array_equal(values[layout.columns["online"]], start.plan.online)
    assert np.isnan(values[layout.columns["output_mw"]]).all()


def test_without_a_plan_there_is_nothing_to_begin_with(earlier: om.Result) -> None:
    case = ready_case(site())
    assert StartPlan.of(case, None) is None
    assert StartPlan.of(case, earlier.model_copy(update={"mix": None})) is None


def test_a_result_of_other_steps_is_refused(earlier: om.Result) -> None:
    with pytest.raises(InputError):
        om.solve(site(time={"hours": 48.0}), start=earlier)
