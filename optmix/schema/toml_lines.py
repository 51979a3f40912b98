"""Where each key and array element of a TOML document stands.

``tomllib`` gives values without lines, and a message about a site has to name the line. This
scanner walks a document that ``tomllib`` has already accepted; it may therefore assume that the
document is valid and only keeps track of what belongs where.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

from optmix.schema.origin import Location

__all__ = ["toml_lines"]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL_STRING = re.compile(r"'[^']*'")
# Up to two quotes may stand right before the closing three.
_LONG_BASIC_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL)
_LONG_LITERAL_STRING = re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]*")


def toml_lines(text: str) -> dict[Location, int]:
    r"""Return the line of every key and array element, by its path.

    Parameters
    ----------
    text
        A document that ``tomllib`` accepts.

    Returns
    -------
    dict
        Line (from 1) by path. A table that is opened several times has its first line; the
        elements of an array of tables are numbered from 0.

    Examples
    --------
    >>> toml_lines('name = "a"\n[[unit]]\nn_max = 3\n')[("unit", 0, "n_max")]
    3
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Location, int] = {}
        self.n_elements: dict[Location, int] = {}
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def scan(self) -> dict[Location, int]:
        table: Location = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
        return self.lines

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:  # the caller promised a document that tomllib accepts
            raise ValueError(f"not TOML: {self.text[self.at : self.at + 20]!r}")
        self.at = match.end()
        return match.group()

    def mark(self, location: Location, at: int) -> None:
        self.lines.setdefault(location, bisect_right(self.line_starts, at))

    def header(self) -> Location:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the table that it opens."""
        is_element = self.text.startswith("[[", self.at)
        self.at += 2 if is_element else 1
        *parents, (last, at) = self.key()
        self.at += 2 if is_element else 1
        table = self.descend((), parents)
        table += (last,)
        self.mark(table, at)
        if is_element:
            number = self.n_elements.get(table, 0)
            self.n_elements[table] = number + 1
            table += (number,)
            self.mark(table, at)
        return table

    def descend(self, table: Location, parts: list[tuple[str, int]]) -> Location:
        """Follow the parts of a key; a name of an array of tables means its last element."""
        for part, at in parts:
            table += (part,)
            self.mark(table, at)
            if table in self.n_elements:
                table += (self.n_elements[table] - 1,)
        return table

    def pair(self, table: Location) -> None:
        """Read ``key = value``."""
        *parents, (last, at) = self.key()
        self.at += len("=")
        self.skip(_SPACE)
        location = (*self.descend(table, parents), last)
        self.mark(location, at)
        self.value(location)

    def key(self) -> list[tuple[str, int]]:
        """Read ``a."b".c`` with the place of each part."""
        parts = []
        while True:
            self.skip(_SPACE)
            start = self.at
            parts.append((self.key_part(), start))
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def key_part(self) -> str:
        if self.text.startswith("'", self.at):
            return self.skip(_LITERAL_STRING)[1:-1]
        if self.text.startswith('"', self.at):
            quoted = self.skip(_BASIC_STRING)
            if "\\" not in quoted:
                return quoted[1:-1]
            unescaped: str = tomllib.loads(f"key = {quoted}")["key"]
            return unescaped
        return self.skip(_BARE_KEY)

    def value(self, location: Location) -> None:
        for opening, pattern in (
            ('"""', _LONG_BASIC_STRING),
            ("'''", _LONG_LITERAL_STRING),
            ('"', _BASIC_STRING),
            ("'", _LITERAL_STRING),
        ):
            if self.text.startswith(opening, self.at):
                self.skip(pattern)
                return
        if self.text.startswith("[", self.at):
            self.array(location)
        elif self.text.startswith("{", self.at):
            self.inline_table(location)
        else:
            self.skip(_SCALAR)

    def array(self, location: Location) -> None:
        self.at += len("[")
        number = 0
        self.skip(_BLANK)
        while not self.text.startswith("]", self.at):
            if self.text.startswith(",", self.at):
                self.at += 1
            else:
                self.mark((*location, number), self.at)
                self.value((*location, number))
                number += 1
            self.skip(_BLANK)
        self.at += len("]")

    def inline_table(self, location: Location) -> None:
        self.at += len("{")
        self.skip(_BLANK)  # newlines are allowed here from TOML 1.1 on
        while not self.text.startswith("}", self.at):
            if self.text.startswith(",", self.at):
                self.at += 1
            else:
                self.pair(location)
            self.skip(_BLANK)
        self.at += len("}")
