"""Commands that the documentation names, also in passing, exist with the options they are given."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

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

INLINE = re.compile(r"(?:`|<code>)(optmix [^`<]*)(?:`|</code>)")
LINE = re.compile(r"^(?:    |\$ )(optmix .*)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")

GROUP: Any = get_command(app)


def commands(page: str) -> list[str]:
    """Return what a page says of the program: one command each, without remarks and pipes."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [*INLINE.findall(" ".join(text.split())), *LINE.findall(text)]
    return [re.split(r"\s+#|[|;>]", command)[0] for command in found]


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
