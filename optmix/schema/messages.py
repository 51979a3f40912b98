"""Turn the errors of pydantic into faults that a planner can act on.

One fault for each mistake: a value that fits none of several forms is reported once, with all the
forms, and not once for each.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from optmix.schema.base import LARGEST, Record
from optmix.schema.describe import Node, describe, node_at, record_schema
from optmix.schema.fault import Fault
from optmix.schema.hints import absence_hint, length_hint, size_hint, value_hint
from optmix.schema.origin import Location, legible
from optmix.schema.unknown_keys import unknown_key

__all__ = ["faults_of", "shown"]

_Error = Mapping[str, Any]

_WRONG_FORM = re.compile(
    r"(float|int|bool|string|tuple|model|model_attributes|dict|date|datetime)_type"
)
"""Types of errors that say: this is not even the right kind of value."""

_SILENT = frozenset({"default_factory_not_called"})
"""Consequences of another error."""


def faults_of(error: ValidationError, record: type[Record], values: object) -> list[Fault]:
    """Return one fault for each mistake that pydantic found.

    Parameters
    ----------
    error
        What pydantic raised for ``values``.
    record
        The record that was to be made.
    values
        The plain values it was to be made of.
    """
    root = record_schema(record)
    by_place: dict[tuple[Location, bool], list[_Error]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] not in _SILENT and not _counts_only_good(detail):
            place, is_choice = _place(detail, values)
            by_place.setdefault((place, is_choice), []).append(detail)
    faults: list[Fault] = []
    for (place, is_choice), details in by_place.items():
        if is_choice:
            faults += _choice_faults(root, place, details, values)
        else:
            faults += [_fault(root, place, detail) for detail in details]
    return faults


def _counts_only_good(detail: _Error) -> bool:
    """Whether a list is long enough, and only called short because its bad values do not count."""
    if detail["type"] != "too_short":
        return False
    return bool(len(detail["input"]) >= detail["ctx"]["min_length"])


def _place(detail: _Error, values: object) -> tuple[Location, bool]:
    """Return the path of the value, and whether it is a choice between several forms.

    Pydantic puts the name of each form into the path; such a part leads nowhere in the values.
    """
    here = values
    place: list[str | int] = []
    for number, part in enumerate(detail["loc"]):
        inner = _step(here, part)
        if inner is _ABSENT and not (
            detail["type"] == "missing" and number == len(detail["loc"]) - 1
        ):
            return tuple(place), True
        place.append(part)
        here = inner
    return tuple(place), False


_ABSENT = object()


def _step(here: object, part: str | int) -> object:
    if isinstance(here, Mapping):
        return here.get(part, _ABSENT)
    is_list = isinstance(here, Sequence) and not isinstance(here, str)
    if is_list and isinstance(part, int) and part < len(here):  # type: ignore[arg-type]
        return here[part]  # type: ignore[index]
    return _ABSENT


def _value_at(values: object, place: Location) -> object:
    for part in place:
        values = _step(values, part)
    return values


def _choice_faults(
    root: Node, place: Location, details: list[_Error], values: object
) -> Iterator[Fault]:
    """Report the one form that the user evidently meant, or else all of them together."""
    depth = len(place) + 1
    rejected = {
        detail["loc"][:depth]
        for detail in details
        if len(detail["loc"]) == depth and _WRONG_FORM.fullmatch(detail["type"])
    }
    meant = {detail["loc"][:depth] for detail in details} - rejected
    if len(meant) != 1:
        yield _fault(root, place, {"type": "choice", "input": _value_at(values, place)})
        return
    (form,) = meant
    for detail in details:
        if detail["loc"][:depth] == form:
            yield _fault(root, (*place, *detail["loc"][depth:]), detail)


def _fault(root: Node, place: Location, detail: _Error) -> Fault:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return unknown_key(root, place)
    node = node_at(root, place)
    allowed = describe(root, node) if node is not None else ""
    what, hint = _BUILDERS.get(kind, _wrong_value)(_name(place), detail)
    if kind == "missing":
        hint = absence_hint(place, allowed)
    return Fault(
        location=place,
        what=what,
        allowed=allowed or "another value",
        hint=hint or value_hint(_key(place), detail["input"], allowed),
        is_absence=kind == "missing",
    )


def _name(place: Location) -> str:
    """Return the key and the number of the element that the message is about."""
    last = place[-1] if place else ""
    return f"{_key(place)}[{last}]" if isinstance(last, int) else _key(place)


def _key(place: Location) -> str:
    """Return the key that the message is about."""
    names = [part for part in place if isinstance(part, str)]
    return legible(names[-1]) if names else "the value"


def shown(value: object) -> str:
    """Return a value as a message shows it.

    Examples
    --------
    >>> shown("12 MW"), shown([1, 2]), shown(True), shown(9421)
    ('the text "12 MW"', 'a list of 2', 'true', '9421')
    """
    match value:
        case None:
            text = "null"
        case bool():
            text = str(value).lower()
        case str():
            text = f'the text "{legible(value)}"'
        case Mapping():
            text = "a table"
        case list() | tuple():
            text = f"a list of {len(value)}"
        case dt.date() | dt.time():
            text = value.isoformat()
        case int() if abs(value) > LARGEST:  # Python refuses to write thousands of digits
            text = f"about {'-' * (value < 0)}1e{round(math.log10(abs(value)))}"
        case _:
            text = str(value)
    return text


_Told = tuple[str, str]
"""What is wrong, and a hint."""


def _missing(name: str, _detail: _Error) -> _Told:
    return f"{name} is missing", ""


def _wrong_value(name: str, detail: _Error) -> _Told:
    return f"{name} is {shown(detail['input'])}", ""


def _out_of_range(name: str, detail: _Error) -> _Told:
    value = detail["input"]
    largest = detail.get("ctx", {}).get("le", detail.get("ctx", {}).get("lt"))
    hint = ""
    if largest in {0.5, 1} and isinstance(value, (int, float)) and 1 <= value <= 100:  # noqa: PLR2004
        hint = f"a fraction, not percent: {value:g} % is {value / 100:.10g}"
    return f"{name} is {shown(value)}", hint


def _wrong_length(name: str, detail: _Error) -> _Told:
    value = detail["input"]
    if isinstance(value, str):
        return f"{name} has {len(value)} characters", length_hint(value)
    return f"{name} has {len(value)} values", length_hint(value)


def _not_finite(name: str, detail: _Error) -> _Told:
    return f"{name} is {detail['input']}, not a finite number", size_hint(name, detail["input"])


def _turns_text(name: str, detail: _Error) -> _Told:
    code = detail["ctx"]["code"]
    return f"{name} holds {code}, which turns the direction of text", "leave that character out"


_BUILDERS: dict[str, Callable[[str, _Error], _Told]] = {
    "missing": _missing,
    "greater_than": _out_of_range,
    "greater_than_equal": _out_of_range,
    "less_than": _out_of_range,
    "less_than_equal": _out_of_range,
    "too_short": _wrong_length,
    "too_long": _wrong_length,
    "string_too_short": _wrong_length,
    "string_too_long": _wrong_length,
    "finite_number": _not_finite,
    "turns_text": _turns_text,
}
