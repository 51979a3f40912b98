"""Read a TOML or JSON file into plain values and the line of each."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optmix.errors import InputError, Problem, SchemaError, did_you_mean
from optmix.schema.json_lines import json_lines
from optmix.schema.origin import Location, legible
from optmix.schema.toml_lines import toml_lines

__all__ = ["LARGEST_FILE_BYTES", "Document", "names_in", "read_document"]

LARGEST_FILE_BYTES = 5_000_000
"""A site file holds a few hundred lines. Anything near this is a series in the wrong place."""

LONGEST_PATH = 300

_FORMATS = "TOML 1.0 (or JSON, in a file that ends in .json), in UTF-8"


@dataclass(frozen=True)
class Document:
    """A file as plain values.

    Attributes
    ----------
    path
        The file.
    values
        Its content.
    lines
        Line of each value, by its path of keys.
    """

    path: Path
    values: dict[str, Any]
    lines: dict[Location, int]


def read_document(path: Path) -> Document:
    """Read a TOML file, or a JSON file if its name ends in ``.json``.

    Raises
    ------
    InputError
        The file cannot be read, or is larger than ``LARGEST_FILE_BYTES``.
    SchemaError
        It is empty, not UTF-8, or breaks the syntax of its format.
    """
    text = _decoded(_content(path), path)
    if not text.strip():
        raise SchemaError(
            Problem(
                what="the file is empty",
                where=str(path),
                allowed=_FORMATS,
                hint="`optmix init DIR` writes a site to start from",
            )
        )
    parse, scan = _JSON if path.suffix.lower() == ".json" else _TOML
    try:
        values = parse(text)
        lines = scan(text)
    except RecursionError:
        raise SchemaError(
            Problem(
                what="values are nested too deeply",
                where=str(path),
                allowed="a few levels of tables and lists",
                hint="see whether a bracket is opened again and again",
            )
        ) from None
    except ValueError as error:  # also of an integer with thousands of digits
        raise SchemaError(_syntax_problem(error, text, path)) from None
    if not isinstance(values, dict):
        raise SchemaError(
            Problem(
                what=f"a {type(values).__name__} stands at the top",
                where=str(path),
                allowed="a table of keys",
                hint='begin with { "schema_version": 1, … }',
            )
        )
    return Document(path=path, values=values, lines=lines)


def names_in(folder: Path) -> list[str]:
    """Return the names of the files in a folder, sorted; none where it cannot be listed."""
    try:
        return sorted(found.name for found in folder.iterdir())
    except OSError:
        return []


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            hint = "name the site file itself, for example site.toml"
            raise InputError(Problem(f"this is {what}", _named(path), "a TOML or JSON file", hint))
        if status.st_size > LARGEST_FILE_BYTES:
            raise InputError(_too_large(path, status.st_size))
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(_absent(path)) from None
    except (OSError, ValueError) as error:  # of a name with a null byte
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            Problem(
                what=f"the file cannot be read: {reason}",
                where=_named(path),
                allowed="a readable file",
                hint="check its name and your right to read it",
            )
        ) from None


def _named(path: Path) -> str:
    """Return a path as a message shows it, which a name of thousands of letters would flood."""
    text = str(path)
    return text if len(text) <= LONGEST_PATH else f"{text[:LONGEST_PATH]}…"


def _too_large(path: Path, size: int) -> Problem:
    return Problem(
        what=f"the file holds {size / 1e6:,.1f} MB",
        where=_named(path),
        allowed=f"at most {LARGEST_FILE_BYTES / 1e6:g} MB",
        hint="series belong in CSV or Parquet files, which the site file names",
    )


def _absent(path: Path) -> Problem:
    near = did_you_mean(path.name, names_in(path.parent))
    return Problem(
        what="no such file",
        where=str(path),
        allowed="a TOML or JSON file, or @ and the name of a shipped instance",
        hint=near or "`optmix list instances` shows what is shipped",
    )


def _decoded(content: bytes, path: Path) -> str:
    """Decode UTF-8; a byte order mark, which some editors write, is dropped."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        raise SchemaError(
            Problem(
                what=f"byte {content[error.start]:#04x} is not UTF-8",
                where=f"{path}:{line}",
                allowed=_FORMATS,
                hint="the file is in UTF-16; " * wide + "save it again with the encoding UTF-8",
            )
        ) from None


def _strict_json(text: str) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            raise ValueError(f'the key "{legible(double)}" stands twice in one table')
        return table

    def constant(name: str) -> None:
        raise ValueError(f"{name} is not a JSON number")

    values = json.loads(text, object_pairs_hook=members, parse_constant=constant)
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{error.object[error.start]!a} is half a character") from None
    return values


_JSON: tuple[Callable[[str], Any], Callable[[str], dict[Location, int]]] = (
    _strict_json,
    json_lines,
)
_TOML: tuple[Callable[[str], Any], Callable[[str], dict[Location, int]]] = (
    tomllib.loads,
    toml_lines,
)

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)|: line (\d+) column (\d+) \(char \d+\)")
_AT_END = " (at end of document)"

_HINTS = {
    "Cannot overwrite a value": "the same key stands twice; keep one",
    "twice": "the same table stands twice; a list of tables has double brackets: [[unit]]",
    "Cannot mutate immutable": "the key was already given in an inline table or list; keep one",
    "Invalid value": 'text needs quotes: "mixed"; numbers have no unit: 12.5; a date is 2029-01-01',
    "Expected newline": "one value a line; text in quotes, numbers without unit or leading 0",
    "Expected '=' after a key": 'a line reads: key = value; a key with a dot needs quotes: "a.b"',
    "Illegal character": "a text ends on its own line; longer text stands between three quotes",
    "Unterminated": "a closing quote is missing",
    "Unclosed": "a closing bracket is missing",
    "Expecting property name": "JSON has no comments and no comma after the last member",
    "Exceeds the limit": "no quantity of a site has so many digits",
    "not a JSON number": "leave the key out where there is no finite value",
    "half a character": "an escape such as \\ud83d needs its other half",
}
_NO_HINT = "compare the line with those of a site that `optmix init DIR` writes"


def _syntax_problem(error: ValueError, text: str, path: Path) -> Problem:
    message = str(error)
    place = _PLACE.search(message)
    where = str(path)
    if place:
        where += ":" + ":".join(filter(None, place.groups()))
    elif _AT_END in message:
        where += f":{len(text.splitlines())}"
    form = "JSON" if path.suffix.lower() == ".json" else "TOML"
    return Problem(
        what=f"not valid {form}: {_PLACE.sub('', message).removesuffix(_AT_END)}",
        where=where,
        allowed=_FORMATS,
        hint=next((hint for start, hint in _HINTS.items() if start in message), _NO_HINT),
    )
