"""Write plain values as TOML.

Only what records need: tables, arrays of tables, inline tables where asked for, and scalars.
Reading the text back gives equal values; floats keep every bit.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Inline", "toml_text"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

_LINE_LENGTH = 100


class Inline(dict[str, object]):
    """A table that is written in one line: ``{ file = "a.csv", column = "b" }``."""


def toml_text(values: Mapping[str, object]) -> str:
    """Return a TOML document.

    Parameters
    ----------
    values
        Nested tables of strings, booleans, numbers, dates, times, and lists of those. A list of
        tables becomes an array of tables; an ``Inline`` table stays in its line.

    Examples
    --------
    >>> print(toml_text({"a": 1, "b": {"c": [1.5, 2.0]}}), end="")
    a = 1
    <BLANKLINE>
    [b]
    c = [1.5, 2.0]
    """
    return "\n".join(_table(values, ())).lstrip("\n") + "\n"


def _table(values: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table: its own pairs first, as TOML demands, then the tables in it."""
    for key, value in values.items():
        if not _has_header(value):
            yield _pair(key, value)
    for key, value in values.items():
        inner = (*path, key)
        header = ".".join(map(_key, inner))
        if _is_table(value):
            assert isinstance(value, Mapping)  # noqa: S101 - for the type checker
            if not value or not all(map(_has_header, value.values())):
                yield f"\n[{header}]"
            yield from _table(value, inner)
        elif _is_table_list(value):
            assert isinstance(value, Sequence)  # noqa: S101 - for the type checker
            for item in value:
                yield f"\n[[{header}]]"
                yield from _table(item, inner)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and not isinstance(value, Inline)


def _is_table_list(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(map(_is_table, value))


def _has_header(value: object) -> bool:
    return _is_table(value) or _is_table_list(value)


def _pair(key: str, value: object) -> str:
    line = f"{_key(key)} = {_scalar(value)}"
    if len(line) <= _LINE_LENGTH or not isinstance(value, (list, tuple)):
        return line
    items = "".join(f"  {_scalar(item)},\n" for item in value)
    return f"{_key(key)} = [\n{items}]"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _scalar(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _string(value)
        case int() | float():
            return repr(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_scalar, value))}]"
        case Mapping():
            inside = ", ".join(f"{_key(key)} = {_scalar(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _string(text: str) -> str:
    # Escapes of JSON are escapes of TOML too, but JSON leaves DEL as it is and TOML does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
