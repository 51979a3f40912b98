"""The curve of cost against nines: every target a solve of its own, and rows that stay."""

import csv
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from optmix.solve import api

Cli = Callable[..., Result]

# Engines of 5 MW alone, out 5 % of the time: 18 MW for half of the day and 24 MW for the other.
SITE = (
    "@tutorial/n-plus-one",
    *("--set", "unit.engine-5mw.forced_outage_frac=0.05"),
    *("--set", "unit.turbine-10mw.n_max=0"),
)


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "nines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_target_gets_its_fleet_and_a_folder(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "curve"
    told = cli("solve", *SITE, "-o", out, "--nines", "3, 1", "--no-report", "-q", "--json")
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document == json.loads((out / "nines.json").read_text(encoding="utf-8"))
    rows = document["rows"]
    assert [row["nines"] for row in rows] == [1, 3]
    assert [row["availability_target"] for row in rows] == [0.9, 0.999]
    for row in rows:
        assert row["is_met"]
        assert row["availability_low"] >= row["availability_target"]
        assert row["bound_usd"] <= row["objective_usd"]
        solved = json.loads((out / row["folder"] / "result.json").read_text(encoding="utf-8"))
        assert solved["objective_usd"] == row["objective_usd"]
        assert solved["mix"]["units"]["engine-5mw"] == row["engine-5mw"]
    assert rows[0]["objective_usd"] < rows[1]["objective_usd"]
    assert [int(row["engine-5mw"]) for row in rows_of(out)] == [row["engine-5mw"] for row in rows]
    plot = (out / "nines.svg").read_text(encoding="utf-8")
    assert plot.startswith("<svg")
    assert "99.9 %" in plot


@pytest.mark.slow
def test_a_target_out_of_reach_is_a_row_with_its_reason(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "curve"
    few = ("--set", "unit.engine-5mw.n_max=6")
    told = cli("solve", *SITE, *few, "-o", out, "--nines", "1,6", "--no-report", "-q")
    assert told.exit_code == 4, told.output
    reached, missed = rows_of(out)
    assert (reached["status"], missed["status"]) == ("optimal", "infeasible")
    assert "the largest fleet on offer" in missed["reason"]
    assert missed["objective_usd"] == ""
    assert "infeasible" in (out / "nines.svg").read_text(encoding="utf-8")


def test_ctrl_c_keeps_the_rows_that_are_done(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve, out = api.solve, tmp_path / "curve"
    solved = []

    def interrupted(site: object, **options: object) -> object:
        solved.append(site)
        if len(solved) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return solve(site, **options)

    monkeypatch.setattr(api, "solve", interrupted)
    told = cli("solve", *SITE, "-o", out, "--nines", "1,2,3", "--no-report", "-q")
    assert told.exit_code == 130, told.output
    assert [row["nines"] for row in rows_of(out)] == ["1.0", "2.0"]
    assert rows_of(out)[0]["status"] == "optimal"
    assert len(solved) == 2


@pytest.mark.parametrize("nines", ["3,x", "0", "10", "3,3", ""])
def test_what_is_no_number_of_nines_is_refused(cli: Cli, tmp_path: Path, nines: str) -> None:
    told = cli("solve", *SITE, "-o", tmp_path / "curve", "--nines", nines)
    assert told.exit_code == 2
    assert not (tmp_path / "curve").exists()


def test_the_folder_of_a_single_solve_is_not_mixed_with_a_curve(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    told = cli("solve", *SITE, "-o", tmp_path, "--nines", "3")
    assert told.exit_code == 3
    assert "result of a single solve" in " ".join(told.stderr.split())


def test_a_target_of_the_site_gives_way(cli: Cli, tmp_path: Path) -> None:
    own = (
        *("--set", "reliability.target=lole"),
        *("--set", "reliability.lole_h_per_yr=2.4"),
    )
    out = tmp_path / "curve"
    told = cli("solve", *SITE, *own, "-o", out, "--nines", "1", "--no-report", "-q")
    assert told.exit_code == 0, told.output
    text = (out / "nines-1" / "site.resolved.toml").read_text(encoding="utf-8")
    assert 'target = "nines"' in text
    assert "lole_h_per_yr" not in text
