"""PyPSA reads what optmix exports, and finds the cost of the plan with its sizes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optmix.cli.app import app

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:pandas infers:FutureWarning"),  # PyPSA's own business
    pytest.mark.filterwarnings("ignore:.*legacy_string_dtype:FutureWarning"),
]

SITE = Path(__file__).parents[1] / "report" / "peer.toml"
GAP = 1e-6


def least_cost(folder: Path) -> float:
    """Import a folder, and find the least annual cost of its network."""
    import pypsa

    network = pypsa.Network()
    network.import_from_csv_folder(str(folder))
    model = network.optimize.create_model(include_objective_constant=False)
    options = {"mip_rel_gap": GAP, "threads": 1, "output_flag": False}
    model.solve(solver_name="highs", io_api="direct", **options)
    return float(model.solver_model.getInfo().objective_function_value)


def run(*arguments: str | Path) -> None:
    told = CliRunner().invoke(app, [*map(str, arguments)])
    assert told.exit_code == 0, told.output


CHANGES = {
    "as it is": (),
    "islanded": ("--set", "grid.withdrawal_max_mw=0", "--set", "unit.engine.n_max=14"),
    "half an hour a step": ("--set", "time.step_h=0.5", "--set", "time.hours=24"),
    "a price on emissions": ("--set", "emissions.co2.price_usd_per_ton=50"),
    "a value of lost load": ("--set", "demand.voll_usd_per_mwh=5000"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_with_the_sizes_of_the_plan_the_cost_is_that_of_the_plan(
    change: tuple[str, ...], tmp_path: Path
) -> None:
    run("solve", SITE, *change, "--gap", str(GAP), "-o", tmp_path / "out", "-q", "--no-report")
    run("export", tmp_path / "out", "--to", "pypsa", "-o", tmp_path / "network")
    ours = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    cost_usd = least_cost(tmp_path / "network")
    assert cost_usd == pytest.approx(ours["objective_usd"], rel=3.0 * max(GAP, ours["gap"]))
