import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_input.cases import CASES, BadInput
from typer.testing import Result

from optmix.resources import instance_names

Cli = Callable[..., Result]

INFEASIBLE = {"@edge/infeasible-capacity", "@edge/infeasible-min-load"}
"""Shipped instances that need no solver to be found infeasible."""


@pytest.mark.parametrize("name", [f"@{name}" for name in instance_names()])
def test_shipped_instances_are_valid(cli: Cli, name: str) -> None:
    told = cli("validate", name)
    if name in INFEASIBLE:
        assert told.exit_code == 4
        assert told.stdout.startswith(f"{name}: infeasible (")
    else:
        assert told.exit_code == 0, told.stderr
        assert told.stdout.startswith(f"{name}: valid")


def test_all_problems_of_all_sites_are_told(cli: Cli, tmp_path: Path) -> None:
    cli("init", tmp_path / "good")
    cli("init", tmp_path / "bad")
    path = tmp_path / "bad" / "site.toml"
    text = path.read_text().replace("latitude = 31.95", "latitude = 3195").replace("n_max", "nmax")
    path.write_text(text)
    told = cli("validate", tmp_path / "good", path, "@edge/infeasible-capacity")
    assert told.exit_code == 3
    good, bad, infeasible = told.stdout.splitlines()
    assert good == f"{tmp_path / 'good'}: valid, method monolithic"
    assert bad == f"{path}: not valid (3 errors)"
    assert infeasible.startswith("@edge/infeasible-capacity: infeasible (")
    assert "latitude" in told.stderr
    assert 'unknown key "nmax"' in told.stderr
    assert "15.0 MW that can be installed" in told.stderr


def test_warnings_fail_only_strictly(cli: Cli, tmp_path: Path) -> None:
    cli("init", tmp_path / "site")
    # Demand in kW, written as MW, is possible but hardly meant.
    path = tmp_path / "site" / "demand.csv"
    path.write_text(path.read_text().replace(",10", ",0.010").replace(",4", ",0.004"))
    arguments = ("validate", tmp_path / "site", "--set", "unit[0].min_load_frac=0.0001")
    told = cli(*arguments)
    assert told.exit_code == 0, told.stderr
    assert "warning" in told.stderr
    assert "valid (" in told.stdout
    strict = cli(*arguments, "--strict")
    assert strict.exit_code == 3
    assert "not valid (" in strict.stdout


def test_json_has_every_problem_with_its_parts(cli: Cli) -> None:
    told = cli("validate", "@tutorial/one-engine", "@edge/infeasible-capacity", "--json")
    assert (told.exit_code, told.stderr) == (4, "")
    report = json.loads(told.stdout)
    assert not report["ok"]
    good, bad = report["sites"]
    name = "@tutorial/one-engine"
    assert good == {"path": name, "ok": True, "method": "monolithic", "problems": []}
    assert (bad["path"], bad["ok"]) == ("@edge/infeasible-capacity", False)
    for problem in bad["problems"]:
        assert list(problem) == ["severity", "what", "where", "allowed", "hint"]
    assert bad["problems"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("name", "settings", "method"),
    [
        ("@texas/islanded-300mw", [], "decomposition"),
        ("@texas/islanded-300mw", ["solve.solver=glpk"], "monolithic"),
        ("@texas/islanded-300mw", ["solve.method=monolithic"], "monolithic"),
        ("@texas/islanded-300mw-fortnight", [], "decomposition"),
        ("@tutorial/one-engine", [], "monolithic"),
        ("@texas/islanded-300mw-fortnight", ["solve.method=decomposition"], "decomposition"),
    ],
)
def test_the_method_that_would_be_used_is_told(
    cli: Cli, name: str, settings: list[str], method: str
) -> None:
    told = cli("validate", name, *(part for one in settings for part in ("--set", one)))
    assert told.stdout.endswith(f", method {method}\n")


def test_a_method_or_solver_that_cannot_be_used_is_told_with_the_rest(cli: Cli) -> None:
    name, settings = "@edge/infeasible-capacity", ("--set", "solve.solver=glpk")
    told = cli("validate", name, *settings, "--set", "solve.method=decomposition")
    assert told.exit_code == 3
    assert "15.0 MW that can be installed" in told.stderr
    assert "--set solve.method: the decomposition solves its windows with HiGHS" in told.stderr
    told = cli("validate", name, "--set", "solve.solver=hihgs", "--json")
    assert told.exit_code == 3
    (site,) = json.loads(told.stdout)["sites"]
    assert site["method"] is None
    assert [problem["where"] for problem in site["problems"]][-1] == "--set solve.solver"


def test_settings_are_checked_too(cli: Cli) -> None:
    told = cli("validate", "@tutorial/one-engine", "--set", "unit.engine-5mw.n_max=1")
    assert told.exit_code == 4
    assert "can be installed" in told.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_exit_code_3_with_its_message(
    cli: Cli, case: BadInput, tmp_path: Path
) -> None:
    told = cli("validate", case.write(tmp_path))
    assert told.exit_code == 3
    for part in (case.what, case.where, case.allowed, case.hint):
        assert part in told.stderr
    assert "not valid" in told.stdout
    assert "Traceback" not in told.output


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_not_solved_and_leaves_no_folder(
    cli: Cli, case: BadInput, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    told = cli("solve", case.write(site), "-o", tmp_path / "out")
    assert told.exit_code == 3
    assert case.what in told.stderr
    assert told.stdout == ""
    assert "Traceback" not in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
