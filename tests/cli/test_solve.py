"""`optmix solve`: what it writes, what it prints, when it refuses, and how it ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from fakes.decomposition import HOW, FakeDecomposition, fake_decomposition
from typer.testing import Result

import optmix as om
from optmix.errors import SolverError
from optmix.report.files import OUT_FILES
from optmix.schema.site import Site
from optmix.solve import api
from optmix.solve.profiles import load_profile

Cli = Callable[..., Result]

solve_site = api.solve

ONE = "@tutorial/one-engine"
RESULTS = ["dispatch.csv", "inputs", "mix.csv", "result.json", "run.log", "site.resolved.toml"]
FILES = sorted([*RESULTS, "report.html"])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_holds_what_is_documented(solved: Path) -> None:
    assert names_in(solved) == FILES
    assert set(FILES) - {"inputs"} <= OUT_FILES
    assert names_in(solved / "inputs") == ["demand.csv"]
    assert names_in(solved.parent) == [solved.name]


def test_result_json_is_the_answer_of_the_library(solved: Path) -> None:
    written = json.loads((solved / "result.json").read_text(encoding="utf-8"))
    expected = json.loads(om.solve(om.load_site(ONE)).to_json())
    assert list(written) == list(expected)
    for one in (written, expected):
        del one["seconds"]
    assert written == expected


def test_the_tables_agree_with_the_result(solved: Path) -> None:
    result = json.loads((solved / "result.json").read_text(encoding="utf-8"))
    mix = pd.read_csv(solved / "mix.csv")
    assert dict(zip(mix["name"], mix["count"], strict=True)) == result["mix"]["units"]
    dispatch = pd.read_csv(solved / "dispatch.csv")
    assert len(dispatch) == 24
    assert dispatch["time"][0] == "2025-01-15T00:00:00-06:00"
    assert dispatch["engine-5mw.output_mw"].to_numpy() == pytest.approx(dispatch["demand_mw"])


def test_the_resolved_site_is_the_site_that_was_solved(solved: Path) -> None:
    copy = om.load_site(solved / "site.resolved.toml")
    assert copy.demand.series.file == "inputs/demand.csv"
    again = om.solve(copy)
    result = json.loads((solved / "result.json").read_text(encoding="utf-8"))
    assert again.objective_usd == result["objective_usd"]
    assert again.input_sha256 == result["input_sha256"]


def test_the_log_has_command_phases_and_end(solved: Path) -> None:
    log = (solved / "run.log").read_text(encoding="utf-8")
    for line in ("command: optmix", "  load\n", "  build\n", "  verify\n", "optimal: "):
        assert line.strip() in log, line
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", line) for line in log.splitlines())


def test_the_screen_shows_the_answer_and_stderr_the_rest(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out")
    assert told.exit_code == 0
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    for part in (
        "one-engine: proven within the gap asked for",
        f"Annual cost {result['objective_usd']:,.0f} USD",
        f"{result['lcoe_usd_per_mwh']:,.2f} USD/MWh",
        "engine-5mw 2 10",
        f"pipeline gas burned while running {result['costs_usd']['fuel']:,.0f} 61.4%",
        f"no plan costs less than {result['bound_usd']:,.0f} USD",
        f"0 violations of {result['n_checks']:,} checks",
        "highs:default",
        "out/",
    ):
        assert part in " ".join(told.stdout.split()), part
    (solved,) = [line for line in told.stdout.splitlines() if line.startswith("Solved ")]
    assert re.search(r"seconds: load [\d., a-z]+ total [\d.]+$", solved)
    assert "handoff\n" in told.stderr
    assert "handoff\n" not in told.stdout


def test_json_is_result_json_and_nothing_else(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "--json")
    assert told.stdout == (tmp_path / "out" / "result.json").read_text(encoding="utf-8")


def test_quiet_says_nothing_on_stderr(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "-q")
    assert told.stderr == ""
    assert "one-engine" in told.stdout


def test_progress_in_json_is_one_object_a_line(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "--progress", "json", "--workers", "2")
    lines = [json.loads(line) for line in told.stderr.splitlines()]
    phases = list(dict.fromkeys(line["phase"] for line in lines if "phase" in line))
    assert phases == ["load", "build", "handoff", "solve", "verify", "reliability"]
    assert any(line.get("incumbent_usd") for line in lines)
    (warning,) = [line for line in lines if "level" in line]
    assert warning["level"] == "warning"
    assert "--workers had no effect" in warning["message"]


def test_progress_can_be_left_out(cli: Cli, tmp_path: Path) -> None:
    assert cli("solve", ONE, "-o", tmp_path / "out", "--progress", "none").stderr == ""


def test_options_reach_the_solve(cli: Cli, tmp_path: Path) -> None:
    told = cli(
        *("solve", ONE, "-o", tmp_path / "out", "--json", "--gap", "0.5%", "--time-limit", "2m"),
        *("--seed", "7", "--threads", "1", "--solver", "highs:fast", "--method", "monolithic"),
        *("--set", "fuel.price_usd_per_mmbtu=8", "--set", "unit.engine-5mw.n_max=3"),
    )
    assert told.exit_code == 0, told.stderr
    result = json.loads(told.stdout)
    assert result["seed"] == 7
    assert result["solver"].startswith("highs:fast")
    plain = om.solve(om.load_site(ONE))
    assert result["costs_usd"]["fuel"] == pytest.approx(2 * plain.costs_usd["fuel"])
    resolved = om.load_site(tmp_path / "out" / "site.resolved.toml")
    assert (resolved.fuel.price_usd_per_mmbtu, resolved.unit[0].n_max) == (8, 3)


@pytest.fixture
def decomposition(monkeypatch: pytest.MonkeyPatch) -> FakeDecomposition:
    return fake_decomposition(monkeypatch)


def test_the_decomposition_shows_its_certificate(
    cli: Cli, tmp_path: Path, decomposition: FakeDecomposition
) -> None:
    out = tmp_path / "out"
    told = cli("solve", ONE, "-o", out, "--method", "decomposition", "--workers", "3")
    assert told.exit_code == 0, told.output
    assert [request.workers for request in decomposition.requests] == [3]
    assert "--workers" not in told.stderr
    log = (out / "run.log").read_text(encoding="utf-8")
    for text in (HOW, "17 rounds, 53 windows, 1,901 cuts, 1 fleet, 2 workers; seconds: build 2.0"):
        assert text in " ".join(told.stdout.split())
        assert text in log
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["method"] == "decomposition"
    assert result["certificate"]["bound_usd"] == result["bound_usd"]
    assert cli("verify", out).exit_code == 0


def test_a_certificate_of_another_bound_is_exit_code_7(
    cli: Cli, tmp_path: Path, decomposition: FakeDecomposition
) -> None:
    cli("solve", ONE, "-o", tmp_path / "out", "--method", "decomposition")
    assert len(decomposition.requests) == 1
    path = tmp_path / "out" / "result.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    result["certificate"]["bound_usd"] *= 0.99
    path.write_text(json.dumps(result), encoding="utf-8")
    told = cli("verify", tmp_path / "out")
    assert told.exit_code == 7
    assert "OUT-13" in told.stdout


def test_a_series_may_be_named_by_its_absolute_path(cli: Cli, tmp_path: Path) -> None:
    flat = tmp_path / "elsewhere" / "flat load.csv"
    flat.parent.mkdir()
    flat.write_text("mw\n" + "5\n" * 24, encoding="utf-8")
    setting = f"demand.series={{ file = '{flat}', column = 'mw' }}"
    told = cli("solve", ONE, "-o", tmp_path / "out", "--set", setting, "--set", "time.hours=24")
    assert told.exit_code == 0, told.stderr
    assert names_in(tmp_path / "out" / "inputs") == ["flat_load.csv"]
    assert cli("verify", tmp_path / "out").exit_code == 0


def test_the_model_is_kept_on_request(cli: Cli, tmp_path: Path) -> None:
    cli("solve", ONE, "-o", tmp_path / "out", "--keep-model")
    assert names_in(tmp_path / "out") == sorted([*FILES, "model.mps"])
    assert "ROWS" in (tmp_path / "out" / "model.mps").read_text(encoding="utf-8")


def test_a_double_check_reads_the_files_back(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "--double-check")
    assert told.exit_code == 0
    assert "double check: 0 violations" in told.stderr

    def write_wrongly(frame: pd.DataFrame, path: Path) -> None:
        frame.assign(import_mw=1.0).to_csv(path, index=False)

    monkeypatch.setattr("optmix.data.plan_io.write_exact", write_wrongly)
    told = cli("solve", ONE, "-o", tmp_path / "out", "--double-check")
    assert told.exit_code == 7
    assert "does not hold" in told.stderr


def test_a_dry_run_tells_the_size_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "--dry-run", "--json")
    assert told.exit_code == 0
    figures = json.loads(told.stdout)
    assert (figures["n_steps"], figures["peak_demand_mw"]) == (24, 10.0)
    assert figures["method"] == "monolithic"
    assert 0 < figures["n_integer_variables"] < figures["n_variables"]
    assert figures["smallest_coefficient"] <= figures["largest_coefficient"]
    assert figures["problems"] == []
    assert not (tmp_path / "out").exists()
    assert str(figures["n_constraints"]) in cli("solve", ONE, "--dry-run").stdout


@pytest.mark.parametrize("option", ["--method", "--set"])
def test_a_dry_run_tells_the_method_that_is_asked_for(cli: Cli, option: str) -> None:
    asked = "decomposition" if option == "--method" else "solve.method=decomposition"
    told = cli("solve", ONE, "--dry-run", "--json", option, asked)
    assert json.loads(told.stdout)["method"] == "decomposition"


def test_a_dry_run_tells_the_size_of_the_windows_that_would_be_solved(cli: Cli) -> None:
    told = json.loads(cli("solve", "@texas/islanded-300mw", "--dry-run", "--json").stdout)
    assert (told["method"], told["n_steps"]) == ("decomposition", 8760)
    assert told["n_windows"] == 52
    assert told["largest_window_n_steps"] in (168, 192)
    assert 0 < told["largest_window_n_integer_variables"] < told["largest_window_n_variables"]
    assert "n_variables" not in told


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_the_decomposition_with_another_solver_is_exit_code_3(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    monkeypatch.setattr(api, "ready_profile", load_profile)  # as if GLPK were installed
    asked = ("--method", "decomposition", "--solver", "glpk")
    told = cli("solve", ONE, "-o", tmp_path / "out", *asked, *flags)
    assert told.exit_code == 3
    assert "--method: the decomposition solves its windows with HiGHS, not with GLPK" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("force", [True, False])
def test_the_same_input_may_be_solved_again_in_place(cli: Cli, solved: Path, force: bool) -> None:
    told = cli("solve", ONE, "-o", solved, *["--force"] * force)
    assert told.exit_code == 0, told.stderr


def test_another_input_replaces_a_result_only_by_force(cli: Cli, solved: Path) -> None:
    before = (solved / "result.json").read_bytes()
    arguments = ("solve", ONE, "-o", solved, "--set", "site.wacc=0.08")
    told = cli(*arguments)
    assert told.exit_code == 3
    assert "the folder holds the result of another input" in told.stderr
    assert "--force" in told.stderr
    assert (solved / "result.json").read_bytes() == before
    assert cli(*arguments, "--force").exit_code == 0
    assert (solved / "result.json").read_bytes() != before
    assert names_in(solved.parent) == [solved.name]


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("name", ["notes.txt", "inputs/notes.txt", "more/notes.txt", ".git/HEAD"])
def test_files_of_others_are_never_removed(cli: Cli, solved: Path, name: str, force: bool) -> None:
    (solved / name).parent.mkdir(exist_ok=True)
    (solved / name).write_text("mine")
    told = cli("solve", ONE, "-o", solved, *["--force"] * force)
    assert told.exit_code == 3
    assert "what optmix did not write" in told.stderr
    assert name.removesuffix("/notes.txt").removesuffix("/HEAD") in told.stderr
    assert (solved / name).read_text() == "mine"


def test_a_folder_of_something_else_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text("another program's")
    told = cli("solve", ONE, "-o", tmp_path, "--force")
    assert told.exit_code == 3
    assert (tmp_path / "run.log").read_text() == "another program's"


def test_a_file_is_no_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    told = cli("solve", ONE, "-o", tmp_path / "out", "--force")
    assert told.exit_code == 3
    assert "this is a file" in told.stderr


def test_the_folder_one_is_in_is_not_pulled_away(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = cli("solve", ONE, "-o", ".")
    assert told.exit_code == 3
    assert "you are in this folder" in told.stderr
    assert cli("solve", ONE, "-o", "out").exit_code == 0


def test_a_link_stays_a_link(cli: Cli, solved: Path) -> None:
    link = solved.parent / "link"
    link.symlink_to(solved, target_is_directory=True)
    assert cli("solve", ONE, "-o", link).exit_code == 0
    assert link.is_symlink()
    assert names_in(solved) == FILES


def test_a_place_that_cannot_be_written_is_exit_code_3(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = cli("solve", ONE, "-o", tmp_path / "file" / "out")
    assert told.exit_code == 3
    assert "the results cannot be written" in told.stderr


def test_no_plan_is_a_result_with_its_reasons(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", "@edge/infeasible-capacity", "-o", tmp_path / "out")
    assert told.exit_code == 4
    assert names_in(tmp_path / "out") == [
        *("explain.json", "inputs", "report.html", "result.json", "run.log", "site.resolved.toml"),
    ]
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert (result["status"], result["objective_usd"], result["mix"]) == ("infeasible", None, None)
    why = json.loads((tmp_path / "out" / "explain.json").read_text(encoding="utf-8"))
    assert why["status"] == "infeasible"
    assert why["reason"]
    assert "exceeds the 15.0 MW that can be installed" in why["screens"][0]["what"]
    assert "infeasible: no plan exists" in told.stdout
    assert "exceeds the 15.0 MW that can be installed" in told.stderr
    assert cli("verify", tmp_path / "out").exit_code == 3


def test_no_time_is_no_plan(cli: Cli, tmp_path: Path) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", "--time-limit", "0.001")
    assert told.exit_code == 5, told.output
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "no_plan"
    assert "no plan was found" in told.stdout


@pytest.fixture
def stopped_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the time limit came before the proof."""

    def solve(site: Site, **options: object) -> om.Result:
        result = solve_site(site, **options)
        bound = 0.9 * result.objective_usd
        update = {"status": "feasible", "gap": 0.1, "bound_usd": bound, "reason": "time limit"}
        return result.model_copy(update=update)

    monkeypatch.setattr(api, "solve", solve)


@pytest.mark.usefixtures("stopped_early")
@pytest.mark.parametrize(("flags", "code"), [([], 0), (["--require-optimal"], 5)])
def test_a_plan_short_of_the_proof_is_a_warning_unless_the_proof_is_required(
    cli: Cli, tmp_path: Path, flags: list[str], code: int
) -> None:
    told = cli("solve", ONE, "-o", tmp_path / "out", *flags)
    assert told.exit_code == code
    assert "warning: stopped before the gap was proven: time limit" in told.stderr
    assert "a plan, not proven to the gap asked for" in told.stdout
    assert "at most 10.000% above the best possible cost" in told.stdout
    assert cli("verify", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no-such-site.toml"], 3, "no such file"),
        (["@tutorial/no-such"], 3, "no instance of that name"),
        ([ONE, "--solver", "hihgs"], 3, 'did you mean "highs"'),
        ([ONE, "--solver", "highs:quick"], 3, "highs:fast"),
        ([ONE, "--set", "solve.workers=0"], 3, "--set solve.workers"),
        ([ONE, "--no-rule", "air.site-tpy"], 3, "no rule is in force"),
        ([ONE, "--set", "demand.peak_mv=3"], 3, "peak_mw"),
        ([ONE, "--set", "unit.none.n_max=3"], 3, "engine-5mw"),
        ([ONE, "--set", "site.wacc=true"], 3, "--set site.wacc"),
    ],
)
def test_what_cannot_be_solved_says_why_and_writes_nothing(
    cli: Cli, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    told = cli("solve", *arguments, "-o", tmp_path / "out")
    assert told.exit_code == code
    assert said in told.stderr
    assert told.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_an_input_that_changes_meanwhile_is_noticed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("init", tmp_path / "site")

    def solve(site: Site, **options: object) -> om.Result:
        demand = tmp_path / "site" / "demand.csv"
        demand.write_text(demand.read_text().replace(",10", ",9"))
        return solve_site(site, **options)

    monkeypatch.setattr(api, "solve", solve)
    told = cli("solve", tmp_path / "site", "-o", tmp_path / "out")
    assert told.exit_code == 3
    assert "an input file was changed during the solve" in told.stderr
    assert not (tmp_path / "out").exists()


def meanwhile(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]) -> None:
    """Let something happen while the next site is solved."""

    def solve(site: Site, **options: object) -> om.Result:
        monkeypatch.setattr(api, "solve", solve_site)
        happen()
        return solve_site(site, **options)

    monkeypatch.setattr(api, "solve", solve)


def kept_aside(stderr: str) -> Path:
    match = re.search(r"error: (.+): the results are kept in this folder instead", stderr)
    assert match is not None, stderr
    return Path(match[1])


@pytest.mark.parametrize("force", [True, False])
def test_of_two_solves_into_one_folder_the_later_keeps_its_result_aside(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    out = tmp_path / "out"
    other = ("solve", ONE, "-o", out, "--set", "site.wacc=0.08", "-q")
    meanwhile(monkeypatch, lambda: cli(*other))
    told = cli("solve", ONE, "-o", out, *["--force"] * force)
    assert told.exit_code == 3
    assert "the folder holds the result of another input" in told.stderr
    assert "one-engine: proven within the gap asked for" in told.stdout
    assert om.load_site(out / "site.resolved.toml").site.wacc == 0.08
    aside = kept_aside(told.stderr)
    assert aside.parent == tmp_path
    assert names_in(aside) == RESULTS
    assert cli("verify", aside).exit_code == cli("verify", out).exit_code == 0


def test_a_file_of_others_that_appears_meanwhile_stays(
    cli: Cli, solved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: (solved / "notes.txt").write_text("mine"))
    told = cli("solve", ONE, "-o", solved, "--force")
    assert told.exit_code == 3
    assert "what optmix did not write: notes.txt" in told.stderr
    assert (solved / "notes.txt").read_text() == "mine"
    assert names_in(kept_aside(told.stderr)) == RESULTS


def test_a_folder_that_is_lost_meanwhile_is_replaced_by_one_elsewhere(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("optmix.report.files.tempfile.gettempdir", lambda: str(temporary))
    place = tmp_path / "place"
    place.mkdir()

    def spoil() -> None:
        place.rmdir()
        place.write_text("a file now")

    meanwhile(monkeypatch, spoil)
    told = cli("solve", ONE, "-o", place / "out")
    assert told.exit_code == 3
    assert "the results cannot be written" in told.stderr
    aside = kept_aside(told.stderr)
    assert aside.parent == temporary
    assert cli("verify", aside).exit_code == 0


def test_a_plan_is_kept_where_its_model_cannot_be_written(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SolverError("the file cannot be written")

    monkeypatch.setattr(api, "write_model", refuse)
    told = cli("solve", ONE, "-o", tmp_path / "out", "--keep-model")
    assert told.exit_code == 6
    assert "the file cannot be written" in told.stderr
    assert names_in(kept_aside(told.stderr)) == RESULTS


def test_a_folder_is_tried_before_the_solve(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    meanwhile(monkeypatch, lambda: pytest.fail("it was solved for nothing"))
    for out in (tmp_path / "file" / "a" / "out", tmp_path / ("x" * 300), circle / "out"):
        told = cli("solve", ONE, "-o", out)
        assert told.exit_code == 3
        assert f"error: -o {out}: the results cannot be written: " in told.stderr
    assert names_in(tmp_path) == ["circle", "file"]
