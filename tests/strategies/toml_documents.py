"""Random TOML documents in every layout that TOML 1.0 allows, with the line of each key."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

__all__ = ["Document", "documents", "plain_values"]

Draw = Callable[[st.SearchStrategy[Any]], Any]
Path = tuple[str | int, ...]

_CHARACTERS = st.characters(exclude_categories=["Cs"])
_NASTY = st.sampled_from(
    ["", " ", "#", "=", "[", "]]", "{", "}", ",", "'", '"', '"""', "'''", "\\", "a\nb", "\x7f", "é"]
)
_KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True), _NASTY, st.text(_CHARACTERS, max_size=4)
)
_TEXTS = st.one_of(_NASTY, st.text(_CHARACTERS, max_size=8))
_SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXTS,
    st.dates(),
    st.times(),
    st.datetimes(),
)


def _tables(children: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_KEYS, children, max_size=4)


_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        _tables(inner),
        st.lists(_tables(inner), min_size=1, max_size=3),
    ),
    max_leaves=12,
)

plain_values = _tables(_VALUES)
"""Nested tables of everything that TOML holds."""


@dataclass
class Document:
    """A text, what it says, and the line of every key and element."""

    values: dict[str, Any]
    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def write(self, text: str) -> None:
        self.text += text

    def mark(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)


@st.composite
def documents(draw: Draw) -> Document:
    """Write random values in a random layout."""
    document = Document(values=draw(plain_values))
    _write_table(draw, document, document.values, ())
    return document


def _write_table(draw: Draw, document: Document, table: dict[str, Any], path: Path) -> None:
    """Write the pairs of a table, and then the tables in it under headers of their own."""
    headed = {key for key, value in table.items() if _can_be_headed(value) and draw(st.booleans())}
    for key, value in table.items():
        if key not in headed:
            _write_blank(draw, document)
            _write_pair(draw, document, path, key, value)
            document.write(draw(st.sampled_from(["\n", " # ] } = '\n", "\r\n"])))
    for key in headed:
        value, inner = table[key], (*path, key)
        for number, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            place = inner if number is None else (*inner, number)
            _write_blank(draw, document)
            _write_header(draw, document, place)
            _write_table(draw, document, item, place)


def _can_be_headed(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _write_blank(draw: Draw, document: Document) -> None:
    document.write(draw(st.sampled_from(["", "\n", "# [a] b = 1\n", "  \t"])))


def _write_header(draw: Draw, document: Document, place: Path) -> None:
    is_element = isinstance(place[-1], int)
    document.write("[[ " if is_element else "[")
    for length in range(1, len(place) + 1):
        document.mark(place[:length])
    keys = [_key(draw, part) for part in place if isinstance(part, str)]
    document.write(draw(st.sampled_from([".", " . "])).join(keys))
    document.write("]]\n" if is_element else " ] # ]\n")


def _write_pair(draw: Draw, document: Document, path: Path, key: str, value: Any) -> None:
    document.mark((*path, key))
    if isinstance(value, dict) and value and draw(st.booleans()):
        # A table in dotted keys, one pair a line, is the same as one in braces.
        for number, (inner, item) in enumerate(value.items()):
            document.write(("" if number == 0 else "\n") + _key(draw, key) + ".")
            document.mark((*path, key, inner))
            document.write(_key(draw, inner) + " = ")
            _write_value(draw, document, (*path, key, inner), item)
        return
    document.write(_key(draw, key) + draw(st.sampled_from([" = ", "="])))
    _write_value(draw, document, (*path, key), value)


def _write_value(draw: Draw, document: Document, path: Path, value: Any) -> None:
    match value:
        case dict():
            document.write("{ ")
            for number, (key, item) in enumerate(value.items()):
                document.write(", " if number else "")
                document.mark((*path, key))
                document.write(_key(draw, key) + " = ")
                _write_value(draw, document, (*path, key), item)
            document.write(" }")
        case list():
            gap = draw(st.sampled_from(["", " ", "\n", " # ]\n  "]))
            document.write("[" + gap)
            for number, item in enumerate(value):
                document.mark((*path, number))
                _write_value(draw, document, (*path, number), item)
                is_last = number == len(value) - 1
                document.write(("" if is_last and draw(st.booleans()) else ",") + gap)
            document.write("]")
        case _:
            document.write(_scalar(draw, value))


def _scalar(draw: Draw, value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _quoted(draw, value, multiline=True)
        case float() if math.isfinite(value):
            return repr(value)
        case int():
            return draw(st.sampled_from([str(value), hex(value) if value >= 0 else str(value)]))
    return draw(st.sampled_from([value.isoformat(), value.isoformat().replace("T", " ")]))


def _key(draw: Draw, key: str) -> str:
    is_bare = key.isascii() and key != "" and key.replace("_", "a").replace("-", "a").isalnum()
    return key if is_bare and draw(st.booleans()) else _quoted(draw, key, multiline=False)


def _quoted(draw: Draw, text: str, *, multiline: bool) -> str:
    basic = json.dumps(text).replace("\x7f", "\\u007f")
    # JSON writes characters beyond the first plane as two surrogates, which TOML refuses.
    if any(ord(character) > 0xFFFF for character in text):
        basic = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    forms = [basic]
    is_printable = all(character >= " " and character != "\x7f" for character in text)
    if is_printable and "'" not in text:
        forms.append(f"'{text}'")
    if multiline:
        forms.append(f'"""\n{basic[1:-1]}"""')
        forms.append(f'"""\\\n   {basic[1:-1]}"""' if not text[:1].isspace() else basic)
        if is_printable and "''" not in text and not text.endswith("'"):
            forms.append(f"'''\n{text}'''")
    return draw(st.sampled_from(forms))
