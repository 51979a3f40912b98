"""PyPSA and optmix find the same least cost for plants that both can describe."""

from pathlib import Path

import pytest
from peers.commitment_plants import COMMITMENT_PLANTS
from peers.plants import Plant
from peers.pypsa_site import least_cost, network
from peers.random_plants import RANDOM_PLANTS
from peers.sizing_plants import SIZING_PLANTS
from peers.supply_plants import SUPPLY_PLANTS

from optmix.schema.load import load_site
from optmix.solve.api import solve

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:pandas infers:FutureWarning"),  # PyPSA's own business
]

PLANTS = (*SIZING_PLANTS, *COMMITMENT_PLANTS, *SUPPLY_PLANTS)
GAP = 1e-6
ROUNDING = 1e-8
"""What a row may be missed by within the tolerance of the solver moves the cost by less."""

every_plant = pytest.mark.parametrize("plant", [*PLANTS, *RANDOM_PLANTS], ids=lambda p: p.name)


@every_plant
def test_both_tools_find_the_same_least_cost(plant: Plant, tmp_path: Path) -> None:
    """Neither tool's plan costs less than the other tool proved possible."""
    site = load_site(plant.write(tmp_path))
    ours = solve(site, gap=GAP)
    theirs = least_cost(site, each_unit=plant.each_unit, online_before=plant.online_before)
    assert ours.status == "optimal"
    assert ours.bound_usd <= theirs.objective_usd * (1.0 + ROUNDING)
    assert theirs.bound_usd <= ours.objective_usd * (1.0 + ROUNDING)
    assert theirs.objective_usd == pytest.approx(ours.objective_usd, rel=2.0 * GAP)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_the_plant_feels_what_it_is_about(plant: Plant, tmp_path: Path) -> None:
    """Taken away, the optimum is another: the comparison above depends on it."""
    path = plant.write(tmp_path)
    with_it = solve(load_site(path), gap=GAP)
    without_it = solve(load_site(path, plant.without), gap=GAP)
    assert without_it.objective_usd != pytest.approx(with_it.objective_usd, rel=3.0 * GAP)


def test_what_a_network_would_leave_out_is_refused(tmp_path: Path) -> None:
    site = load_site(PLANTS[0].write(tmp_path), {"security.loss_of_unit": True})
    with pytest.raises(ValueError, match="leave out: reserve"):
        network(site)
