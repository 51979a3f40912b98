"""Commands that the documentation names, also in passing, exist with the options they are given."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from docs.test_commands import OTHERS, steps
from docs.test_commands import PAGES as ALL_COMMAND_PAGES
from typer.main import get_command
from typer.testing import CliRunner

from optmix.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    *sorted(
        str(path.relative_to(ROOT))
        for path in (ROOT / "docs").rglob("*.md")
        if "_build" not in path.parts
    ),
    *sorted(
        str(path.relative_to(ROOT))
        for path in (ROOT / "optmix" / "report" / "html" / "assets").glob("*.j2")
    ),
]

COMMAND_PAGES = [page for page in ALL_COMMAND_PAGES if page not in OTHERS]

INLINE = re.compile(r"(?:`|<code>)(optmix [^`<]*)(?:`|</code>)")
LINE = re.compile(r"^(?:    |\$ )(optmix .*)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")

GROUP: Any = get_command(app)


def commands(page: str) -> list[str]:
    """Return what a page says of the program: one command each, without remarks and pipes."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [*INLINE.findall(" ".join(text.split())), *LINE.findall(text)]
    return [re.split(r"\s+#|[|;>]", command)[0] for command in found]


CHEAP = re.compile(r"optmix (--help|list \S+|show .*)")
"""These say something by themselves, and are run here."""

WHY_NOT_RUN = {
    "it only names the command, or one option of it": re.compile(
        r"optmix [a-z]+( --(dry-run|nines \S+|no-rule ID|price-rules))?"
    ),
    "it takes a file or folder of the reader": re.compile(
        r".* (OUT|SITE|(RACE|mine|portfolio)\.toml|my-site\S*|uc_1\.mps|campuses\.csv|sites/)( .*)?"
    ),
    "it takes minutes to hours": re.compile(r"optmix (bench @bench/|portfolio @portfolio/).*"),
}
"""Commands that are neither run here nor by ``test_commands``, by the reason. Those of a reader are
run with small files by ``test_reader_commands``."""


def is_run_by_its_page(command: str) -> bool:
    return any(
        command in " ".join(line.split()) for page in COMMAND_PAGES for line, _ in steps(page)
    )


def test_every_command_is_run_or_there_is_a_reason_why_not() -> None:
    pages = [page for page in PAGES if page.endswith(".md")]
    found = {" ".join(command.split()) for page in pages for command in commands(page)}
    left = {command for command in found if not is_run_by_its_page(command)}
    told = {c for c in left if any(why.fullmatch(c) for why in WHY_NOT_RUN.values())}
    assert {c for c in left - told if not CHEAP.fullmatch(c)} == set()


def cheap_commands() -> list[str]:
    return sorted({c for page in PAGES for c in commands(page) if CHEAP.fullmatch(c.strip())})


@pytest.mark.parametrize("command", cheap_commands())
def test_a_command_that_is_cheap_runs(command: str) -> None:
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()


def test_there_are_commands_to_look_at() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 50


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)])
def test_every_command_of_a_page_exists_with_its_options(page: str) -> None:
    for command in commands(page):
        _, name, *_ = command.split()
        if name.startswith("-"):
            continue
        assert name in GROUP.commands, command
        parameters = GROUP.commands[name].params
        allowed = {option for each in parameters for option in each.opts} | {"-h", "--help"}
        assert set(OPTION.findall(command)) <= allowed, command
