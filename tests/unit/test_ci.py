"""The acceptance run fits into its hour, and no test is left out of all its steps."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDS_AN_EXTRA = re.compile(
    r"importorskip\(\"(pyarrow|matplotlib)\"|pytest\.mark\.(peers|solver)\b"
)

WANTS_A_PROGRAM = re.compile(r"apt install ([a-z][a-z0-9-]*)")


def test_the_run_ends_within_the_hour_whatever_hangs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (whole,) = re.findall(r"^end=\$\(\(SECONDS \+ (\d+) \* 60\)\)", script, re.MULTILINE)
    steps = [int(limit) for limit in re.findall(r"^step \w+ (\d+) ", script, re.MULTILINE)]
    assert int(whole) <= 58
    assert len(steps) == 9
    assert max(steps) < int(whole) / 2  # one step that hangs leaves time for the others
    assert "limit=$((end - began))" in script  # a step gets no more than what is left


def test_every_test_that_needs_an_extra_is_run_with_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (named,) = re.findall(r"^NEED_EXTRAS := (.*)$", makefile, re.MULTILINE)
    run = [ROOT / path for path in named.split()]
    assert all(path.exists() for path in run)
    for file in (ROOT / "tests").rglob("test_*.py"):
        if file != Path(__file__) and NEEDS_AN_EXTRA.search(file.read_text(encoding="utf-8")):
            assert any(file.is_relative_to(path) for path in run), file


def test_every_program_that_a_test_wants_is_installed() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = re.findall(r"^ensure '.*' (.*)$", script, re.MULTILINE)
    installed = {word for line in lines for word in line.split()}
    wanted = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        if file != Path(__file__)
        for name in WANTS_A_PROGRAM.findall(file.read_text(encoding="utf-8"))
    }
    assert {"chromium", "libreoffice-calc-nogui"} <= wanted <= installed
