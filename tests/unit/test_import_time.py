"""The command line answers `--help` without loading the libraries that do the work."""

import subprocess
import sys

import pytest

HEAVY = ("dask", "highspy", "numpy", "pandas", "pyomo")

HELP = """
import sys
from optmix.cli.app import main
sys.argv = ["optmix", *{arguments}]
try:
    main()
except SystemExit as leaving:
    assert not leaving.code, leaving.code
"""


def heavy_modules_after(code: str) -> list[str]:
    report = f"import sys; print('loaded:', *(name for name in {HEAVY} if name in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    last = run.stdout.splitlines()[-1]
    assert last.startswith("loaded:")
    return last.split()[1:]


def test_the_check_itself_sees_a_heavy_library() -> None:
    assert heavy_modules_after("import numpy") == ["numpy"]


def test_importing_the_package_is_light() -> None:
    assert heavy_modules_after("import optmix") == []


@pytest.mark.parametrize("arguments", [["--help"], ["solve", "--help"], ["--version"]])
def test_help_is_light(arguments: list[str]) -> None:
    assert heavy_modules_after(HELP.format(arguments=arguments)) == []
