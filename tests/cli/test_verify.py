import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

Cli = Callable[..., Result]


def test_a_written_plan_holds(cli: Cli, solved: Path) -> None:
    told = cli("verify", solved)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "0 violations of" in told.stdout
    report = json.loads(cli("verify", solved, "--json").stdout)
    assert report["ok"]
    assert report["findings"] == []
    assert report["n_checks"] > 500
    reported = json.loads((solved / "result.json").read_text())["objective_usd"]
    assert report["objective_usd"] == pytest.approx(reported)


def test_a_spoilt_plan_is_exit_code_7_with_its_equations(cli: Cli, solved: Path) -> None:
    path = solved / "dispatch.csv"
    frame = pd.read_csv(path)
    frame.loc[3, "engine-5mw.output_mw"] += 1.0
    frame.to_csv(path, index=False)
    told = cli("verify", solved)
    assert told.exit_code == 7
    assert "BAL-1" in told.stdout
    report = json.loads(cli("verify", solved, "--json").stdout)
    assert not report["ok"]
    balance = next(item for item in report["findings"] if item["equation"] == "BAL-1")
    assert (balance["step"], balance["excess"], balance["unit"]) == (3, pytest.approx(1.0), "MW")


def test_a_false_claim_of_optimality_is_exit_code_7(cli: Cli, solved: Path) -> None:
    path = solved / "result.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result["gap"] <= result["gap_target"]
    wide = {"bound_usd": 0.54 * result["objective_usd"], "gap": 0.46}
    path.write_text(json.dumps({**result, **wide}), encoding="utf-8")
    told = cli("verify", solved)
    assert told.exit_code == 7
    assert "OUT-12" in told.stdout
    path.write_text(json.dumps({**result, **wide, "status": "feasible"}), encoding="utf-8")
    assert cli("verify", solved).exit_code == 0


def test_a_changed_input_is_exit_code_7(cli: Cli, solved: Path) -> None:
    path = solved / "site.resolved.toml"
    path.write_text(path.read_text().replace("wacc = 0.0", "wacc = 0.01"))
    told = cli("verify", solved)
    assert told.exit_code == 7
    assert "OUT-10" in told.stdout


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda out: (out / "dispatch.csv").unlink(), "no file dispatch.csv"),
        (lambda out: (out / "dispatch.csv").write_text("time,year\n"), 'no column "demand_mw"'),
        (lambda out: (out / "mix.csv").write_bytes(b"\xff\xfe"), "mix.csv: cannot be read"),
        (lambda out: (out / "result.json").write_text("{}"), "result.json"),
        (lambda out: (out / "site.resolved.toml").write_text("x"), "site.resolved.toml"),
        (lambda out: (out / "inputs" / "demand.csv").unlink(), "demand.csv"),
    ],
    ids=["no-table", "no-columns", "no-text", "no-result", "no-toml", "no-series"],
)
def test_files_that_cannot_be_read_are_exit_code_3(
    cli: Cli, solved: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(solved)
    told = cli("verify", solved)
    assert told.exit_code == 3
    assert said in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("name", ["nowhere", "site.toml"])
def test_only_a_folder_of_results_can_be_verified(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "site.toml").write_text("")
    told = cli("verify", tmp_path / name)
    assert told.exit_code == 3
    assert "name the folder that optmix solve wrote" in told.stderr
