"""An origin places fields, and decides which files a site may read."""

import os
from pathlib import Path

import pytest

from optmix.errors import SchemaError
from optmix.schema.origin import Origin, dotted, legible

ORIGIN = Origin(
    path=Path("campus/site.toml"),
    lines={("unit",): 3, ("unit", 0): 3, ("unit", 0, "n_max"): 5},
    overrides={("unit", 0, "n_max"): "unit[0].n_max", ("grid",): "grid"},
)


@pytest.mark.parametrize(
    ("location", "where", "line"),
    [
        (("unit", 0, "n_min"), "site.toml:3 (unit[0].n_min)", 3),
        (("unit", 0, "n_max"), "--set unit[0].n_max", 5),
        (("grid", "energy_price", "file"), "--set grid", 0),
        (("name",), "site.toml (name)", 0),
        ((), "site.toml", 0),
    ],
)
def test_a_field_is_placed(location: tuple[str | int, ...], where: str, line: int) -> None:
    assert ORIGIN.where(*location) == where
    assert ORIGIN.line(*location) == line


def test_a_file_below_the_folder_may_be_read(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / "a.csv"
    file.touch()
    origin = Origin(folder=tmp_path)
    assert origin.file("inner/a.csv", "demand") == file
    assert origin.file("inner/../inner/a.csv", "demand").samefile(file)


@pytest.mark.parametrize("name", ["../a.csv", "/etc/hosts", "inner/../../a.csv", "~/../../x"])
def test_a_file_elsewhere_may_not(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "a.csv").touch()
    with pytest.raises(SchemaError, match=r"leads out of the folder|does not exist"):
        Origin(folder=folder).file(name, "demand", "series", "file")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(SchemaError, match="is not a regular file"):
        Origin(folder=tmp_path).file("a.csv")


def test_a_name_that_no_system_takes_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="cannot be read"):
        Origin(folder=tmp_path).file("x" * 900)


def test_origins_are_equal_whatever_they_say() -> None:
    assert Origin(path=Path("a")) == Origin(path=Path("b"))


def test_long_and_odd_keys_are_legible() -> None:
    assert dotted(("unit", 0, "a\nb")) == "unit[0].a\\nb"
    assert legible("x" * 61) == "x" * 60 + "…"
    assert legible("Süd / 北") == "Süd / 北"
