"""Bad sites among good ones are rows with their errors, and every good one is solved."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from bad_input.cases import CASES
from bad_input.kit import GOOD_SERIES, write_good

from optmix.schema.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from portfolio.kit import Solve

OWN_NAMES = {
    *("number-for-text", "name-with-comma", "name-with-accent", "name-of-another-script"),
    "name-too-long",
}
ROWS = [case for case in CASES if case.name not in OWN_NAMES]
"""What is bad in a row; the name of a row replaces that of its site, and a path of thousands of
letters makes the portfolio itself bad."""


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Every bad input that is known, and two good sites."""
    entries: list[dict[str, object]] = []
    for number, case in enumerate(ROWS):
        folder = tmp_path / "sites" / str(number)
        folder.mkdir(parents=True)
        entries.append({"path": str(case.write(folder)), "name": f"bad-{number}"})
    for place in (0, len(entries) // 2):
        folder = tmp_path / "good" / str(place)
        folder.mkdir(parents=True)
        write_good(folder, GOOD_SERIES)
        entries.insert(place, {"path": f"good/{place}", "name": f"good-{place}"})
    file = tmp_path / "portfolio.toml"
    file.write_text(toml_text({"schema_version": 1, "site": entries}), encoding="utf-8")
    return file


def test_every_good_site_is_solved_and_every_bad_one_explained(
    mixed: Path, solve: Solve, tmp_path: Path
) -> None:
    assert len(ROWS) >= 40
    result = solve(mixed, tmp_path / "out")
    outcomes = {item.name: item for item in result.sites}
    assert result.is_complete
    assert {item.status for name, item in outcomes.items() if "good" in name} == {"optimal"}
    unexplained = []
    for number, case in enumerate(ROWS):
        bad = outcomes[f"bad-{number}"]
        parts = (case.what, case.allowed, case.hint)
        is_told = any(all(part in text for part in parts) for text in bad.problems)
        is_placed = all(bad.where in text for text in bad.problems)
        if not (is_told and is_placed and (bad.status, bad.exit_code) == ("failed", 3)):
            unexplained.append((case.name, bad.status, bad.problems))
    assert unexplained == []


def test_the_command_ends_with_8_and_tells_each_failure(
    program: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    from portfolio.kit import write_table

    table = write_table(tmp_path, "a,4", "b,cheap", "c,")
    run = program("portfolio", table, "-o", tmp_path / "out", "--workers", "1", "--json")
    assert run.returncode == 8, run.stderr
    found = json.loads(run.stdout)
    assert [site["status"] for site in found["sites"]] == ["optimal", "failed", "optimal"]
    assert 'row 3: fuel.price_usd_per_mmbtu: price_usd_per_mmbtu is the text "cheap"' in run.stderr
    assert "1 of 3 sites failed" in run.stderr
    assert "3/3 done, 1 failed" in run.stderr
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["optimal", "failed", "optimal"]
