import sys
from pathlib import Path

import pytest

from optmix.errors import SolverError
from optmix.solve import installed
from optmix.solve.installed import availability, available, find_executable, require
from optmix.solve.profiles import load_solver, solver_names


def test_every_solver_is_either_usable_or_told_why_not() -> None:
    found = available()
    assert [one.name for one in found] == list(solver_names())
    assert all(one.usable != bool(one.why_not) for one in found)
    assert found[0].usable


def test_highs_is_told_with_its_version() -> None:
    assert require("highs") == availability("highs").version
    assert availability("highs").version[0].isdigit()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.14.0", "must not be used: presolve .*HiGHS/issues/2975"),
        ("1.15.0", "HiGHS 1.15.0 is too old, 1.15.1 is needed; python -m pip install"),
        ("1.9", "is too old"),
    ],
)
def test_a_banned_or_old_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: str, said: str
) -> None:
    monkeypatch.setattr(installed, "version", lambda _name: version)
    with pytest.raises(SolverError, match=said) as caught:
        require("highs")
    assert caught.value.exit_code == 6


@pytest.mark.parametrize("version", ["1.15.1", "1.15.1.post1", "1.16.0rc1", "2.0"])
def test_a_version_at_or_above_the_floor_is_taken(
    monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(installed, "version", lambda _name: version)
    assert require("highs") == version


def test_a_package_that_is_absent_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> str:
        raise installed.PackageNotFoundError(name)

    monkeypatch.setattr(installed, "version", absent)
    found = availability("scip")
    assert (found.usable, found.version) == (False, "")
    assert found.why_not.startswith("SCIP is not installed; python -m pip install")


def test_a_program_that_is_absent_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "find_executable", lambda _name: None)
    assert availability("glpk").why_not.startswith("GLPK is not installed; install glpk-utils")


def test_a_program_beside_python_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "glpsol"
    program.write_text("#!/bin/sh\necho 'GLPSOL--GLPK LP/MIP Solver 4.65'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(installed.shutil, "which", _only_beside(tmp_path))
    assert find_executable("glpsol") == str(program)
    assert availability("glpk").version == "4.65"


def _only_beside(folder: Path):  # noqa: ANN202 - a stand-in for shutil.which
    return lambda name, path=None: str(folder / name) if path == str(folder) else None


@pytest.mark.parametrize("body", ["echo 'no version here'", "exit 1", "echo 'Version: 2.10.8'"])
def test_a_version_is_read_or_unknown(tmp_path: Path, body: str) -> None:
    program = tmp_path / "cbc"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    solver = load_solver("cbc")
    found = installed._program_version(
        str(program), solver.version_arguments, solver.version_pattern
    )
    assert found == ("2.10.8" if "2.10.8" in body else installed.UNKNOWN_VERSION)


def test_a_program_that_does_not_run_has_no_known_version(tmp_path: Path) -> None:
    assert (
        installed._program_version(str(tmp_path / "none"), (), "(.*)") == installed.UNKNOWN_VERSION
    )
