"""Sites of a portfolio are solved once each, whatever happens to a run."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from portfolio.kit import answers, write_table

import optmix as om
from optmix.errors import InputError
from optmix.portfolio.ledger import LOCK_FILE, locked_out
from optmix.solve.interrupt import Interrupt
from optmix.verify.files import verify_out

if TYPE_CHECKING:
    from pathlib import Path

    from portfolio.kit import Solve

    from optmix.portfolio.progress import PortfolioProgress


def test_every_site_is_solved_as_by_itself(solve: Solve, table: Path, tmp_path: Path) -> None:
    result = solve(table, tmp_path / "out")
    alone = om.solve(om.load_site("@tutorial/one-engine", {"fuel.price_usd_per_mmbtu": 3}))
    by_name = {item.name: item for item in result.sites}
    assert [item.status for item in result.sites] == ["optimal"] * 3
    assert by_name["c"].objective_usd == pytest.approx(alone.objective_usd)
    assert by_name["c"].mix == alone.mix
    assert [by_name[name].rank for name in "abc"] == [3, 2, 1]
    assert result.totals.objective_usd == sum(item.objective_usd or 0 for item in result.sites)
    assert verify_out(tmp_path / "out" / "sites" / "a").findings == ()
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["fuel.price_usd_per_mmbtu"]) for row in rows] == [
        ("a", "4"),
        ("b", "3.5"),
        ("c", "3"),
    ]


def test_a_second_run_does_only_what_is_new(solve: Solve, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = solve(table, out)
    again = solve(table, out)
    assert (first.n_resumed, again.n_resumed) == (0, 3)
    assert again.sites == first.sites
    write_table(tmp_path, "a,4", "b,5", "c,3")
    changed = solve(table, out)
    assert changed.n_resumed == 2
    assert [changed.sites[at].mix for at in (0, 2)] == [first.sites[at].mix for at in (0, 2)]
    assert changed.sites[1].objective_usd > first.sites[1].objective_usd
    other_options = solve(table, out, gap=0.5)
    assert other_options.n_resumed == 0


@pytest.mark.parametrize("spoil", ["result", "ledger", "no result", "empty ledger"])
def test_nothing_half_written_is_believed(spoil: str, solve: Solve, tmp_path: Path) -> None:
    out, table = tmp_path / "out", write_table(tmp_path, "a,4")
    before = solve(table, out)
    result = out / "sites" / "a" / "result.json"
    (entry,) = (out / "ledger").glob("*.json")
    text = entry.read_text(encoding="utf-8")
    match spoil:
        case "result":
            result.write_bytes(result.read_bytes()[:100])
        case "no result":
            result.unlink()
        case "ledger":
            entry.write_text(text[: len(text) // 2], encoding="utf-8")
        case _:
            entry.write_text("{}", encoding="utf-8")
    after = solve(table, out)
    assert after.n_resumed == 0
    assert after.sites[0].model_copy(update={"seconds": 0}) == before.sites[0].model_copy(
        update={"seconds": 0}
    )
    assert verify_out(out / "sites" / "a").findings == ()


def test_what_a_killed_run_left_half_written_is_swept_away(
    solve: Solve, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    solve(table, out)
    left = [out / ".summary.csv.ro0sl0fq", out / "ledger" / ".abc.json.qae1_4rl"]
    kept = out / ".gitignore"
    for path in (*left, kept):
        path.write_text("half", encoding="utf-8")
    solve(table, out)
    assert [path.exists() for path in (*left, kept)] == [False, False, True]


def test_two_runs_do_not_write_to_one_folder(solve: Solve, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with locked_out(out), pytest.raises(InputError, match="another run is writing"):
        solve(table, out)


def test_a_folder_with_something_else_is_left_alone(
    solve: Solve, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        solve(table, out)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_run_that_is_stopped_goes_on_later(solve: Solve, table: Path, tmp_path: Path) -> None:
    out, interrupt = tmp_path / "out", Interrupt()

    def stop(_: PortfolioProgress) -> None:
        interrupt.set()

    first = solve(table, out, on_progress=stop, interrupt=interrupt)
    assert not first.is_complete
    assert sorted(item.status for item in first.sites).count("not run") == 2
    solve(table, out)
    whole = answers(out)
    solve(table, tmp_path / "undisturbed")
    assert whole == answers(tmp_path / "undisturbed")


def test_the_first_failure_ends_a_run_that_is_to_fail_fast(solve: Solve, tmp_path: Path) -> None:
    table = write_table(tmp_path, "a,4", "b,cheap", "c,3")
    result = solve(table, tmp_path / "out", fail_fast=True)
    assert [item.status for item in result.sites] == ["not run", "failed", "not run"]


def test_progress_tells_counts_and_the_time_left(solve: Solve, table: Path, tmp_path: Path) -> None:
    told: list[PortfolioProgress] = []
    solve(table, tmp_path / "out", on_progress=told.append)
    assert [item.n_done for item in told] == [1, 2, 3]
    assert all(item.n_total == 3 and item.eta_s is not None for item in told)
    assert told[-1].eta_s == 0


def test_a_site_without_a_plan_is_a_failed_row_with_its_own_folder(
    solve: Solve, tmp_path: Path
) -> None:
    (tmp_path / "portfolio.toml").write_text(
        'schema_version = 1\n[[site]]\npath = "@edge/infeasible-capacity"\n', encoding="utf-8"
    )
    result = solve(tmp_path, tmp_path / "out")
    (site,) = result.sites
    assert (site.status, site.exit_code, result.totals.n_failed) == ("infeasible", 4, 1)
    assert (tmp_path / "out" / "sites" / site.name / "explain.json").is_file()


def test_the_store_answers_queries(solve: Solve, table: Path, tmp_path: Path) -> None:
    import duckdb

    from optmix.portfolio.store import write_store

    out = tmp_path / "out"
    result = solve(table, out)
    write_store(out, result)
    with duckdb.connect() as base:
        cost = f"SELECT sum(objective_usd) FROM '{out}/store/results.parquet'"  # noqa: S608
        assert base.execute(cost).fetchone()[0] == pytest.approx(result.totals.objective_usd)
        hours = (
            "SELECT site, count(*) FROM "  # noqa: S608
            f"read_parquet('{out}/store/dispatch/*.parquet', union_by_name = true) GROUP BY site"
        )
        assert dict(base.execute(hours).fetchall()) == dict.fromkeys("abc", 24)


def test_the_folder_of_a_portfolio_is_marked(solve: Solve, table: Path, tmp_path: Path) -> None:
    solve(table, tmp_path / "out")
    assert (tmp_path / "out" / LOCK_FILE).is_file()
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["ledger", "portfolio.json", LOCK_FILE, "sites", "summary.csv"]
    assert json.loads((tmp_path / "out" / "portfolio.json").read_bytes())["schema_version"] == 1
