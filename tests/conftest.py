"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# What the command line prints must not depend on who runs the tests, and where.
for name in ("CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "LINES", "NO_COLOR"):
    os.environ.pop(name, None)

# A solve takes as long as the machine needs; hypothesis would fail it for that. Every run tries the
# same examples; `--hypothesis-profile=thorough` looks for others.
settings.register_profile("optmix", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("optmix")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden files instead of comparing with them",
    )


@pytest.fixture(scope="session")
def reference() -> Path:
    """Real figures and series, kept beside a checkout and not part of it."""
    folder = ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip(f"no reference data: {folder} does not exist")
    return folder
