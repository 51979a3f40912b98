"""What the writer of TOML writes, tomllib reads as the same values."""

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies.toml_documents import plain_values

from optmix.schema.toml_lines import toml_lines
from optmix.schema.toml_text import Inline, toml_text


@given(plain_values)
def test_reading_what_was_written_gives_the_same_values(values: dict[str, object]) -> None:
    assert tomllib.loads(toml_text(values)) == values


@given(plain_values)
def test_an_inline_table_stays_in_its_line(values: dict[str, object]) -> None:
    text = toml_text({"first": 1, "table": Inline(values)})
    assert tomllib.loads(text) == {"first": 1, "table": values}
    assert text.splitlines()[1].startswith("table = {")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_keep_every_bit(value: float) -> None:
    read = tomllib.loads(toml_text({"x": value}))["x"]
    assert read.hex() == value.hex()
    assert isinstance(read, float)


def test_the_pairs_of_a_table_stand_before_the_tables_in_it() -> None:
    text = toml_text({"table": {"inner": {"x": 1}, "y": 2}, "z": 3})
    assert text == "z = 3\n\n[table]\ny = 2\n\n[table.inner]\nx = 1\n"
    assert toml_lines(text)["table", "inner", "x"] == 7


def test_a_table_without_pairs_needs_no_header_unless_it_is_empty() -> None:
    assert toml_text({"a": {"b": {}}}) == "[a.b]\n"


def test_long_lists_stand_over_several_lines() -> None:
    text = toml_text({"prices": [100.125] * 20})
    assert max(map(len, text.splitlines())) <= 100
    assert tomllib.loads(text) == {"prices": [100.125] * 20}


def test_dates_are_dates() -> None:
    values = {"day": dt.date(2029, 1, 1), "start": dt.datetime(2025, 7, 1)}  # noqa: DTZ001 - local
    assert toml_text(values) == "day = 2029-01-01\nstart = 2025-07-01T00:00:00\n"


def test_what_toml_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml_text({"x": None})
