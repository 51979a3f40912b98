"""Sites that no fleet on offer makes reliable enough: by how much fleet or target must give way.

Units of 5 MW with a forced outage rate of 5 % carry 10 MW. At least two of three are up for
0.95^3 + 3 x 0.95^2 x 0.05 = 0.99275 of the time; at least two of four for
1 - 0.05^4 - 4 x 0.95 x 0.05^3 = 0.99952; at least one of three for 1 - 0.05^3 = 0.999875.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explain.sites import engine, plain

import optmix
from optmix.explain.levers import changed_site
from optmix.schema.load import make_site

if TYPE_CHECKING:
    from optmix.explain.records import Setting
    from optmix.schema.site import Site

THREE = 0.99275
HOURS = 8760.0
CLOSE = 0.01


def failing(**reliability: object) -> Site:
    return make_site(
        plain(unit=[engine(n_max=3, forced_outage_frac=0.05)], reliability=reliability)
    )


def settings(site: Site) -> dict[str, Setting]:
    told = optmix.explain(site)
    assert told.status == "infeasible"
    assert told.is_complete
    return {each.field: each for change in told.changes for each in change.settings}


def status(site: Site, field: str, value: float) -> str:
    return optmix.solve(changed_site(site, {field: value})).status


@pytest.fixture(scope="module")
def nines() -> tuple[Site, dict[str, Setting]]:
    site = failing(target="nines", availability=0.999)
    return site, settings(site)


def test_one_more_unit_than_on_offer_meets_the_target(
    nines: tuple[Site, dict[str, Setting]],
) -> None:
    site, found = nines
    assert found["unit.engine.n_max"].what == "raise n_max of engine from 3 to 4"
    assert status(site, "unit.engine.n_max", 4) == "optimal"


def test_the_target_is_lowered_to_what_the_fleet_reaches(
    nines: tuple[Site, dict[str, Setting]],
) -> None:
    site, found = nines
    needed = found["reliability.availability"].needed
    assert isinstance(needed, float)
    assert THREE - CLOSE * (0.999 - THREE) <= needed <= THREE + 1e-9
    assert status(site, "reliability.availability", needed) == "optimal"
    more = 0.999 - (1 - CLOSE) * (0.999 - needed)
    assert status(site, "reliability.availability", more) == "infeasible"


def test_half_of_the_demand_can_be_carried_by_any_one_unit(
    nines: tuple[Site, dict[str, Setting]],
) -> None:
    # Below 5 MW one of three units is enough, and 0.999875 is above the target.
    needed = nines[1]["demand.peak_mw"].needed
    assert isinstance(needed, float)
    assert 5.0 - CLOSE * 5.0 <= needed <= 5.0


@pytest.mark.slow
def test_hours_of_lost_load_are_raised_to_those_of_the_fleet() -> None:
    hours = HOURS * (1.0 - THREE)
    needed = settings(failing(target="lole", lole_h_per_yr=5.0))["reliability.lole_h_per_yr"].needed
    assert isinstance(needed, float)
    assert hours - 1e-6 <= needed <= hours + CLOSE * (hours - 5.0)


@pytest.mark.slow
def test_unserved_energy_is_raised_to_that_of_the_fleet() -> None:
    # Of three units one is up for 3 x 0.95 x 0.05^2 of the time, which misses 5 MW, and none for
    # 0.05^3, which misses 10.
    mwh = HOURS * (5.0 * 3 * 0.95 * 0.05**2 + 10.0 * 0.05**3)
    site = failing(target="eue", eue_mwh_per_yr=100.0)
    needed = settings(site)["reliability.eue_mwh_per_yr"].needed
    assert isinstance(needed, float)
    assert mwh - 1e-6 <= needed <= mwh + CLOSE * (mwh - 100.0)


def test_a_target_on_the_very_edge_of_a_fleet_is_left_undecided() -> None:
    result = optmix.solve(failing(target="nines", availability=THREE), gap=0.5)
    assert result.status in ("no_plan", "optimal")
