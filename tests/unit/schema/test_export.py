"""The JSON Schema accepts what optmix accepts, and tells the unit of each field."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from bad_input.fields import FIELDS
from bad_input.kit import GOOD, BadInput
from hypothesis import HealthCheck, given, settings
from strategies.site_values import record_values

from optmix.resources import instance_names, shipped
from optmix.schema.export import site_json_schema
from optmix.schema.load import load_site
from optmix.schema.resolved import resolved_toml
from optmix.schema.site import Site

SCHEMA = site_json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def as_json(value: Any) -> Any:
    """Return values of TOML as JSON has them: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def errors(values: dict[str, Any]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(values))]


def test_the_schema_is_valid_against_its_draft() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "optmix site"


@pytest.mark.parametrize("name", instance_names())
def test_shipped_sites_are_valid(name: str) -> None:
    text = (shipped("instances") / name / "site.toml").read_text(encoding="utf-8")
    assert errors(tomllib.loads(text)) == []
    assert errors(tomllib.loads(resolved_toml(load_site(f"@{name}")))) == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record_values(Site))
def test_what_optmix_writes_is_valid(values: dict[str, Any]) -> None:
    assert errors(tomllib.loads(resolved_toml(Site.model_validate(values)))) == []


SYNTAX_ONLY = [case for case in FIELDS if case.name not in {
    # Found by looking at values together, or at what is not part of JSON.
    "hexadecimal-without-end", "infinite", "not-a-number", "date-of-another-age",
    "unknown-timezone", "timezone-by-abbreviation", "timezone-out-of-its-folder",
    "start-with-offset", "count-with-point",
}]  # fmt: skip


@pytest.mark.parametrize("case", SYNTAX_ONLY, ids=lambda case: case.name)
def test_what_optmix_refuses_is_not_valid(case: BadInput, tmp_path: Path) -> None:
    values = tomllib.loads(case.write(tmp_path).read_text(encoding="utf-8"))
    assert errors(values) != []
    assert errors(tomllib.loads(GOOD)) == []


def test_fields_have_units_and_descriptions() -> None:
    unit = SCHEMA["$defs"]["UnitChoice"]["properties"]
    assert unit["rating_mw"]["x-unit"] == "MW"
    assert unit["fom_usd_per_kw_yr"]["x-unit"] == "USD/(kW yr)"
    assert "x-unit" not in unit["n_max"]
    tables = [SCHEMA, *SCHEMA["$defs"].values()]
    for table in tables:
        for name, field in table.get("properties", {}).items():
            target = SCHEMA["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
            assert "description" in field | target, name


def test_figures_of_the_catalog_are_not_asked_for() -> None:
    good = tomllib.loads(GOOD)
    good["unit"] = [{"technology": "titan-350", "n_max": 3}]
    assert errors(good) == []
    for entry in (
        {"n_max": 3},
        {"technology": "custom", "n_max": 3},
        {"technology": "titan-350", "n_max": 3, "from_catalog": False},
        {"technology": "titan-350"},
    ):
        good["unit"] = [entry]
        assert errors(good) != [], entry


def test_editors_know_the_catalog() -> None:
    definitions = SCHEMA["$defs"]
    units = definitions["UnitChoice"]["properties"]["technology"]["anyOf"][0]["enum"]
    batteries = definitions["BatteryChoice"]["properties"]["technology"]["anyOf"][0]["enum"]
    assert "titan-350" in units
    assert "lfp-4h" in batteries
    assert set(units) & set(batteries) == {"custom"}


def test_each_caller_has_a_schema_of_its_own() -> None:
    site_json_schema()["properties"].clear()
    assert site_json_schema()["properties"]


def test_editors_that_are_strict_accept_every_form() -> None:
    choice = SCHEMA["$defs"]["UnitChoice"]
    assert choice["if"]["additionalProperties"] is choice["else"]["additionalProperties"] is True
    forms = SCHEMA["$defs"]["Time"]["properties"]["start"]["anyOf"]
    assert [form["format"] for form in forms] == ["date-time-local", "date"]
