"""Report: from the written files of a solved site to its page."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from harness.registry import Phase, register
from harness.subject import Subject

from optmix.report.html.write import write_html
from optmix.report.read_out import read_report

PROGRAM = (sys.executable, "-c", "from optmix.cli.app import main; main()")
PLACE = tempfile.TemporaryDirectory(prefix="optmix-benchmarks-")


@cache
def solved(path: str) -> Path:
    """Return the folder of a solved site; the solve is not what is timed."""
    out = Path(PLACE.name, path.replace("/", "-"))
    command = [*PROGRAM, "solve", path, "-o", str(out), "--solver", "highs:fast", "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def prepare(subject: Subject) -> None:
    solved(subject.path)


def run(subject: Subject) -> Path:
    out = solved(subject.path)
    return write_html(out, read_report(out))


def figures(page: Path) -> dict[str, float]:
    return {"page_mib": page.stat().st_size / 2**20}


register(
    Phase(
        "report",
        order=9,
        run=run,
        prepare=prepare,
        figures=figures,
        rounds={"tutorial": 5, "year": 3},
    )
)
