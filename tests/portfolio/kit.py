"""What tests of portfolios share: tables of small sites, and what a run found."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from optmix.portfolio.records import PortfolioResult

PROGRAM = (sys.executable, "-c", "from optmix.cli.app import main; main()")


class Solve(Protocol):
    """Solves a portfolio with the processes of the session."""

    def __call__(self, path: str | Path, out: Path, **options: Any) -> PortfolioResult: ...


def write_table(folder: Path, *rows: str) -> Path:
    path = folder / "campuses.csv"
    lines = [f"{row},@tutorial/one-engine" for row in rows]
    header = "name,fuel.price_usd_per_mmbtu,site"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def answers(out: Path) -> dict[str, Any]:
    """Return what a run found, without how long it took."""
    found = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))
    for item in (found, *found["sites"]):
        item.pop("seconds")
    found.pop("n_resumed")
    for path in sorted((out / "sites").glob("*/*.*")):
        text = path.read_text(encoding="utf-8")
        if path.name == "result.json":
            result = json.loads(text)
            for name in ("seconds", "certificate"):
                result.pop(name)
            result["reliability"].pop("seconds")
            text = json.dumps(result)
        found[path.relative_to(out).as_posix()] = text
    return found
