from pathlib import Path

import pytest

from optmix import resources
from optmix.errors import OptmixError, UnknownNameError


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed copy of the package with one instance."""
    package = tmp_path / "site-packages" / "optmix"
    site = package / "_data" / "instances" / "texas" / "midland-300mw" / "site.toml"
    site.parent.mkdir(parents=True)
    site.write_text("schema_version = 1\n", encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    return package


@pytest.mark.parametrize("kind", ["instances", "solvers"])
def test_both_kinds_of_data_are_found_and_explained(kind: str) -> None:
    assert (resources.shipped(kind) / "README.md").is_file()


def test_an_installed_copy_uses_the_data_inside_the_package(installed: Path) -> None:
    assert resources.shipped("instances") == installed / "_data" / "instances"


def test_an_installation_without_its_data_says_what_to_do(installed: Path) -> None:
    assert not (installed / "_data" / "solvers").exists()
    with pytest.raises(OptmixError, match="lacks its solvers folder; install optmix again"):
        resources.shipped("solvers")


def test_a_shipped_instance_is_named_by_family_and_name(installed: Path) -> None:
    assert resources.instance_names() == ("texas/midland-300mw",)
    expected = installed / "_data" / "instances" / "texas" / "midland-300mw" / "site.toml"
    assert resources.resolve("@texas/midland-300mw") == expected
    assert resources.resolve("@texas/midland-300mw/") == expected


@pytest.mark.parametrize("path", ["site.toml", "some where/ö.toml", "/a/b", "a@b"])
def test_a_path_is_left_as_it_is(path: str) -> None:
    assert resources.resolve(path) == Path(path)
    assert resources.resolve(Path(path)) == Path(path)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("typo", ["@texas/midland-300", "@midland-300mw", "@Texas/midland_300mw"])
def test_a_misspelt_instance_gets_the_nearest_name(typo: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        resources.resolve(typo)
    (problem,) = caught.value.problems
    assert problem.where == typo
    assert "optmix list instances" in problem.allowed
    assert problem.hint == 'did you mean "@texas/midland-300mw"?'


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["@", "@/", "@texas", "@../../../secret", "@texas/../texas"])
def test_only_the_name_of_an_instance_is_accepted(name: str) -> None:
    with pytest.raises(UnknownNameError):
        resources.resolve(name)
