"""What a race file may say, and what its instances are."""

from pathlib import Path

import numpy as np
import pytest

from optmix.bench.families import CAMPUS, campus_changes, commitment_program
from optmix.bench.instance import instance_of_argument, instances_of
from optmix.bench.race import load_race, race_names, resolve_race
from optmix.bench.runner import runs_of
from optmix.errors import InputError, SchemaError, UnknownNameError
from optmix.schema.load import load_site
from optmix.solve.highs import solve_highs
from optmix.solve.outcome import Limits, Status
from optmix.solve.profiles import load_profile

HEAD = 'schema_version = 1\ntitle = "t"\npurpose = "p"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "race.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", race_names())
def test_every_shipped_race_can_be_run(name: str) -> None:
    path = resolve_race(f"@bench/{name}")
    race = load_race(path)
    instances = instances_of(race.instance, path.parent)
    assert len(runs_of(race, instances)) >= len(instances) * len(race.solvers)
    for instance in instances:
        if instance.kind == "site":
            assert load_site(instance.source, instance.changes).unit
    assert all(load_profile(spec).gap for spec in race.solvers)


def test_the_shipped_races_have_the_names_that_scripts_know() -> None:
    assert race_names() == ("relaxations", "sites-small", "sites-year")


def test_everything_is_run_with_everything(tmp_path: Path) -> None:
    text = """
solvers = ["highs", "highs:fast"]
seeds = [1, 2]
time_limits_s = [5.0, 10.0]
gaps = [0.01]
methods = ["monolithic", "decomposition"]
repeat = 2
[[instance]]
site = "@tutorial/one-engine"
[[instance]]
family = "commitment"
sizes = [24]
"""
    race = load_race(written(tmp_path, text))
    runs = runs_of(race, instances_of(race.instance, tmp_path))
    sites = [run for run in runs if run.row.kind == "site"]
    assert len(sites) == 2 * 2 * 2 * 2 * 2
    assert len(runs) - len(sites) == 2 * 2 * 2 * 2  # a model has no method
    assert {run.row.gap_target for run in runs} == {0.01}
    assert len({(run.row.contestant, run.row.task) for run in runs}) == len(runs)


def test_the_gap_is_that_of_the_profile_unless_given(tmp_path: Path) -> None:
    text = 'solvers = ["highs", "highs:fast"]\n[[instance]]\nsite = "@tutorial/one-engine"\n'
    race = load_race(written(tmp_path, text))
    runs = runs_of(race, instances_of(race.instance, tmp_path))
    assert [run.row.gap_target for run in runs] == [0.001, 0.005]


def test_other_solvers_than_highs_have_no_decomposition(tmp_path: Path) -> None:
    text = 'solvers = ["cbc"]\nmethods = ["decomposition", "monolithic"]\n'
    text += '[[instance]]\nsite = "@tutorial/one-engine"\n'
    race = load_race(written(tmp_path, text))
    assert [run.row.method for run in runs_of(race, instances_of(race.instance, tmp_path))] == [
        "monolithic"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[instance]]\n", "exactly one of these keys"),
        ('[[instance]]\nsite = "a"\nmodel = "b.mps"\n', "exactly one of these keys"),
        ('[[instance]]\nfamily = "campus"\n', "a family needs them"),
        ('[[instance]]\nsite = "a"\nsizes = [24]\n', "sizes go with a family"),
        ('[[instance]]\nmodel = "a.mps"\nset = { "x" = 1 }\n', "only fields of a site"),
        ('[[instance]]\nfamily = "campsu"\nsizes = [24]\n', "campus"),
        ('[[instance]]\nsite = "a"\ncolour = 1\n', "colour"),
        ('seeds = [-1]\n[[instance]]\nsite = "a"\n', "seeds"),
        ("", "instance"),
        ("", "sites-small.toml"),
        ("[a b]", "sites-small.toml"),
        ('[[instance]]\nsite = "a"\nseeds = [1]\n', "go with a family"),
        ('[[instance]]\nfamily = "campus"\nsizes = [24]\nseeds = []\n', "seeds"),
        ('[[instance]]\nmodel = "a.mps"\nseeds = [1]\n', "go with a family"),
        ('methods = []\n[[instance]]\nsite = "a"\n', "methods"),
        (
            'solvers = ["highs", "highs:default"]\n[[instance]]\nsite = "a"\n',
            "highs:default stands",
        ),
        ('methods = ["auto", "auto"]\n[[instance]]\nsite = "a"\n', "auto stands twice in methods"),
        ('seeds = [1, 1]\n[[instance]]\nsite = "a"\n', "1 stands twice in seeds"),
        ('gaps = [0.1, 0.1]\n[[instance]]\nsite = "a"\n', "0.1 stands twice in gaps"),
        (
            'time_limits_s = [5.0, 5]\n[[instance]]\nsite = "a"\n',
            "5.0 stands twice in time_limits_s",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SchemaError) as caught:
        load_race(written(tmp_path, text))
    told = "\n".join(map(str, caught.value.problems))
    assert said in told
    assert "race.toml" in told
    assert "optmix init" not in told


def test_a_bad_value_is_told_once_though_its_list_is_then_empty(tmp_path: Path) -> None:
    text = 'time_limits_s = [0]\n[[instance]]\nsite = "@tutorial/one-engine"\n'
    with pytest.raises(SchemaError) as caught:
        load_race(written(tmp_path, text))
    assert [problem.what for problem in caught.value.problems] == ["time_limits_s[0] is 0"]


def test_an_unknown_race_is_told_with_what_was_meant() -> None:
    with pytest.raises(UnknownNameError, match="sites-small"):
        resolve_race("@bench/site-small")
    with pytest.raises(InputError, match="no such race file"):
        load_race(Path("nowhere.toml"))


def test_files_of_models_are_found_by_a_pattern(tmp_path: Path) -> None:
    for name in ("b.mps", "a.mps", "c.txt"):
        (tmp_path / name).touch()
    race = load_race(written(tmp_path, '[[instance]]\nmodel = "*.mps"\nrelax = true\n'))
    found = instances_of(race.instance, tmp_path)
    assert [one.name for one in found] == ["a.mps relaxed", "b.mps relaxed"]
    assert Path(found[0].source) == tmp_path / "a.mps"


@pytest.mark.parametrize(("text", "said"), [("*.mps", "no file fits"), ("*.toml", "no model")])
def test_a_pattern_that_fits_nothing_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    race = load_race(written(tmp_path, f'[[instance]]\nmodel = "{text}"\n'))
    with pytest.raises(InputError, match=said):
        instances_of(race.instance, tmp_path)


def test_two_instances_of_one_name_are_refused(tmp_path: Path) -> None:
    text = '[[instance]]\nsite = "@tutorial/one-engine"\n' * 2
    race = load_race(written(tmp_path, text))
    with pytest.raises(InputError, match="are called @tutorial/one-engine"):
        instances_of(race.instance, tmp_path)


def test_one_name_for_several_models_is_refused(tmp_path: Path) -> None:
    for name in ("b.mps", "a.mps"):
        (tmp_path / name).touch()
    race = load_race(written(tmp_path, '[[instance]]\nmodel = "*.mps"\nname = "mine"\n'))
    with pytest.raises(InputError, match=r"race.toml:5.*one name cannot stand for 2 files"):
        instances_of(race.instance, tmp_path, race.origin)


def test_a_folder_is_no_race(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder"):
        load_race(tmp_path)


def test_every_unknown_solver_is_told_with_the_line_of_the_race(tmp_path: Path) -> None:
    text = 'solvers = ["hihgs",\n "highs:fats"]\n[[instance]]\nsite = "@tutorial/one-engine"\n'
    race = load_race(written(tmp_path, text))
    with pytest.raises(InputError) as caught:
        runs_of(race, [], race.origin)
    assert [problem.where for problem in caught.value.problems] == [
        "race.toml:4 (solvers[0])",
        "race.toml:5 (solvers[1])",
    ]


def test_every_slip_in_a_site_is_told_with_the_line_of_the_race(tmp_path: Path) -> None:
    text = """[[instance]]
site = "@tutorial/one-engin"
[[instance]]
site = "none.toml"
[[instance]]
site = "@tutorial/one-engine"
set = { "time.huors" = 24.0 }
[[instance]]
model = "none.mps"
[[instance]]
site = "@tutorial/one-engine"
set = { "demand.series" = { file = "none.csv", column = "mw" } }
"""
    race = load_race(written(tmp_path, text))
    with pytest.raises(InputError) as caught:
        instances_of(race.instance, tmp_path, race.origin)
    problems = caught.value.problems
    assert [problem.where.partition(" ")[0] for problem in problems] == [
        "race.toml:5",
        "race.toml:7",
        "race.toml:10",
        "race.toml:12",
        "race.toml:14",
    ]
    assert "one-engin" in problems[0].what
    assert "no such file" in problems[1].what
    assert "huors" in str(problems[2])
    assert "no file fits" in problems[3].what
    assert "none.csv" in str(problems[4])


def test_an_argument_is_a_site_or_a_model(tiny: Path) -> None:
    (site,) = instance_of_argument("@tutorial/one-engine")
    (model,) = instance_of_argument(str(tiny))
    assert (site.kind, model.kind) == ("site", "model")
    assert Path(model.source) == tiny


def test_a_generated_program_is_the_same_for_a_seed_and_has_a_plan() -> None:
    one, same, other = (commitment_program(12, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.value, same.value)
    assert not np.array_equal(one.value, other.value)
    outcome = solve_highs(one, Limits(gap=0.05, time_limit_s=60.0), isolated=False)
    assert outcome.status is Status.OPTIMAL


@pytest.mark.parametrize("size_h", [24, 168, 8760])
def test_a_generated_campus_has_the_hours_asked_for(size_h: int) -> None:
    changes = campus_changes(size_h, seed=1)
    site = load_site(CAMPUS, changes)
    assert site.time.hours == size_h
    assert len(site.unit) == 3
    assert campus_changes(size_h, seed=1) == changes
    assert campus_changes(size_h, seed=2)["unit"] != changes["unit"]
