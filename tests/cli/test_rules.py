"""Rules from the site file to the files of a solve, and back through the verifier."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Cli = Callable[..., Result]

SITE = """\
schema_version = 1
name = "tied"

[site]
latitude = 31.95
longitude = -102.18
timezone = "America/Chicago"

[time]
start = 2025-07-01
hours = 24

[demand]
profile = "flat"
peak_mw = 100

[[unit]]
technology = "g3520k"
n_max = 60

[grid]
withdrawal_max_mw = 100
energy_price = 20

[events]
emergency = { file = "eea.csv", column = "eea" }

[rules]
pack = "tx-2026-10"

[rules."air.site-tpy"]
pollutants = ["nox"]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tied")
    rows = [str(int(17 <= hour < 20)) for hour in range(24)]
    (folder / "eea.csv").write_text("\n".join(["eea", *rows]) + "\n", encoding="utf-8")
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    return folder / "site.toml"


@pytest.fixture(scope="module")
def out(cli: Cli, site: Path) -> Path:
    folder = site.parent / "out"
    told = cli("solve", site, "-o", folder, "--double-check")
    assert told.exit_code == 0, told.output
    (folder / "shown.txt").write_text(told.stdout, encoding="utf-8")
    return folder


def rules_of(folder: Path) -> dict[str, Any]:
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return {each["id"]: each for each in result["rules"]}


def test_a_result_says_how_each_rule_stands(out: Path) -> None:
    rules = rules_of(out)
    status = {name: each["status"] for name, each in rules.items()}
    assert status == {
        "sb6.applicability": "info",
        "sb6.disclosure": "checklist",
        "sb6.site-control": "checklist",
        "sb6.study-fee": "info",
        "sb6.security": "info",
        "sb6.ciac": "not applicable",
        "sb6.backup-definition": "checklist",
        "sb6.deploy-or-curtail": "pass",
        "sb6.firm-load-shed": "pass",
        "sb6.demand-reduction": "not applicable",
        "sb6.net-metering-review": "not applicable",
        "ercot.transmission-charge": "info",
        "ercot.withdrawal-limit": "not applicable",
        "ercot.controllable-load": "not applicable",
        "ercot.ride-through": "checklist",
        "ercot.load-swing": "not applicable",
        "tx.batch-timeline": "not applicable",
        "air.nox-rate": "pass",
        "air.site-tpy": "pass",
        "air.nsps-kkkka": "not applicable",
        "air.emergency-hours": "not applicable",
    }
    emergency = rules["sb6.deploy-or-curtail"]
    assert emergency["reason"] == "3 hours of emergency are given"
    assert emergency["margin"] == pytest.approx(0.0, abs=1e-6)
    assert (emergency["unit"], emergency["binding_hours"]) == ("MW", 3.0)
    assert emergency["params"]["notice_h"] == 0.5
    assert emergency["set_by"]["notice_h"] == "pack"
    assert "modelling default, not law" in emergency["confidence"]
    assert "PURA 37.0561 (e)" in emergency["evidence"]
    assert any(row["what"].endswith("import") for row in emergency["evidence_rows"])


def test_fees_are_a_line_of_the_cost(out: Path) -> None:
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    charged = {each["id"]: each["cost_usd"] for each in result["rules"] if each["cost_usd"]}
    assert set(charged) == {"sb6.study-fee", "sb6.security", "ercot.transmission-charge"}
    assert result["costs_usd"]["rules"] == pytest.approx(sum(charged.values()))


def test_the_summary_shows_rules_and_what_is_unverified(out: Path) -> None:
    shown = " ".join((out / "shown.txt").read_text(encoding="utf-8").split())
    assert "sb6.deploy-or-curtail pass" in shown
    assert "sb6.site-control checklist" in shown
    assert "rest in part on unverified sources: sb6.backup-definition, air.nox-rate" in shown
    assert "not applicable: sb6.ciac (no contribution is given" in shown
    assert 'ercot.withdrawal-limit (metering is "standard"' in shown


def test_the_folder_verifies_and_knows_a_status_that_was_changed(cli: Cli, out: Path) -> None:
    assert cli("verify", out).exit_code == 0
    path = out / "result.json"
    honest = path.read_text(encoding="utf-8")
    path.write_text(honest.replace('"not applicable"', '"pass"'), encoding="utf-8")
    told = cli("verify", out)
    path.write_text(honest, encoding="utf-8")
    assert told.exit_code == 7
    assert "OUT-14" in told.stdout
    assert "ercot.withdrawal-limit" in told.stdout


def test_a_rule_left_out_is_not_applicable_and_its_plan_breaks_it(
    cli: Cli, site: Path, tmp_path: Path
) -> None:
    told = cli(
        *("solve", site, "-o", tmp_path / "out", "-q"),
        *("--no-rule", "sb6.deploy-or-curtail", "--no-rule", "sb6.firm-load-shed"),
    )
    assert told.exit_code == 0, told.output
    left_out = rules_of(tmp_path / "out")["sb6.deploy-or-curtail"]
    assert (left_out["applies"], left_out["reason"]) == (False, "switched off: --no-rule")
    resolved = tmp_path / "out" / "site.resolved.toml"
    text = resolved.read_text(encoding="utf-8")
    assert text.count("enabled = false") == 2
    resolved.write_text(re.sub("enabled = false", "enabled = true", text), encoding="utf-8")
    verified = cli("verify", tmp_path / "out", "--json")
    assert verified.exit_code == 7
    broken = {finding["equation"] for finding in json.loads(verified.stdout)["findings"]}
    assert "sb6.deploy-or-curtail" in broken


def test_an_unknown_rule_is_told_before_any_work(cli: Cli, site: Path, tmp_path: Path) -> None:
    told = cli("solve", site, "-o", tmp_path / "out", "--no-rule", "sb6.deploy")
    assert told.exit_code == 3
    assert 'did you mean "sb6.deploy-or-curtail"' in told.stderr
    named = cli("validate", site, "--set", 'rules."sb6.deploy".notice_h=1')
    assert named.exit_code == 3
    assert 'there is no rule "sb6.deploy"' in named.stderr
    assert not (tmp_path / "out").exists()


def test_without_a_plan_no_rule_is_checked(cli: Cli, site: Path, tmp_path: Path) -> None:
    lane = 'rules."air.site-tpy".cap_tpy=0.0'
    told = cli("solve", site, "-o", tmp_path / "out", "-q", "--set", lane)
    assert told.exit_code == 4, told.output
    assert rules_of(tmp_path / "out")["air.site-tpy"]["status"] == "not checked"
    assert rules_of(tmp_path / "out")["ercot.withdrawal-limit"]["status"] == "not applicable"


def test_a_result_tells_on_request_what_each_rule_costs(cli: Cli, tmp_path: Path) -> None:
    site = ("@tutorial/one-engine", "--set", 'rules."minimum-onsite".frac=1.5')
    site = (*site, "--set", 'rules."air.site-tpy".cap_tpy=500')
    for name, more in (("plain", ()), ("priced", ("--price-rules",))):
        told = cli("solve", *site, *more, "-o", tmp_path / name, "-q", "--gap", "0.0001")
        assert told.exit_code == 0, told.output
    assert {each["price_usd"] for each in rules_of(tmp_path / "plain").values()} == {None}
    prices = {name: each["price_usd"] for name, each in rules_of(tmp_path / "priced").items()}
    explained = json.loads(cli("explain", tmp_path / "plain", "--json", "-q").stdout)["rules"]
    assert prices == pytest.approx({each["id"]: each["price_usd"] for each in explained})
    assert prices["minimum-onsite"] > 0
    assert prices["air.site-tpy"] == 0
    assert cli("verify", tmp_path / "priced", "-q").exit_code == 0
