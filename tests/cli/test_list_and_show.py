import json
from collections.abc import Callable

import pytest
from typer.testing import Result

from optmix.resources import instance_names
from optmix.rules.packs import pack_names
from optmix.rules.registry import rule_ids
from optmix.schema.catalog import load_technology, technology_ids
from optmix.solve.profiles import solver_names

Cli = Callable[..., Result]


@pytest.mark.parametrize(
    ("what", "key", "names"),
    [
        ("instances", "name", [f"@{name}" for name in instance_names()]),
        ("technologies", "id", technology_ids()),
        ("solvers", "name", solver_names()),
        ("rules", "id", rule_ids()),
    ],
)
def test_everything_shipped_is_listed(cli: Cli, what: str, key: str, names: list[str]) -> None:
    table, told = cli("list", what), cli("list", what, "--json")
    assert (table.exit_code, told.exit_code) == (0, 0)
    assert [row[key] for row in json.loads(told.stdout)] == list(names)
    for name in names:
        assert name in table.stdout
    assert table.stderr == told.stderr == ""


def test_the_catalog_is_listed_with_its_figures(cli: Cli) -> None:
    rows = {row["id"]: row for row in json.loads(cli("list", "technologies", "--json").stdout)}
    turbine, battery = load_technology("titan-350"), load_technology("lfp-2h")
    assert rows["titan-350"] == {
        "id": "titan-350",
        "model": turbine.model,
        "kind": "industrial-turbine",
        "rating_mw": turbine.rating_mw,
        "energy_mwh": None,
        "heat_rate_mmbtu_per_mwh": turbine.heat_rate_mmbtu_per_mwh[-1],
        "capex_usd_per_kw": turbine.capex_usd_per_kw,
    }
    assert rows["lfp-2h"]["capex_usd_per_kw"] == pytest.approx(
        battery.capex_usd_per_kw + 2 * battery.capex_usd_per_kwh
    )


@pytest.mark.parametrize("name", technology_ids())
def test_a_technology_is_shown_with_unit_source_and_confidence(cli: Cli, name: str) -> None:
    told = json.loads(cli("show", name, "--json").stdout)
    technology = load_technology(name)
    shown = {figure["name"]: figure for figure in told["figures"]}
    for field in technology.model_fields_set - {"model", "vendor", "kind", "fuel", "source"}:
        value = getattr(technology, field)
        figure = shown[field]
        assert figure["value"] == (list(value) if isinstance(value, tuple) else value)
        assert figure["confidence"], field
        assert figure["source"], field
    table = cli("show", name)
    assert table.exit_code == 0
    for field in technology.model_fields_set & {"rating_mw", "module_mw", "capex_usd_per_kw"}:
        assert field in table.stdout


def test_a_default_of_the_schema_claims_no_source(cli: Cli) -> None:
    told = json.loads(cli("show", "titan-350", "--json").stdout)
    (figure,) = [row for row in told["figures"] if row["name"] == "nox_lb_per_start"]
    assert (figure["value"], figure["unit"]) == (0.0, "lb/start")
    assert (figure["source"], figure["confidence"]) == (None, None)


@pytest.mark.parametrize("name", ["@tutorial/one-engine", "tutorial/one-engine"])
def test_an_instance_is_shown_with_and_without_its_sign(cli: Cli, name: str) -> None:
    told = json.loads(cli("show", name, "--json").stdout)
    assert told["name"] == "@tutorial/one-engine"
    assert told["site"]["name"] == "one-engine"
    assert "site.toml" in told["files"]
    assert told["site"]["description"] in " ".join(cli("show", name).stdout.split())


def test_a_solver_is_shown_whole_or_by_profile(cli: Cli) -> None:
    whole = json.loads(cli("show", "highs", "--json").stdout)
    part = json.loads(cli("show", "highs:fast", "--json").stdout)
    assert {"default", "fast", "proof"} <= set(whole["profile"])
    assert list(part["profile"]) == ["fast"]
    assert whole["usable"]
    assert "highs:proof" in cli("show", "highs").stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("titan350", '"titan-350"'),
        ("@tutorial/one-engin", '"@tutorial/one-engine"'),
        ("highs:quick", "highs:fast"),
        ("hihgs", '"highs"'),
        ("air.site-tpi", '"air.site-tpy"'),
        ("tx-2026-11", '"tx-2026-10"'),
    ],
)
def test_an_unknown_name_is_exit_code_3_with_what_may_be_meant(
    cli: Cli, name: str, hint: str
) -> None:
    told = cli("show", name)
    assert told.exit_code == 3
    assert hint in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("name", rule_ids())
def test_a_rule_is_shown_with_its_sources_and_parameters(cli: Cli, name: str) -> None:
    told = json.loads(cli("show", name, "--json").stdout)
    shown = " ".join(cli("show", name).stdout.split())
    assert told["id"] == name
    assert told["cite"]
    for piece in told["evidence"]:
        assert piece["grade"] in {"P", "S", "U", "D"}
        assert piece["means"].split()[0] in shown
    for item in told["parameters"]:
        assert item["name"] in shown
        assert item["meaning"]


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_shown_with_its_day(cli: Cli, name: str) -> None:
    told = json.loads(cli("show", name, "--json").stdout)
    table = cli("show", name).stdout
    assert told["as_of"] in table
    for rule in told["rules"]:
        assert rule["id"] in table


def test_two_packs_are_compared(cli: Cli) -> None:
    told = json.loads(
        cli("show", "tx-2026-10", "--against", "tx-2026-03-proposed", "--json").stdout
    )
    figures = [row for row in told["differences"] if row["parameter"] != "evidence"]
    assert figures == [
        {
            "rule": "sb6.study-fee",
            "parameter": "large_fee_usd",
            "tx-2026-10": None,
            "tx-2026-03-proposed": 300_000.0,
        }
    ]
    sources = [row["rule"] for row in told["differences"] if row["parameter"] == "evidence"]
    assert sources == ["sb6.study-fee", "sb6.security", "ercot.load-swing"]
    assert "300,000" in cli("show", "tx-2026-10", "--against", "tx-2026-03-proposed").stdout
    same = cli("show", "none", "--against", "none")
    assert "The same rules" in same.stdout


def test_a_pack_is_compared_with_one_that_lacks_its_rules(cli: Cli) -> None:
    told = json.loads(cli("show", "tx-2026-10", "--against", "none", "--json").stdout)
    assert {row["parameter"] for row in told["differences"]} == {None}
    assert {row["tx-2026-10"] for row in told["differences"]} == {"in force"}


def test_only_packs_are_compared(cli: Cli) -> None:
    told = cli("show", "titan-350", "--against", "none")
    assert told.exit_code == 2
    assert "--against" in told.stderr
    assert cli("show", "none", "--against", "nine").exit_code == 3
