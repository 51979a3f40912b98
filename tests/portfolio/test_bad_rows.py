"""Bad sites among good ones are rows with their errors, and every good one is solved."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from bad_input.cases import CASES
from bad_input.kit import GOOD_SERIES, BadInput, write_good

from optmix.schema.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from portfolio.kit import Solve

OWN_NAMES = {"number-for-text", "name-with-comma", "name-with-accent", "name-of-another-script"}
"""What is bad is the name of the site, so the row must not give it another one."""

IN_TABLE = {"name-too-long"}
"""A path of thousands of letters makes a whole portfolio.toml bad, but only one row of a table."""

GOOD = "good"


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[Path, list[BadInput | str]]:
    """Every bad input that is known, and three good sites: the portfolio, and what each row is."""
    listed = [case for case in CASES if case.name not in IN_TABLE]
    rows: list[BadInput | str] = [GOOD, *listed, *(case for case in CASES if case not in listed)]
    rows.insert(len(listed) // 2, GOOD)
    rows.append(GOOD)
    paths = [_written(item, tmp_path / "sites" / str(number)) for number, item in enumerate(rows)]
    n_listed = len(listed) + 2
    entries = [
        {"path": path} if _has_own_name(item) else {"path": path, "name": f"row {number}"}
        for number, (item, path) in enumerate(zip(rows[:n_listed], paths, strict=False))
    ]
    with (tmp_path / "campuses.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["name", "site"])
        table.writerows(
            [f"row {number}", path] for number, path in list(enumerate(paths))[n_listed:]
        )
    file = tmp_path / "portfolio.toml"
    document = {"schema_version": 1, "table": "campuses.csv", "site": entries}
    file.write_text(toml_text(document), encoding="utf-8")
    return file, rows


def _written(item: BadInput | str, folder: Path) -> str:
    folder.mkdir(parents=True)
    if isinstance(item, BadInput):
        return str(item.write(folder))
    write_good(folder, GOOD_SERIES)
    return str(folder)


def _has_own_name(item: BadInput | str) -> bool:
    return isinstance(item, BadInput) and item.name in OWN_NAMES


def test_every_good_site_is_solved_and_every_bad_one_explained(
    mixed: tuple[Path, list[BadInput | str]], solve: Solve, tmp_path: Path
) -> None:
    file, rows = mixed
    assert len(CASES) >= 40
    result = solve(file, tmp_path / "out")
    assert result.is_complete
    told = list(zip(rows, result.sites, strict=True))
    assert [site.status for item, site in told if item == GOOD] == ["optimal"] * 3
    unexplained = []
    for case, bad in told:
        if isinstance(case, str):
            continue
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
