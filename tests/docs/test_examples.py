"""Every example runs from beginning to end, and prints what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

PRINTED = {
    "solve_a_site": ["engine-battery: optimal", "engine-5mw.output_mw", "with dearer batteries"],
    "size_a_portfolio": ["3 of 3 solved", "one more is worth", "0 violations"],
    "race_solvers": ["one-engine", "engine-battery", "highs:fast"],
}


def test_every_example_is_known_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(PRINTED)


@pytest.mark.parametrize(
    "name",
    [
        "solve_a_site",
        pytest.param("size_a_portfolio", marks=pytest.mark.slow),
        pytest.param("race_solvers", marks=pytest.mark.slow),
    ],
)
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for text in PRINTED[name]:
        assert text in done.stdout
