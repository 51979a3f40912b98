"""Files are read as they come: TOML and JSON, with any line ending, with or without a mark."""

from pathlib import Path

import pytest

from optmix.errors import InputError, SchemaError
from optmix.schema.document import LARGEST_FILE_BYTES, read_document


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\n"), ("utf-8", "\r\n")]
)
def test_byte_order_marks_and_line_endings_do_not_matter(
    encoding: str, end: str, tmp_path: Path
) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(f'name = "Süd"{end}'.encode(encoding))
    document = read_document(path)
    assert document.values == {"name": "Süd"}
    assert document.lines == {("name",): 1}


def test_json_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "site.JSON"
    path.write_text('{"unit": [\n{"n_max": 3}]}')
    document = read_document(path)
    assert document.values == {"unit": [{"n_max": 3}]}
    assert document.lines["unit", 0, "n_max"] == 2


def test_a_file_may_be_as_large_as_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"x = 1\n#" + b"x" * (LARGEST_FILE_BYTES - 7))
    assert read_document(path).values == {"x": 1}
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(InputError, match=r"holds 5\.0 MB"):
        read_document(path)


def test_a_long_name_does_not_flood_the_message(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_document(tmp_path / ("x" * 100_000))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a = 1\nb = "x', "site.toml:2"),
        ("a = 1\nb = [1,\n2", "site.toml:3"),
        ("a = 1\n\nb 1\n", "site.toml:3:3"),
    ],
)
def test_a_syntax_error_is_placed(text: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text)
    with pytest.raises(SchemaError) as caught:
        read_document(path)
    assert caught.value.problems[0].where == str(tmp_path / place)
