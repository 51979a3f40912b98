"""`optmix bench` from the command line: files, tables and exit codes."""

import csv
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from optmix.bench import runner
from optmix.bench.row import Row
from optmix.bench.runner import Run

Cli = Callable[..., Result]

RACE = """
schema_version = 1
title = "Tiny"
purpose = "p"
solvers = ["highs", "highs:fast"]
time_limits_s = [60.0]
[[instance]]
family = "commitment"
sizes = [4]
seeds = [1, 2, 3, 4, 5]
"""


@pytest.fixture
def race(tmp_path: Path) -> Path:
    path = tmp_path / "race.toml"
    path.write_text(RACE, encoding="utf-8")
    return path


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make runs that only pretend: each ends with the fields given."""

    def with_fields(**fields: object) -> None:
        def run_one(run: Run) -> Row:
            done = {"status": "optimal", "is_verified": True, "objective": 1.0, "bound": 1.0}
            return Row.of_dict(run.row.as_dict() | done | {"runtime_s": 1.0} | fields)

        monkeypatch.setattr(runner, "run_one", run_one)

    return with_fields


def test_a_race_is_run_and_written(cli: Cli, race: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    race.write_text(RACE.replace("[1, 2, 3, 4, 5]", "[1, 2]"), encoding="utf-8")
    told = cli("bench", race, "--solver", "highs", "-o", out)
    assert told.exit_code == 0, told.output
    assert "highs:default" in told.stdout
    assert "2/2 commitment-4h-2" in told.stderr
    rows = list(csv.DictReader((out / "runs.csv").open(encoding="utf-8")))
    assert [row["status"] for row in rows] == ["optimal"] * 2
    assert json.loads((out / "race.json").read_text())["standings"][0]["n_solved"] == 2
    assert (out / "race.html").is_file()
    again = cli("bench", race, "-o", out)
    assert (again.exit_code, "--force replaces" in again.stderr) == (3, True)


def test_a_model_is_raced_by_its_path(cli: Cli, tmp_path: Path) -> None:
    from optmix.bench.families import commitment_program

    path = tmp_path / "mine.mps"
    commitment_program(4, 1).write(path)
    told = cli("bench", "--instance", path, "--solver", "highs:fast", "--json")
    assert told.exit_code == 0, told.output
    (run,) = json.loads(told.stdout)["runs"]
    assert (run["instance"], run["status"], run["kind"]) == ("mine.mps", "optimal", "model")


def test_a_slower_race_than_the_baseline_is_exit_code_5(
    cli: Cli, race: Path, tmp_path: Path, pretend: Callable[..., None]
) -> None:
    pretend(runtime_s=1.0)
    assert cli("bench", race, "-o", tmp_path / "before").exit_code == 0
    pretend(runtime_s=30.0)
    told = cli("bench", race, "--baseline", tmp_path / "before" / "runs.csv")
    assert told.exit_code == 5
    assert "slower than the baseline beyond noise: highs:default, highs:fast" in told.stderr
    assert "time now / before" in told.stdout


def test_as_fast_as_the_baseline_is_exit_code_0(
    cli: Cli, race: Path, tmp_path: Path, pretend: Callable[..., None]
) -> None:
    pretend()
    cli("bench", race, "-o", tmp_path / "before")
    assert cli("bench", race, "--baseline", tmp_path / "before").exit_code == 0


def test_a_baseline_with_nothing_in_common_is_refused_before_any_run(
    cli: Cli,
    race: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pretend: Callable[..., None],
) -> None:
    pretend()
    cli("bench", race, "-o", tmp_path / "before")
    made: list[Run] = []
    monkeypatch.setattr(runner, "run_one", made.append)
    race.write_text(RACE.replace("60.0", "30.0"), encoding="utf-8")
    told = cli("bench", race, "--baseline", tmp_path / "before")
    assert (told.exit_code, made) == (3, [])
    assert "--baseline: no run of this race was made in the earlier one" in told.stderr


def test_a_baseline_of_which_nothing_was_run_is_no_success(
    cli: Cli, race: Path, tmp_path: Path, pretend: Callable[..., None]
) -> None:
    pretend(status="missing", is_verified=False)
    cli("bench", race, "-o", tmp_path / "before")
    pretend()
    told = cli("bench", race, "--baseline", tmp_path / "before")
    assert told.exit_code == 3
    assert "missing or refused do not count" in " ".join(told.stderr.split())


def test_a_wrong_answer_is_exit_code_7(cli: Cli, race: Path, pretend: Callable[..., None]) -> None:
    pretend(status="wrong", reason="it lies")
    told = cli("bench", race)
    assert told.exit_code == 7
    assert "it lies" in told.stdout
    assert "10 of 10 runs gave a wrong answer" in told.stderr


def test_a_crash_is_a_row_and_no_failure_of_the_race(
    cli: Cli, race: Path, pretend: Callable[..., None]
) -> None:
    pretend(status="crash", reason="signal 11", is_verified=False)
    told = cli("bench", race)
    assert told.exit_code == 0
    assert "crash: signal 11" in told.stdout


def test_ctrl_c_keeps_what_is_done(
    cli: Cli, race: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Run] = []

    def run_one(run: Run) -> Row:
        made.append(run)
        if len(made) == 3:
            raise KeyboardInterrupt
        return run.row

    monkeypatch.setattr(runner, "run_one", run_one)
    told = cli("bench", race, "-o", tmp_path / "out")
    assert told.exit_code == 130
    assert "stopped after 2 of 10 runs" in told.stderr
    assert len(list(csv.DictReader((tmp_path / "out" / "runs.csv").open()))) == 2


def test_sigterm_ends_a_race_as_ctrl_c_does(
    cli: Cli, race: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Run] = []

    def run_one(run: Run) -> Row:
        made.append(run)
        if len(made) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return run.row

    before = signal.getsignal(signal.SIGTERM)
    # Where SIGTERM is not caught, it must not end the tests.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        monkeypatch.setattr(runner, "run_one", run_one)
        told = cli("bench", race, "-o", tmp_path / "out")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told.exit_code == 130
    assert "stopped after 2 of 10 runs" in told.stderr
    assert len(list(csv.DictReader((tmp_path / "out" / "runs.csv").open()))) == 2
    assert (tmp_path / "out" / "race.html").is_file()


def test_a_race_that_is_stopped_before_its_first_run_ends_quietly(
    cli: Cli, race: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_one(_: Run) -> Row:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_one", run_one)
    told = cli("bench", race, "-o", tmp_path / "out")
    assert told.exit_code == 130
    assert "stopped after 0 of 10 runs" in told.stderr
    assert "a bug" not in told.stderr


def test_each_run_is_on_file_before_the_next_begins(
    cli: Cli, race: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, held = tmp_path / "out", []
    out.mkdir()
    (out / "runs.csv").write_text("of an earlier race")

    def run_one(run: Run) -> Row:
        held.append((out / "runs.jsonl").read_text().count("\n"))
        assert not (out / "runs.csv").exists()
        return run.row

    monkeypatch.setattr(runner, "run_one", run_one)
    assert cli("bench", race, "-o", out, "--force").exit_code == 0
    assert held == list(range(10))
    assert len((out / "runs.jsonl").read_text().splitlines()) == 10


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("@bench/none",), 3, "no race of that name"),
        (("none.toml",), 3, "no such race file"),
        (("--solver", "hihgs"), 3, 'did you mean "highs"?'),
        (("--solver", "highs", "--solver", "highs:default"), 3, "--solver: highs:default stands"),
        (("--instance", "none.mps"), 3, "no file fits"),
        (("--instance", "@tutorial/one-engin"), 3, "--instance: @tutorial/one-engin"),
        (("--baseline", "none.csv"), 3, "cannot be read"),
        (("--repeat", "0"), 2, "1 or more"),
    ],
)
def test_what_cannot_be_raced_is_refused(
    cli: Cli, arguments: tuple[str, ...], code: int, said: str
) -> None:
    told = cli("bench", *arguments)
    assert told.exit_code == code
    assert said in " ".join(told.stderr.replace("│", " ").split())


def test_a_folder_with_files_of_others_is_never_replaced(
    cli: Cli, race: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").touch()
    told = cli("bench", race, "-o", tmp_path / "out", "--force")
    assert (told.exit_code, "not empty" in told.stderr) == (3, True)
