"""What stands beside the target of a solved plan, and targets that no fleet can meet."""

from typing import Any

import pytest

import optmix as om
from optmix.schema.site import Site

OUTAGES: dict[str, Any] = {
    "unit.engine-5mw.forced_outage_frac": 0.03,
    "unit.engine-5mw.mttr_h": 40.0,
    "unit.turbine-10mw.n_max": 0,
}
GAS = [{"name": "gas main", "outages_per_year": 0.1, "mean_h": 24.0, "affects": ["engine-5mw"]}]


def site(**changes: Any) -> Site:
    return om.load_site("@tutorial/n-plus-one", OUTAGES | changes)


@pytest.fixture(scope="module")
def solved() -> om.Result:
    target = {
        "reliability.target": "nines",
        "reliability.availability": 0.99,
        "reliability.n_plus": 3,
        "reliability.common_cause": GAS,
    }
    return om.solve(site(**target))


def test_n_plus_and_floors_stand_beside_the_target(solved: om.Result) -> None:
    found = solved.reliability
    assert solved.mix is not None
    assert found.is_met
    # The peak of 24 MW takes five engines of 5 MW.
    assert found.n_plus == solved.mix.units["engine-5mw"] - 5
    assert found.n_plus_asked == 3
    # 2.4 h in a year of 8,760 h, if outages of 24 h come once in ten years.
    assert found.common_cause_floor_h == pytest.approx(2.4, rel=1e-3)
    assert found.lole_h is not None
    assert found.lole_h > found.common_cause_floor_h


def test_trips_are_those_of_the_units_that_run(solved: om.Result) -> None:
    """Engines of 5 MW: the plan keeps one to spare, so the trip of another goes unnoticed."""
    assert solved.dispatch is not None
    online = solved.dispatch["engine-5mw.online"]
    demand = solved.dispatch["demand_mw"]
    assert (5.0 * (online - 1) >= demand - 1e-6).all()
    assert solved.reliability.transient_h == 0.0


@pytest.mark.parametrize("method", ["monolithic", "decomposition"])
def test_a_target_that_a_common_cause_breaks_is_refused_before_a_solver_runs(method: str) -> None:
    target = {
        "reliability.target": "nines",
        "reliability.availability": 0.9999,
        "reliability.common_cause": GAS,
    }
    result = om.solve(site(**target), method=method)
    assert result.status == "infeasible"
    assert 'the common cause "gas main" alone brings at least 2.4' in result.reason
    assert not {"build", "handoff", "relax", "operate"} & set(result.seconds)
