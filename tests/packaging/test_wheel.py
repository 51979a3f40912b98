"""What is built from a checkout, and whether it works where there is no checkout."""

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ("instances", "solvers")

# Installing downloads about 150 MB where pip has not cached them.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a program that must succeed, run as if no checkout were near."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} in {cwd}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(target: str, source: Path, into: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, cwd=source)
    (built,) = into.iterdir()
    return built


def files_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, folder)) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = (path for path in folder.iterdir() if path.is_dir())
    return tree


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return programs


def test_the_wheel_installs_one_package_and_nothing_beside_it(wheel: Path) -> None:
    top = {PurePosixPath(name).parts[0] for name in files_in(wheel)}
    assert {name for name in top if not name.endswith(".dist-info")} == {"optmix"}
    assert "optmix/py.typed" in files_in(wheel)


@pytest.mark.parametrize("kind", DATA)
def test_the_wheel_holds_every_data_file_of_the_checkout(wheel: Path, kind: str) -> None:
    expected = {
        f"optmix/_data/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / kind).rglob("*")
        if path.is_file()
    }
    packed = {name for name in files_in(wheel) if name.startswith(f"optmix/_data/{kind}/")}
    assert packed == expected


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 5_000_000


def test_the_source_distribution_builds_the_same_wheel(
    wheel: Path, sdist_tree: Path, tmp_path: Path
) -> None:
    again = build("wheel", sdist_tree, tmp_path)
    assert files_in(again) == files_in(wheel)


@pytest.mark.parametrize(
    "part", ["Makefile", ".ci/run", "tests/conftest.py", "docs/conf.py", "benchmarks/README.md"]
)
def test_the_source_distribution_can_be_worked_on(sdist_tree: Path, part: str) -> None:
    assert (sdist_tree / part).is_file()


def test_an_installed_copy_prints_its_help(installed: Path, tmp_path: Path) -> None:
    assert "solve" in run(installed / "optmix", "--help", cwd=tmp_path)


def test_an_installed_copy_finds_its_own_instances(installed: Path, tmp_path: Path) -> None:
    code = """
import json
from optmix import resources
print(json.dumps({name: str(resources.resolve("@" + name)) for name in resources.instance_names()}))
"""
    found = json.loads(run(installed / "python", "-c", code, cwd=tmp_path))
    assert set(found) == {
        path.parent.relative_to(ROOT / "instances").as_posix()
        for path in (ROOT / "instances").glob("*/*/site.toml")
    }
    assert found
    for site in map(Path, found.values()):
        assert site.is_relative_to(installed.parent)
        assert site.is_file()


def test_an_installed_copy_solves_a_site(installed: Path, tmp_path: Path) -> None:
    run(installed / "optmix", "solve", "@tutorial/one-engine", "-o", "out", cwd=tmp_path)
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "optimal"
