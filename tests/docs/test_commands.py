"""Every command of the tutorial, the how-to pages and the README runs and prints what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    "docs/tutorial.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "how-to").glob("*.md")),
]
OTHERS = {"docs/how-to/index.md"}
"""Pages without such commands."""

BLOCK = re.compile(r"^( *)```(console|python)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def steps(page: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a page in order, each with lines that it must print."""
    found: list[tuple[str, list[str]]] = []
    for indent, kind, text in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines()]
        if kind == "python":
            found.append(("python -c '" + "\n".join(lines).replace("'", "'\\''") + "'", []))
            continue
        for line in lines:
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            elif line.strip():
                found[-1][1].append(" ".join(line.split()))
    return found


QUICK = "docs/tutorial.md"

every_page = [
    pytest.param(page, marks=[] if page == QUICK else pytest.mark.slow, id=page)
    for page in PAGES
    if page not in OTHERS
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", every_page)
def test_every_command_of_a_page_runs_and_prints_what_the_page_says(
    page: str, tmp_path: Path
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    main = f"{sys.executable} -c 'from optmix.cli.app import main; main()'"
    for name, start in (("optmix", main), ("python", sys.executable)):
        (programs / name).write_text(f'#!/bin/sh\nexec {start} "$@"\n')
        (programs / name).chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    commands = steps(page)
    assert commands
    for command, expected in commands:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=work,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        printed = [" ".join(line.split()) for line in done.stdout.splitlines()]
        for line in expected:
            assert any(line in found for found in printed), f"{command}: no line {line!r}"
