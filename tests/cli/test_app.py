"""What holds for every command: help, version, usage errors, streams, colours, bugs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import optmix
from optmix.cli import errors
from optmix.cli.app import app
from optmix.errors import (
    InfeasibleError,
    InputError,
    NoPlanError,
    OptmixError,
    PortfolioError,
    Problem,
    SolverError,
    VerificationError,
)
from optmix.resources import resolve

Cli = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]
Failing = Callable[[BaseException], None]

COMMANDS = {
    "init": ["DIR", "--from", "--list"],
    "validate": ["SITE...", "--strict", "--json", "--set"],
    "solve": [
        *("SITE", "--out", "-o", "--gap", "--time-limit", "--method", "--solver", "--workers"),
        *("--seed", "--threads", "--set", "--no-rule", "--double-check", "--require-optimal"),
        *("--keep-model", "--dry-run", "--force", "--json", "--progress", "Ctrl-C"),
    ],
    "verify": ["OUT", "--json"],
    "list": ["instances|portfolios", "--json"],
    "show": ["NAME", "--json"],
    "schema": ["site|result"],
    "migrate": ["FILE..."],
    "export": ["SITE", "--to", "mps|lp", "--out", "--force"],
}


def words(text: str) -> str:
    """Return help as one line, without the boxes and breaks that depend on its width."""
    return re.sub(r"[\s│╭╮╰╯─]+", " ", text)


def test_help_names_every_command(cli: Cli) -> None:
    told = cli("--help")
    assert told.exit_code == 0
    for command in COMMANDS:
        assert re.search(rf"^│ {command} ", told.stdout, re.MULTILINE), command
    assert "Exit codes: 0 done, 1 bug, 2 usage, 3 invalid input" in words(told.stdout)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_of_a_command_names_its_options(cli: Cli, command: str, flag: str) -> None:
    told = cli(command, flag)
    assert told.exit_code == 0
    assert told.stderr == ""
    for word in [*COMMANDS[command], "--quiet", "-q", "--verbose", "-v"]:
        assert word in words(told.stdout), word


def test_without_arguments_there_is_help_and_exit_code_2(cli: Cli) -> None:
    told = cli()
    assert told.exit_code == 2
    assert "Usage: optmix [OPTIONS] COMMAND" in words(told.output)


def test_the_package_runs_as_a_module() -> None:
    command = (sys.executable, "-m", "optmix", "--version")
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert told.stdout == f"optmix {optmix.__version__}\n"


def test_the_version_is_that_of_the_package(program: Program) -> None:
    told = program("--version")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"optmix {optmix.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["slove"], "No such command 'slove'"),
        (["solve"], "Missing argument 'SITE'"),
        (["solve", "@tutorial/one-engine"], "name a folder for the results"),
        (["solve", "x", "--gpa", "1%"], "No such option: --gpa"),
        (["solve", "x", "-o", "out", "--gap", "small"], "'small' is no gap; write 0.1% or 0.001"),
        (["solve", "x", "-o", "out", "--gap", "5"], "'5' is not from 0 to 1"),
        (["solve", "x", "-o", "out", "--time-limit", "soon"], "'soon' is no time"),
        (["solve", "x", "-o", "out", "--set", "wacc"], "'wacc' is not key=value"),
        (["solve", "x", "-o", "out", "--method", "magic"], "'magic'"),
        (["solve", "x", "-o", "out", "--seed", "-1"], "'-1' is not from 0 to 2147483647"),
        (["solve", "x", "-o", "out", "--threads", "0"], "'--threads': '0' is not 1 or more"),
        (["solve", "x", "-o", "out", "--workers", "x"], "'x' is not a whole number, 1 or more"),
        (["solve", "x", "-o", "out", "--workers", "0"], "'--workers': '0' is not 1 or more"),
        (["solve", "x", "-o", "out", "--workers", "-2"], "'--workers': '-2' is not 1 or more"),
        (["solve", "x", "-o", ""], "'-o' / '--out': an empty text names no file or folder"),
        (["export", "x", "--to", "mps", "-o", ""], "an empty text names no file or folder"),
        (["init", ""], "an empty text names no file or folder"),
        (["verify", ""], "an empty text names no file or folder"),
        (["init"], "name a folder to write"),
        (["validate"], "Missing argument 'SITE...'"),
        (["list"], "Missing argument"),
        (["list", "zzz"], "for 'what': 'zzz' is not one of 'instances', 'portfolios',"),
        (["schema", "foo"], "for 'what': 'foo' is not one of 'site', 'result'"),
        (["export", "x", "--to", "xlsx"], "for '--to': 'xlsx' is not one of 'mps', 'lp'"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_exit_code_2(cli: Cli, arguments: list[str], said: str) -> None:
    told = cli(*arguments)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert said in words(told.stderr)


EXIT_CODES = [
    (InputError(Problem("it is odd", "site.toml:1")), 3, "error: site.toml:1: it is odd"),
    (InfeasibleError("no plan"), 4, "error: no plan"),
    (NoPlanError("too late"), 5, "error: too late"),
    (SolverError("gone"), 6, "error: gone"),
    (VerificationError("wrong"), 7, "error: wrong"),
    (PortfolioError("some"), 8, "error: some"),
    (OptmixError("incomplete"), 1, "error: incomplete"),
    (KeyboardInterrupt(), 130, "error: interrupted"),
]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    """A command that raises what it is told to."""

    def fail_with(error: BaseException) -> None:
        def instances() -> None:
            raise error

        monkeypatch.setattr("optmix.report.listings.instance_rows", instances)

    return fail_with


@pytest.mark.parametrize(
    ("error", "code", "said"), EXIT_CODES, ids=[type(error).__name__ for error, _, _ in EXIT_CODES]
)
def test_each_error_has_its_exit_code(
    cli: Cli, failing: Failing, error: BaseException, code: int, said: str
) -> None:
    failing(error)
    told = cli("list", "instances")
    assert told.exit_code == code
    assert told.stdout == ""
    assert told.stderr.splitlines()[0] == said
    assert "Traceback" not in told.stderr


def test_every_problem_of_an_input_is_told(cli: Cli, failing: Failing) -> None:
    failing(InputError([Problem("one", "a:1", "x", "do x"), Problem("two", "b:2")]))
    assert cli("list", "instances").stderr.splitlines() == [
        "error: a:1: one",
        "    allowed: x",
        "    hint: do x",
        "error: b:2: two",
        "error: 2 problems in the input",
    ]


def test_a_bug_is_one_line_and_a_file_with_the_traceback(cli: Cli, failing: Failing) -> None:
    failing(ZeroDivisionError("odd\nand more"))
    told = cli("list", "instances")
    assert told.exit_code == 1
    (line,) = told.stderr.splitlines()
    match = re.fullmatch(
        r"error: a bug in optmix \(ZeroDivisionError: odd\); details are in (\S+); "
        r"please report it to the developers with that file",
        line,
    )
    assert match is not None, line
    report = Path(match[1])
    text = report.read_text(encoding="utf-8")
    report.unlink()
    assert f"optmix {optmix.__version__}, Python" in text
    assert "Traceback (most recent call last)" in text
    assert "ZeroDivisionError: odd" in text


def test_a_bug_is_told_even_where_no_file_can_be_written(
    cli: Cli, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(errors.tempfile, "NamedTemporaryFile", refuse)
    failing(ZeroDivisionError("odd"))
    told = cli("list", "instances")
    assert told.exit_code == 1
    assert "run again with -v to see where" in told.stderr


@pytest.mark.parametrize("arguments", [["-v", "list", "instances"], ["list", "instances", "-v"]])
def test_verbose_shows_the_traceback_wherever_it_stands(
    cli: Cli, failing: Failing, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_bug_file", lambda _report: None)
    failing(ZeroDivisionError("odd"))
    assert "Traceback (most recent call last)" in cli(*arguments).stderr


def test_a_file_out_of_reach_is_no_bug(
    cli: Cli, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_bug_file", lambda _report: None)
    failing(PermissionError(13, "Permission denied", "/there/site.toml"))
    told = cli("list", "instances")
    assert told.exit_code == 3
    assert told.stderr == "error: /there/site.toml: Permission denied\n"
    failing(OSError("of another kind"))
    assert cli("list", "instances").exit_code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="file names are text on Windows")
def test_names_that_are_no_text_are_shown_somehow(program: Program, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.toml")
    path.write_bytes(resolve("@edge/one-step").read_bytes())
    told = program("validate", path, PYTHONUTF8="1")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith("\\udcff.toml: valid, method monolithic\n")
    assert program("list", "technologies", PYTHONIOENCODING="ascii").returncode == 0


def test_quiet_leaves_errors(cli: Cli, failing: Failing) -> None:
    failing(SolverError("gone"))
    assert cli("-q", "list", "instances").stderr == "error: gone\n"


def test_colours_are_for_terminals_that_want_them(program: Program) -> None:
    arguments = ("show", "no-such-thing")
    assert "\x1b[" in program(*arguments, FORCE_COLOR="1", NO_COLOR="").stderr
    assert "\x1b[" not in program(*arguments, FORCE_COLOR="1", NO_COLOR="1").stderr
    assert "\x1b[" not in program(*arguments).stderr


def test_other_ways_to_end_are_left_alone() -> None:
    # typer's own exceptions carry exit codes of their own.
    inner = typer.Typer(cls=app.info.cls)

    @inner.command()
    def leave() -> None:
        raise typer.Exit(5)

    @inner.command()
    def stay() -> None:
        """Make `inner` a group."""

    assert CliRunner().invoke(inner, ["leave"]).exit_code == 5
