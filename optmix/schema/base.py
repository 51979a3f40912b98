"""What every input record shares: frozen, strict, no unknown keys, bounded numbers.

Numbers carry their unit in the name of the field. The bounds here only keep out slips such as
``1e308``; tighter ones stand with the field they belong to.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

__all__ = [
    "Count",
    "Day",
    "FileName",
    "Flag",
    "Fraction",
    "Label",
    "Moment",
    "Name",
    "NonNegative",
    "Positive",
    "Price",
    "Record",
    "Signed",
    "record_in",
]

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$"
"""Names stand in column titles, on the command line and in solver files."""

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"

TURNS_TEXT = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters without a shape that turn the direction of what is written after them: on pages and
terminals a name that holds one changes how its neighbours read."""

LARGEST = 1e9
"""No quantity of a site, in any unit used here, comes near this."""

Positive = Annotated[float, Field(gt=0, le=LARGEST, strict=True)]
NonNegative = Annotated[float, Field(ge=0, le=LARGEST, strict=True)]
Signed = Annotated[float, Field(ge=-LARGEST, le=LARGEST, strict=True)]
Fraction = Annotated[float, Field(ge=0, le=1, strict=True)]
Price = Annotated[float, Field(ge=-1e5, le=1e5, strict=True)]
Count = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Flag = Annotated[bool, Strict()]
Label = Annotated[str, Field(max_length=200, pattern=_NO_CONTROLS)]
FileName = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_CONTROLS)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=NAME_PATTERN)]


def _day(value: object) -> object:
    """Read an ISO date from text, because JSON and the command line have no dates."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _moment(value: object) -> object:
    """Read an ISO date, or date and time, from text."""
    day = _day(value)
    try:
        return dt.datetime.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return day


FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Calendars of charges and clocks mean something only within a few generations of today."""

Day = Annotated[dt.date, Strict(), Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_day)]
_LOCAL = {"type": "string", "format": "date-time-local"}
"""Editors of TOML know four kinds of dates and times; ``date-time`` is the one with an offset."""

Moment = Annotated[
    Annotated[dt.datetime, Strict(), WithJsonSchema(_LOCAL)]
    | Annotated[dt.date, Strict(), Field(ge=FIRST_DAY, le=LAST_DAY)],
    BeforeValidator(_moment),
]
"""A date, or a date and time without offset."""


class Record(BaseModel):
    """Base of every record of an input file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _reads_as_written(cls, value: object) -> object:
        for text in _texts(value):
            if found := TURNS_TEXT.search(text):
                code = f"U+{ord(found.group()):04X}"
                raise PydanticCustomError("turns_text", "holds {code}", {"code": code})
        return value


def _texts(value: object) -> Iterator[str]:
    """Yield every text in plain values, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in _texts(item))


def record_in(annotation: object) -> type[Record] | None:
    """Return the kind of record that a field holds: one, several of them, or perhaps none."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Record):
            return kind
    return None
