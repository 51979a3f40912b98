"""The records themselves: bounds, strictness, defaults."""

import datetime as dt
import math
from typing import Any, get_args

import annotated_types
import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from optmix.schema.base import Record
from optmix.schema.describe import record_schema
from optmix.schema.operation import Security
from optmix.schema.site import BatteryChoice, Site, UnitChoice
from optmix.schema.surroundings import Place, Time
from optmix.schema.targets import Rules, SolveOptions
from optmix.schema.technology import ThermalTechnology

UPPER = (annotated_types.Le, annotated_types.Lt)
LOWER = (annotated_types.Ge, annotated_types.Gt)


def kinds(record: type[Record] = Record) -> list[type[Record]]:
    inner = [each for child in record.__subclasses__() for each in (child, *kinds(child))]
    return [each for each in inner if each.__module__.startswith("optmix")]


def numeric_fields() -> list[tuple[type[Record], str]]:
    return [
        (record, name)
        for record in kinds()
        for name, node in record_schema(record)["properties"].items()
        if node.get("type") in {"number", "integer"} and "const" not in node
    ]


def bounds(field: FieldInfo, kind: tuple[type, ...]) -> list[float]:
    """Return every bound that the annotations of a field name, wherever they stand."""
    found = list(field.metadata)
    for part in (field.annotation, *get_args(field.annotation)):
        for item in getattr(part, "__metadata__", ()):
            found += item.metadata if isinstance(item, FieldInfo) else [item]
    return [next(iter(vars_of(item).values())) for item in found if isinstance(item, kind)]


def vars_of(item: Any) -> dict[str, float]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


@pytest.mark.parametrize(("record", "name"), numeric_fields())
def test_the_tightest_bound_that_a_field_names_is_the_one_in_force(
    record: type[Record], name: str
) -> None:
    field, node = record.model_fields[name], record_schema(record)["properties"][name]
    upper = node.get("maximum", node.get("exclusiveMaximum"))
    lower = node.get("minimum", node.get("exclusiveMinimum"))
    assert upper == min(bounds(field, UPPER))
    assert lower == max(bounds(field, LOWER))
    whole = node["type"] == "integer"
    above = upper + 1 if whole else math.nextafter(upper, math.inf)
    below = lower - 1 if whole else math.nextafter(lower, -math.inf)
    adapter = TypeAdapter(field.rebuild_annotation())
    for value in (above, below):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", None])
def test_truth_is_not_guessed(value: object) -> None:
    with pytest.raises(ValidationError):
        Place(latitude=0, longitude=0, timezone="UTC", emission_controls=value)


@pytest.mark.parametrize("value", ["1", True, math.nan, math.inf, 10**400])
def test_numbers_are_not_guessed(value: object) -> None:
    with pytest.raises(ValidationError):
        Security(swing_mw=value)


@pytest.mark.parametrize("value", [20290101, 1.0, True, "soon", dt.time(5), dt.date(1825, 1, 1)])
def test_dates_are_not_guessed(value: object) -> None:
    with pytest.raises(ValidationError):
        Place(latitude=0, longitude=0, timezone="UTC", operation_start=value)
    with pytest.raises(ValidationError):
        Time(start=value)


def test_dates_may_be_text_because_json_has_none() -> None:
    assert Time(start="2025-07-01").start == dt.date(2025, 7, 1)
    assert Time(start="2025-07-01T06:00:00").start == dt.datetime(2025, 7, 1, 6)  # noqa: DTZ001


def test_a_day_has_no_time() -> None:
    with pytest.raises(ValidationError):
        Place(latitude=0, longitude=0, timezone="UTC", operation_start=dt.datetime(2025, 7, 1, 6))  # noqa: DTZ001


def test_records_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Security().swing_mw = 1.0


def test_the_model_and_the_name_of_a_choice_are_two_things() -> None:
    assert "name" not in ThermalTechnology.model_fields
    assert {"name", "model"} <= set(UnitChoice.model_fields) & set(BatteryChoice.model_fields)


@pytest.mark.parametrize("value", [1.5, True, "minor-source", (1.0, 2.0), ("nox", "co"), 2])
def test_parameters_of_rules_keep_their_kind(value: object) -> None:
    rules = Rules.model_validate({"air.site-tpy": {"x": value}})
    kept = (rules.model_extra or {})["air.site-tpy"]["x"]
    assert (kept, type(kept)) == (value, type(value))


@pytest.mark.parametrize("name", ["highs", "highs:fast", "scip:default", "my_solver-2.1:a.b"])
def test_solver_names(name: str) -> None:
    assert SolveOptions(solver=name).solver == name


@pytest.mark.parametrize("name", ["", "highs:", ":fast", "highs fast", "a:b:c", "highs\n"])
def test_what_is_no_solver_name(name: str) -> None:
    with pytest.raises(ValidationError):
        SolveOptions(solver=name)


def test_every_field_is_described() -> None:
    for record in kinds():
        for name, field in record.model_fields.items():
            assert field.description, f"{record.__name__}.{name}"


def test_sites_are_equal_by_what_they_say() -> None:
    values = {
        "schema_version": 1,
        "name": "a",
        "site": {"latitude": 0, "longitude": 0, "timezone": "UTC"},
        "demand": {"profile": "flat", "peak_mw": 1},
    }
    one, other = Site.model_validate(values), Site.model_validate(values)
    assert one == other.with_origin(type(other.origin)(lines={("name",): 7}))
    assert one != Site.model_validate({**values, "name": "b"})
