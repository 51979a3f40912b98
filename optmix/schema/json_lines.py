"""Where each key and array element of a JSON document stands; the like of ``toml_lines``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from optmix.schema.origin import Location

__all__ = ["json_lines"]

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s,\]}]+)')


def json_lines(text: str) -> dict[Location, int]:
    r"""Return the line of every key and array element, by its path.

    Parameters
    ----------
    text
        A document that ``json.loads`` accepts.

    Returns
    -------
    dict
        Line (from 1) by path; array elements are numbered from 0.

    Examples
    --------
    >>> json_lines('{"unit": [\n {"n_max": 3}]}')[("unit", 0, "n_max")]
    2
    """
    lines: dict[Location, int] = {}
    _value(_tokens(text), (), lines)
    return lines


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield each token with its line."""
    line, end = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", end, match.start(1))
        end = match.start(1)
        yield match.group(1), line


def _value(
    tokens: Iterator[tuple[str, int]], location: Location, lines: dict[Location, int]
) -> str:
    """Read one value, and return the token it began with."""
    word, line = next(tokens)
    if word in "]}":
        return word
    if location:
        lines.setdefault(location, line)
    if word == "{":
        _members(tokens, location, lines)
    elif word == "[":
        _elements(tokens, location, lines)
    return word


def _members(
    tokens: Iterator[tuple[str, int]], location: Location, lines: dict[Location, int]
) -> None:
    for word, line in tokens:
        if word == "}":
            return
        if word == ",":
            continue
        key = (*location, json.loads(word))
        lines[key] = line
        next(tokens)  # the colon
        _value(tokens, key, lines)


def _elements(
    tokens: Iterator[tuple[str, int]], location: Location, lines: dict[Location, int]
) -> None:
    number = 0
    while _value(tokens, (*location, number), lines) != "]":
        number += 1
        if next(tokens)[0] == "]":
            return
