"""Every value of a JSON document has the line on which it was written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from optmix.schema.json_lines import json_lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(['"', "]}"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.sampled_from([None, 1]))
def test_every_key_and_element_has_its_line(values: dict[str, object], indent: int | None) -> None:
    text = json.dumps(values, indent=indent)
    lines, written = json_lines(text), text.splitlines()
    expected = list(places(values))
    assert list(lines) == [path for path, _ in expected]
    for (path, value), line in zip(expected, lines.values(), strict=True):
        assert shown(path, value) in written[line - 1]
    if indent is not None:  # each value on a line of its own, in the order of the document
        assert list(lines.values()) == sorted(set(lines.values()))


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple, object]]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [(path, value)] if path else []
    for key, item in inner:
        found += places(item, (*path, key))
    return found


def shown(path: tuple[str | int, ...], value: object) -> str:
    """Return what the first line of a value shows: its key, or its beginning."""
    if isinstance(path[-1], str):
        return json.dumps(path[-1])
    return json.dumps(value)[:1] if isinstance(value, (dict, list)) else json.dumps(value)
