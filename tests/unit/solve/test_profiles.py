from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from optmix.errors import SchemaError, SolverError, UnknownNameError
from optmix.solve import profiles
from optmix.solve.profiles import load_profile, load_solver, solver_names
from optmix.solve.run import ready_profile
from optmix.solve.solver_file import HIGHS

MINIMAL = """
title = "Mine"
backend = "mine"
licence = "MIT"
homepage = "https://example.org"
purpose = "A test."
install = "no way"
executable = "mine"
[option_names]
gap = "g"
[profile.default]
purpose = "A test."
gap = 0.01
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of solver files that another package provides."""
    entry = SimpleNamespace(name="mine", load=lambda: lambda: tmp_path)
    monkeypatch.setattr(profiles, "entry_points", lambda **_: [entry])
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    profiles._files.cache_clear()
    load_solver.cache_clear()


@pytest.mark.parametrize("name", solver_names())
def test_every_shipped_solver_has_the_three_profiles(name: str) -> None:
    gaps = {known: load_profile(f"{name}:{known}").gap for known in ("default", "fast", "proof")}
    assert gaps == {"default": 0.001, "fast": 0.005, "proof": 0.0001}


def test_highs_comes_first_and_the_card_is_shipped() -> None:
    assert solver_names()[0] == HIGHS
    assert {"scip", "cbc", "glpk", "gurobi"} < set(solver_names())


@pytest.mark.parametrize("name", ["default", "fast", "proof"])
def test_highs_knows_every_option_of_its_profiles(name: str) -> None:
    assert ready_profile(f"highs:{name}").name == name


def test_a_solver_without_a_profile_has_the_default_one() -> None:
    assert load_profile(" highs ") == load_profile("highs:default")
    assert load_profile("highs").spec == "highs:default"


@pytest.mark.parametrize(
    ("spec", "said", "hint"),
    [
        ("hihgs", 'no solver "hihgs" is known', 'did you mean "highs"?'),
        ("highs:fsat", 'HiGHS has no profile "fsat"', 'did you mean "fast"?'),
        ("", 'no solver "" is known', "optmix list solvers"),
        (":fast", 'no solver "" is known', "optmix list solvers"),
        ("highs:fast:x", 'HiGHS has no profile "fast:x"', 'did you mean "fast"?'),
        ("../highs", 'no solver "../highs" is known', 'did you mean "highs"?'),
    ],
)
def test_an_unknown_name_is_told_with_what_was_meant(spec: str, said: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        load_profile(spec)
    (problem,) = caught.value.problems
    assert said in problem.what
    assert hint in problem.hint
    assert "highs" in problem.allowed


def test_another_package_adds_a_solver(folder: Path) -> None:
    (folder / "mine.toml").write_text(MINIMAL)
    assert "mine" in solver_names()
    assert load_profile("mine").gap == 0.01


def test_a_folder_may_be_given_without_a_function(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.toml").write_text(MINIMAL)
    entry = SimpleNamespace(name="mine", load=lambda: str(folder))
    monkeypatch.setattr(profiles, "entry_points", lambda **_: [entry])
    forget()
    assert "mine" in solver_names()


def test_a_name_may_not_be_taken_twice(folder: Path) -> None:
    (folder / "highs.toml").write_text(MINIMAL)
    with pytest.raises(SolverError, match='two solvers are named "highs"'):
        solver_names()


def test_a_package_that_does_not_load_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> None:
        raise ImportError("no module named spam")

    entry = SimpleNamespace(name="broken", load=load)
    monkeypatch.setattr(profiles, "entry_points", lambda **_: [entry])
    with pytest.raises(SolverError, match='"broken" cannot be loaded: no module named spam'):
        solver_names()
    entry.load = lambda: folder / "absent"
    with pytest.raises(SolverError, match="no such folder"):
        solver_names()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('licence = "MIT"', 'license = "MIT"', "license"),
        ("gap = 0.01", "gap = 2.0", "gap"),
        ("gap = 0.01", 'gap = "1%"', "gap"),
        ("[profile.default]", "[profile]", "profile"),
        ('gap = "g"', 'gab = "g"', "gap"),
        ('executable = "mine"', 'needs = "mine==1"', "needs"),
    ],
)
def test_a_file_that_is_not_valid_is_told_with_its_line(
    folder: Path, old: str, new: str, said: str
) -> None:
    assert old in MINIMAL
    (folder / "mine.toml").write_text(MINIMAL.replace(old, new))
    with pytest.raises(SchemaError, match=said) as caught:
        load_profile("mine")
    assert "mine.toml" in str(caught.value)


def test_an_option_that_highs_does_not_have_is_told_before_any_work(folder: Path) -> None:
    text = MINIMAL.replace('backend = "mine"', 'backend = "highs"')
    text = text.replace('executable = "mine"', 'needs = "highspy>=1.15.1"')
    (folder / "mine.toml").write_text(text + "options = { mip_rel_gapp = 0.1 }\n")
    with pytest.raises(SchemaError, match=r"mine\.toml: profile\.default\.options\.mip_rel_gapp"):
        ready_profile("mine")
