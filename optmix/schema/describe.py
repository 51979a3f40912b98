"""Say in words what a field accepts, from the JSON Schema of its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from optmix.schema.base import NAME_PATTERN, Record
from optmix.schema.origin import Location
from optmix.schema.targets import SOLVER_PATTERN
from optmix.schema.unit_suffix import unit_of

__all__ = [
    "TABLES",
    "Node",
    "describe",
    "fields_at",
    "node_at",
    "places_of",
    "record_schema",
    "tables_of",
]

TABLES = "tables with double brackets"
"""What a list of records is in TOML."""

Node = Mapping[str, Any]
"""A JSON Schema of one value."""


@cache
def record_schema(record: type[Record]) -> dict[str, Any]:
    """Return the JSON Schema of a record as it is written: without null, which TOML lacks.

    Each field has its description and, where its name tells one, its unit as ``x-unit``. The
    result is shared: callers do not change it.
    """
    schema = record.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            _tidy(name, field)
    return schema


def _tidy(name: str, field: dict[str, Any]) -> None:
    field.pop("title", None)
    unit = unit_of(name)
    if unit is not None:
        field["x-unit"] = unit
    _keep_the_tighter_bound(field, "maximum", "exclusiveMaximum", min)
    _keep_the_tighter_bound(field, "minimum", "exclusiveMinimum", max)
    if field.get("default", ...) is None or isinstance(field.get("default"), dict):
        del field["default"]  # a table of defaults tells nothing that its own fields do not
    if "anyOf" not in field:
        return
    forms = [form for form in field.pop("anyOf") if form != {"type": "null"}]
    for form in forms:
        _tidy("", form)
    field.update(forms[0] if len(forms) == 1 else {"anyOf": forms})


def _keep_the_tighter_bound(
    field: dict[str, Any], including: str, excluding: str, tighter: Callable[..., float]
) -> None:
    """Drop one of two bounds: that of the type where the field has its own, or the reverse."""
    if including in field and excluding in field:
        limits = (field[excluding], field[including])
        del field[including if tighter(limits) == limits[0] else excluding]


def node_at(root: Node, location: Location) -> Node | None:
    """Return the schema of the value at a place, or none where nothing is known there."""
    here: Node | None = root
    for part in location:
        here = None if here is None else _child(root, here, part)
    return None if here is None else _resolved(root, here)


def fields_at(root: Node, location: Location) -> dict[str, Node]:
    """Return the fields of the table at a place, by name."""
    node = node_at(root, location)
    for form in () if node is None else _forms(root, node):
        if "properties" in form:
            return dict(form["properties"])
    return {}


def places_of(root: Node, name: str) -> list[str]:
    """Return the tables that have a field of this name, as their headers in TOML."""
    return [header for header, fields in tables_of(root, root, "") if name in fields]


def tables_of(root: Node, node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Yield every table below a node with its header in TOML and its fields by name."""
    for form in _forms(root, node):
        fields = form.get("properties", {})
        if not fields or "file" in fields:  # a series is written in one line, not as a table
            continue
        yield path, fields
        for name, field in fields.items():
            inner = f"{path.strip('[]')}.{name}".lstrip(".")
            items = field.get("items")
            if items is not None:
                yield from tables_of(root, items, f"[[{inner}]]")
            else:
                yield from tables_of(root, field, f"[{inner}]")


def _resolved(root: Node, node: Node) -> Node:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Node = root["$defs"][reference.rpartition("/")[2]]
    return target


def _forms(root: Node, node: Node) -> list[Node]:
    """Return the alternatives of a value, one if there is no choice."""
    resolved = _resolved(root, node)
    return [_resolved(root, form) for form in resolved.get("anyOf", [resolved])]


def _child(root: Node, node: Node, part: str | int) -> Node | None:
    for form in _forms(root, node):
        inner = form.get("items") if isinstance(part, int) else form.get("properties", {}).get(part)
        if inner is None and isinstance(part, str):
            inner = form.get("additionalProperties")
        if isinstance(inner, Mapping):
            return inner
    return None


def describe(root: Node, node: Node) -> str:
    """Return what a value may be, in words.

    Examples
    --------
    >>> describe({}, {"type": "number", "exclusiveMinimum": 0, "maximum": 2000})
    'a number above 0, at most 2,000'
    """
    forms = dict.fromkeys(_describe_form(root, form) for form in _forms(root, node))
    return ", or ".join(forms)


def _describe_form(root: Node, form: Node) -> str:
    if "const" in form or "enum" in form:
        return ", ".join(map(_literal, form.get("enum", [form.get("const")])))
    match form.get("type"):
        case "array":
            text = _describe_array(root, form)
        case "object":
            is_series = {"file", "column"} <= set(form.get("properties", {}))
            text = 'a series { file = "x.csv", column = "y" }' if is_series else "a table"
        case "string":
            text = _describe_text(form)
        case "boolean":
            text = "true or false"
        case "integer":
            text = f"a whole number{_range(form)}"
        case _:
            text = f"a number{_range(form)}"
    return text


def _describe_array(root: Node, form: Node) -> str:
    least, most = form.get("minItems"), form.get("maxItems")
    items = describe(root, form.get("items", {}))
    if items == "a table":
        return TABLES
    if least is not None and least == most:
        return f"a list of {least}, each {items}"
    if least:
        return f"a list of at least {least}, each {items}"
    return f"a list, each {items}"


def _describe_text(form: Node) -> str:
    match form.get("format"):
        case "date":
            return "a date such as 2029-01-01"
        case "date-time-local":
            return "a date and time such as 2029-01-01T00:00:00"
    pattern = form.get("pattern")
    if pattern == NAME_PATTERN:
        return (
            f"text of 1 to {form['maxLength']} letters, digits, spaces and . _ + -, "
            "the first a letter or digit"
        )
    if pattern == SOLVER_PATTERN:
        return 'a solver such as "highs", or with its profile, "highs:fast"'
    if "maxLength" in form:
        return f"text of at most {form['maxLength']} characters"
    return "text"


def _range(form: Node) -> str:
    least, above = form.get("minimum"), form.get("exclusiveMinimum")
    most, below = form.get("maximum"), form.get("exclusiveMaximum")
    if least is not None and most is not None:
        return f" from {_digits(least)} to {_digits(most)}"
    limits = [
        f"{word} {_digits(limit)}"
        for word, limit in (
            ("at least", least),
            ("above", above),
            ("at most", most),
            ("below", below),
        )
        if limit is not None
    ]
    return f" {', '.join(limits)}" if limits else ""


def _digits(limit: float) -> str:
    return f"{limit:,.10g}"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
