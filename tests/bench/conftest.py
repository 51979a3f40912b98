"""What races are tried on: a tiny model, and solvers that go wrong in every way."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from optmix.solve import profiles

FAKE = Path(__file__).parents[1] / "fakes" / "cbc.py"
BEHAVIOURS = (
    "honest", "lies-about-cost", "lies-about-plan", "lies-about-proof", "hangs", "crashes", "eats",
)  # fmt: skip

TINY = """NAME tiny
ROWS
 N cost
 G need
COLUMNS
    M1 'MARKER' 'INTORG'
    z cost 3.0 need 1.0
    M2 'MARKER' 'INTEND'
    x cost 2.0 need 1.0
RHS
    RHS need 4.5
BOUNDS
 UP BND z 10.0
 UP BND x 10.0
ENDATA
"""
"""Least 2x + 3z with x + z >= 4.5, z whole: x = 4.5, cost 9."""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The model of two columns in a file."""
    path = tmp_path / "tiny.mps"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def fake_solvers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package, installed for this process and those below it, whose one solver is the fake."""
    program = tmp_path / "fake-cbc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P "{FAKE}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    package = tmp_path / "site"
    folder, info = package / "fake_solvers", package / "fake_solvers-1.0.dist-info"
    folder.mkdir(parents=True)
    info.mkdir()
    (folder / "fake.toml").write_text(_solver_file(program), encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-solvers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[optmix.solvers]\nfake = fake_place:FOLDER\n")
    (package / "fake_place.py").write_text(f"FOLDER = {os.fspath(folder)!r}\n")
    monkeypatch.syspath_prepend(package)
    _forget()
    yield
    _forget()


def _solver_file(program: Path) -> str:
    head = f"""
title = "Fake"
backend = "cbc"
licence = "none"
homepage = "https://example.org"
purpose = "To be caught."
install = "no way"
executable = "{program}"
version_pattern = 'Version: ([0-9.]+)'
bound = "implied"
[option_names]
gap = "ratioGap"
"""
    tables = [
        f'[profile.{name}]\npurpose = "x"\ngap = 0.001\noptions = {{ behaviour = "{name}" }}\n'
        for name in BEHAVIOURS
    ]
    return head + "".join(tables)


def _forget() -> None:
    profiles._files.cache_clear()
    profiles.load_solver.cache_clear()
