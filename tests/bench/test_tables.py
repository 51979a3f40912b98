"""The files of a race say what its rows say, and can be read again."""

import csv
import json
from pathlib import Path

import pytest

from optmix.bench.finish import finish, write
from optmix.bench.machine import this_machine
from optmix.bench.race import Race
from optmix.bench.row import Row
from optmix.bench.tables import read_rows, write_public
from optmix.errors import InputError

RACE = Race.model_validate(
    {"schema_version": 1, "title": "A <race>", "purpose": "p", "instance": [{"site": "@a/b"}]}
)
ROWS = (
    Row(
        "a", "site", "highs:default", "monolithic", gap_target=0.001, time_limit_s=60.0,
        status="optimal", is_verified=True, runtime_s=1.5, wall_s=2.0, peak_mib=100.0,
        objective=10.0, bound=9.995, gap=5e-4, hours=24.0, n_rows=3, version="1.15.1",
        trace=((0.5, 11.0, None), (1.0, 10.0, 9.9)),
    ),
    Row("a", "site", "cbc:default", "monolithic", time_limit_s=60.0, status="crash", reason="x"),
    Row("a", "site", "none:default", "monolithic", status="missing", reason="not installed"),
)  # fmt: skip
PUBLIC = (
    "Benchmark,Size,Solver,Solver Version,Solver Release Year,Status,Termination Condition,"
    "Runtime (s),Memory Usage (MB),Objective Value,Max Integrality Violation,Duality Gap,"
    "Reported Runtime (s),Timeout,Hostname,Run ID,Timestamp,VM Instance Type,VM Zone,"
    "Solver benchmark version"
)
"""First line of results/benchmark_results.csv in open-energy-transition/solver-benchmark."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("race") / "out"
    write(finish(RACE, this_machine(), "2030-01-01T00:00:00+00:00", ROWS, ROWS), folder)
    return folder


def test_rows_are_read_as_they_were_written(out: Path) -> None:
    first, *others = read_rows(out)
    kept = {**ROWS[0].as_dict(), "trace": (), "first_plan_s": None}
    assert {**first.as_dict(), "primal_integral_s": None} == kept
    assert [one.status for one in others] == ["crash", "missing"]
    assert read_rows(out / "runs.csv")[0] == first


def test_traces_are_kept_beside(out: Path) -> None:
    lines = (out / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["trace"] == [[0.5, 11.0, None], [1.0, 10.0, 9.9]]


def test_the_public_columns_are_those_of_the_open_energy_benchmark(out: Path) -> None:
    text = (out / "open-energy-benchmark.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == PUBLIC
    first, second = csv.DictReader(text.splitlines())
    assert (first["Status"], first["Termination Condition"]) == ("ok", "optimal")
    assert (first["Benchmark"], first["Size"], first["Timeout"]) == ("a", "24h", "60.0")
    assert float(first["Memory Usage (MB)"]) == pytest.approx(104.8576)
    assert (second["Status"], second["Runtime (s)"]) == ("ER", "")


@pytest.mark.parametrize(
    ("runtime_s", "told"), [(5.0, ("warning", "suboptimal")), (61.0, ("TO", "Timeout"))]
)
def test_a_plan_without_proof_is_a_timeout_only_at_its_limit(
    tmp_path: Path, runtime_s: float, told: tuple[str, str]
) -> None:
    row = Row("a", "site", "highs", status="feasible", runtime_s=runtime_s, time_limit_s=60.0)
    write_public(tmp_path / "public.csv", [row], this_machine(), "2030-01-01T00:00:00+00:00")
    (read,) = csv.DictReader((tmp_path / "public.csv").read_text(encoding="utf-8").splitlines())
    assert (read["Status"], read["Termination Condition"]) == told


def test_each_run_names_the_packages_that_made_it(out: Path) -> None:
    first, *_ = csv.DictReader((out / "runs.csv").read_text(encoding="utf-8").splitlines())
    assert f"highspy={this_machine().packages['highspy']}" in first["packages"].split()


def test_the_summary_names_machine_standings_and_comparison(out: Path) -> None:
    told = json.loads((out / "race.json").read_text(encoding="utf-8"))
    assert told["machine"]["cores"] >= 1
    assert "node" not in told["machine"]
    assert told["standings"][0]["contestant"] == "highs:default monolithic"
    assert told["comparisons"][0]["ratio"] == pytest.approx(1.0)
    assert [run["status"] for run in told["runs"]] == ["optimal", "crash", "missing"]


def test_the_page_stands_alone(out: Path) -> None:
    page = (out / "race.html").read_text(encoding="utf-8")
    assert "A &lt;race&gt;" in page
    assert "none:default: missing: not installed" in page
    assert "src=" not in page
    assert "<script" not in page


def test_the_page_tells_runs_apart(out: Path) -> None:
    page = (out / "race.html").read_text(encoding="utf-8")
    cells = ("a", "highs:default monolithic", "0", "0", "60", "0.100%", "optimal", "1.50")
    row = "".join(f"<td>{cell}</td>" for cell in (*cells, "0.050%", "10", "9.995"))
    assert f"<tr>{row}</tr>" in page
    for title in ("seed", "repeat", "limit, s", "gap asked", "objective", "bound"):
        assert f"<th>{title}</th>" in page


def test_the_profile_is_drawn(out: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra `bench`")
    assert (out / "profile.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (out / "race.html").read_text(encoding="utf-8")


def test_parquet_has_the_same_rows(out: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs the extra `parquet`")
    import pandas as pd

    frame = pd.read_parquet(out / "runs.parquet")
    assert frame["status"].tolist() == ["optimal", "crash", "missing"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "instance,solver,status\n"])
def test_another_table_is_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no table of runs"):
        read_rows(path)


def test_a_baseline_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "none.csv")
