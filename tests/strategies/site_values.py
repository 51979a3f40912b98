"""Random records, drawn from their JSON Schema: every field, every form, every bound."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from optmix.schema.base import Record
from optmix.schema.describe import record_schema

__all__ = ["record_values"]

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


def record_values(record: type[Record]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw plain values that pydantic accepts for a record; what holds between fields is left out.

    Optional fields are absent as often as not.
    """
    root = record_schema(record)
    return _of(root, root)


def _of(root: Mapping[str, Any], node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in node:
        return _of(root, root["$defs"][node["$ref"].rpartition("/")[2]])
    if "anyOf" in node:
        return st.one_of([_of(root, form) for form in node["anyOf"]])
    if "const" in node or "enum" in node:
        return st.sampled_from(node.get("enum", [node.get("const")]))
    if node["type"] == "object":
        return _object(root, node)
    if node["type"] == "array":
        least = node.get("minItems", 0)
        most = node.get("maxItems", least + 2)
        return st.lists(_of(root, node["items"]), min_size=least, max_size=most)
    return _scalar(node)


def _scalar(node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    match node["type"]:
        case "string":
            return _text(node)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(node["minimum"], node["maximum"])
    return _number(node)


def _object(root: Mapping[str, Any], node: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: _of(root, field) for name, field in node.get("properties", {}).items()}
    required = {name: fields.pop(name) for name in node.get("required", ())}
    # A table that other programs may add to: rules by id, sources by field.
    more: st.SearchStrategy[dict[str, Any]] = st.just({})
    if isinstance(node.get("additionalProperties"), Mapping):
        names = st.from_regex(r"[a-z0-9_]{1,8}\.[a-z0-9_-]{1,8}", fullmatch=True)
        more = st.dictionaries(names, _of(root, node["additionalProperties"]), max_size=2)
    fixed = st.fixed_dictionaries(required, optional=fields)
    return st.tuples(fixed, more).map(lambda pair: {**pair[1], **pair[0]})


def _text(node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    match node.get("format"):
        case "date":
            return _DAYS
        case "date-time-local":
            return st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31))  # noqa: DTZ001
    if "pattern" in node:
        shortest = st.from_regex(node["pattern"], fullmatch=True)
        return shortest.filter(
            lambda text: node.get("minLength", 0) <= len(text) <= node.get("maxLength", 80)
        )
    return _TEXTS.filter(lambda text: len(text) >= node.get("minLength", 0))


def _number(node: Mapping[str, Any]) -> st.SearchStrategy[float]:
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    return st.floats(
        min_value=node.get("minimum", above),
        max_value=node.get("maximum", below),
        exclude_min=above is not None,
        exclude_max=below is not None,
        allow_nan=False,
        allow_infinity=False,
    )
