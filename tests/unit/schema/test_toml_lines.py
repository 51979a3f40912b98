"""Every value of a TOML document has the line on which it was written."""

import tomllib

from hypothesis import given
from strategies.toml_documents import Document, documents

from optmix.resources import instance_names, shipped
from optmix.schema.toml_lines import toml_lines


@given(documents())
def test_every_key_and_element_has_its_line(document: Document) -> None:
    assert tomllib.loads(document.text) == document.values  # the layout says what it should
    assert toml_lines(document.text) == document.lines


def test_the_elements_of_an_array_of_tables_are_numbered() -> None:
    text = '[[unit]]\nn_max = 1\n[unit.source.default]\nref = "a"\n[[unit]]\nn_max = 2\n'
    lines = toml_lines(text)
    assert lines["unit", 0, "source", "default", "ref"] == 4
    assert lines["unit", 1] == 5
    assert lines["unit", 1, "n_max"] == 6


def test_a_table_that_is_opened_twice_has_its_first_line() -> None:
    lines = toml_lines("[a.b]\nx = 1\n[a]\ny = 2\n")
    assert lines["a",] == 1
    assert lines["a", "y"] == 4


def test_shipped_sites_have_a_line_for_every_value() -> None:
    for name in instance_names():
        text = (shipped("instances") / name / "site.toml").read_text(encoding="utf-8")
        lines = toml_lines(text)
        written = text.splitlines()
        for path in paths(tomllib.loads(text)):
            assert path in lines, (name, path)
            key = next(part for part in reversed(path) if isinstance(part, str))
            assert isinstance(path[-1], int) or key in written[lines[path] - 1], (name, path)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [path] if path else []
    for key, item in inner:
        found += paths(item, (*path, key))
    return found
