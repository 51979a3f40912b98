"""The JSON Schema of a site file, for editors and for other programs.

It describes what a user writes, not what optmix holds after reading: a unit that names a
``technology`` of the catalog need not repeat its figures. Messages about mistakes in a site file
are made from it too, so what an editor allows and what optmix allows cannot differ.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from optmix.schema.catalog import load_technology, technology_ids
from optmix.schema.describe import record_schema
from optmix.schema.site import BatteryChoice, Site, UnitChoice
from optmix.schema.targets import RULE_ID_PATTERN
from optmix.schema.technology import BatteryTechnology, ThermalTechnology

__all__ = ["DIALECT", "site_json_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FROM_CATALOG = {
    "type": "boolean",
    "default": True,
    "description": "Whether figures not given here come from the catalog; `false` where every "
    "figure is given here.",
}


def site_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a site file, draft 2020-12.

    Returns
    -------
    dict
        Each field has its description and, where its name tells one, its unit as ``x-unit``.

    Examples
    --------
    >>> site_json_schema()["$defs"]["Grid"]["properties"]["withdrawal_max_mw"]["x-unit"]
    'MW'
    """
    return deepcopy(_site_json_schema())


@cache
def _site_json_schema() -> dict[str, Any]:
    schema = deepcopy(record_schema(Site))
    definitions = schema.pop("$defs")
    for choice, kind in ((UnitChoice, ThermalTechnology), (BatteryChoice, BatteryTechnology)):
        ids = [name for name in technology_ids() if isinstance(load_technology(name), kind)]
        _take_figures_from_catalog(definitions[choice.__name__], ids)
    _require_rule_ids(definitions["Rules"])
    return {
        "$schema": DIALECT,
        "title": "optmix site",
        **{key: value for key, value in schema.items() if key != "title"},
        "$defs": definitions,
    }


def _take_figures_from_catalog(choice: dict[str, Any], ids: list[str]) -> None:
    """Require the figures of a technology only where none is taken from the catalog."""
    figures = [name for name in choice["required"] if name != "n_max"]
    properties = choice["properties"]
    properties["technology"]["anyOf"] = [{"enum": [*ids, "custom"]}, {"type": "string"}]
    properties["from_catalog"] = dict(_FROM_CATALOG)
    choice["required"] = ["n_max"]
    # Without "additionalProperties" an editor that is strict refuses every other key here.
    choice["if"] = {
        "required": ["technology"],
        "properties": {
            "technology": {"not": {"const": "custom"}},
            "from_catalog": {"not": {"const": False}},
        },
        "additionalProperties": True,
    }
    choice["else"] = {"required": figures, "additionalProperties": True}


def _require_rule_ids(rules: dict[str, Any]) -> None:
    rules["patternProperties"] = {RULE_ID_PATTERN: rules["additionalProperties"]}
    rules["additionalProperties"] = False
