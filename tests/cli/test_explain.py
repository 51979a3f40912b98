import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from optmix.explain.session import Session

Cli = Callable[..., Result]


def test_a_solved_folder_is_explained(cli: Cli, solved_once: Path) -> None:
    told = cli("explain", solved_once, "-q")
    assert told.exit_code == 0, told.output
    assert "One more, one fewer" in told.stdout
    assert "n_max of engine-5mw" in told.stdout
    report = json.loads(cli("explain", solved_once, "--json", "-q").stdout)
    assert report["status"] == "optimal"
    assert report["is_complete"]
    result = json.loads((solved_once / "result.json").read_text())
    assert report["objective_usd"] == pytest.approx(result["objective_usd"])


def test_a_site_without_a_plan_is_told_what_would_leave_one(cli: Cli) -> None:
    told = cli("explain", "@edge/infeasible-capacity", "-q")
    assert told.exit_code == 0, told.output
    assert "raise n_max of engine-5mw from 3 to 4" in told.stdout
    assert "--set unit.engine-5mw.n_max=4" in told.stdout
    assert "Conflict" in told.stdout


def test_solve_writes_the_same_beside_its_result(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", "@edge/infeasible-nox-cap", "-o", tmp_path / "out")
    assert told.exit_code == 4
    assert "Remedy    raise cap_tpy of nox from 5 to 6.7" in told.stdout
    why = json.loads((tmp_path / "out" / "explain.json").read_text(encoding="utf-8"))
    fields = {each["field"] for change in why["changes"] for each in change["settings"]}
    assert "emissions.nox.cap_tpy" in fields
    again = cli("explain", tmp_path / "out", "--json", "-q")
    assert json.loads(again.stdout)["changes"] == why["changes"]


def test_a_change_can_be_tried_as_it_is_told(cli: Cli, tmp_path: Path) -> None:
    site = ("@edge/infeasible-capacity", "--set", "unit.engine-5mw.n_max=4")
    assert cli("solve", *site, "-o", tmp_path / "out", "-q").exit_code == 0


def test_settings_are_for_sites(cli: Cli, solved_once: Path) -> None:
    assert cli("explain", solved_once, "--set", "demand.peak_mw=3").exit_code == 2


def test_rules_are_left_out_of_sites(cli: Cli, solved_once: Path) -> None:
    assert cli("explain", solved_once, "--no-rule", "air.site-tpy").exit_code == 2
    site = ("@tutorial/one-engine", "--set", 'rules."minimum-onsite".frac=9', "-q", "--json")
    assert json.loads(cli("explain", *site).stdout)["status"] == "infeasible"
    told = cli("explain", *site, "--no-rule", "minimum-onsite")
    assert json.loads(told.stdout)["status"] == "optimal"
    assert cli("explain", *site, "--no-rule", "air.site-tpy").exit_code == 3


def test_an_unknown_rule_is_exit_code_3(cli: Cli, solved_once: Path) -> None:
    told = cli("explain", solved_once, "--rule", "air.site-tpy", "-q")
    assert told.exit_code == 3
    assert "is not in force on this site" in told.stderr


def test_a_time_limit_keeps_what_was_found(
    cli: Cli, solved_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "left_s", 0.0)
    told = cli("explain", solved_once, "--time-limit", "10s", "-q")
    assert told.exit_code == 0, told.output
    assert "Stopped before everything was tried." in told.stdout


def test_a_time_limit_before_there_is_a_plan_is_exit_code_5(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "left_s", 0.0)
    assert cli("explain", "@tutorial/one-engine", "-q").exit_code == 5
