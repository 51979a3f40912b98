"""The folder for PyPSA holds the site, and says what it leaves out."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from report.sites import NONE, RULED
from typer.testing import CliRunner, Result

from optmix.cli.app import app

Solved = Callable[..., Path]
PEER = str(Path(__file__).with_name("peer.toml"))


def export(what: str | Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["export", str(what), "--to", "pypsa", "-o", str(out), *options])


def test_the_sizes_of_a_plan_are_held(solved: Solved, tmp_path: Path) -> None:
    out = solved(*RULED)
    told = export(out, tmp_path / "network")
    assert told.exit_code == 0, told.output
    assert told.stdout == f"{tmp_path / 'network'}\n"
    mix = json.loads((out / "result.json").read_text(encoding="utf-8"))["mix"]
    generators = pd.read_csv(tmp_path / "network" / "generators.csv", index_col="name")
    engines = generators.loc["j620"]
    assert engines["p_nom_min"] == engines["p_nom_max"] == pytest.approx(mix["installed_mw"])
    assert generators.loc["grid import", "p_nom_max"] == mix["grid_withdrawal_mw"]
    demand = pd.read_csv(tmp_path / "network" / "loads-p_set.csv")
    written = pd.read_csv(out / "dispatch.csv")["demand_mw"]
    auxiliaries = demand["demand"] - written
    assert auxiliaries.to_numpy() == pytest.approx(auxiliaries.iloc[0])
    assert auxiliaries.iloc[0] > 0


def test_without_a_plan_sizes_are_to_be_chosen(tmp_path: Path) -> None:
    assert export(PEER, tmp_path / "network", "--set", "unit.engine.n_max=7").exit_code == 0
    generators = pd.read_csv(tmp_path / "network" / "generators.csv", index_col="name")
    assert generators.loc["engine", "p_nom_min"] == 0.0
    assert generators.loc["engine", "p_nom_max"] == 7 * 2.5


def test_what_is_left_out_is_told_and_written(solved: Solved, tmp_path: Path) -> None:
    told = export(solved(*RULED), tmp_path / "network")
    text = (tmp_path / "network" / "LEFT_OUT.txt").read_text(encoding="utf-8")
    first = "j620: all units are off before the first step"
    for what in ("rules", "emission caps", "j620: the fuel curve is one line", first):
        assert what in told.stderr
        assert what in text


@pytest.mark.parametrize(
    ("what", "options", "code", "words"),
    [
        ("@edge/multi-year", (), 3, "3 operating years"),
        (PEER, ("--set", "unit.engine.n_max=-1"), 3, "n_max"),
    ],
)
def test_what_has_no_network_is_refused(
    tmp_path: Path, what: str, options: tuple[str, ...], code: int, words: str
) -> None:
    told = export(what, tmp_path / "network", *options)
    assert told.exit_code == code
    assert words in told.stderr
    assert not (tmp_path / "network").exists()


def test_folders_without_a_plan_and_places_that_are_taken_are_refused(
    solved: Solved, tmp_path: Path
) -> None:
    assert "there is no plan" in export(solved(*NONE), tmp_path / "network").stderr
    assert "exists already" in export(PEER, tmp_path).stderr
