"""The comparison of methods runs from end to end, on sites small enough for a test."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import compare
import pytest
from harness.methods import sites
from harness.methods.growth import growths
from harness.methods.processes import measure
from harness.methods.runs import Asked, relaxations, solves

from optmix.bench import memory

DAY = sites.Subject("@tutorial/engine-battery", {"time.hours": 24.0})
ASKED = Asked(gap=0.01, time_limit_s=60.0)


def solved(hours: float, seconds: float, status: str = "optimal") -> dict[str, object]:
    return {"method": "one", "hours": hours, "solve_s": seconds, "status": status}


def test_a_solve_tells_what_it_proved_and_what_it_took() -> None:
    (row,) = solves([DAY], ["monolithic"], ASKED)

    assert row["status"] == "optimal", row
    assert row["hours"] == 24.0
    assert row["unit_types"] == 1
    assert 0.0 <= row["gap"] <= row["gap_target"] == 0.01
    assert 0.0 < row["solve_s"] < row["wall_s"]
    assert "solve=" in row["phases"]


def test_the_relaxation_of_the_exported_model_bounds_the_site() -> None:
    plan, export, relaxation = relaxations([DAY], "monolithic", ["simplex"], ASKED)

    assert export["status"] == relaxation["status"] == "optimal", relaxation
    assert 0.0 < relaxation["bound_usd"] <= plan["objective_usd"]
    assert relaxation["speedup"] == relaxation["solve_s"] / plan["solve_s"]
    assert not relaxation["is_at_least"]
    assert relaxation["columns"] > 0


def test_a_job_that_fails_is_an_answer() -> None:
    job = {"work": "solve", "site": "@no/such", "changes": {}, "time_limit_s": 60.0, "solver": None}
    row = measure({**job, "gap": None, "method": None, "workers": None})

    assert row["status"] == "error"
    assert "@no/such" in row["reason"]


def test_a_job_that_breaks_is_an_answer() -> None:
    row = measure({"work": "no such work", "time_limit_s": 60.0})

    assert row["status"] == "error"
    assert row["reason"].startswith("exit 1: ")
    assert "KeyError" in row["reason"]


def test_a_job_whose_time_is_up_is_ended() -> None:
    row = measure({"work": "solve"}, give_up_s=0.0)

    assert row["status"] == "killed"


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is read from /proc")
def test_memory_is_that_of_a_process_and_its_descendants() -> None:
    inner = "import sys; print('up', flush=True); sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        family = memory.family(process.pid)
        assert family[0] == process.pid
        assert len(family) == 2
        assert memory.resident_mib(process.pid) > memory.resident_mib(family[1]) > 0
        assert process.pid in memory.family(os.getpid())
        process.communicate()


def test_growth_is_the_exponent_of_what_ended_in_time() -> None:
    rows = [solved(10, 2.0), solved(100, 20.0), solved(1000, 2000.0), solved(9e3, 9.0, "feasible")]
    for row in rows:
        row["peak_mib"] = 30.0 * row["hours"] ** 0.5
    (growth,) = growths(rows, "hours")

    assert growth.points == 3
    assert growth.exponent == pytest.approx(1.5)
    assert growth.last_exponent == pytest.approx(2.0)
    assert growth.memory_exponent == pytest.approx(0.5)


def test_one_size_has_no_growth() -> None:
    (growth,) = growths([solved(10, 2.0), solved(10, 3.0)], "hours")

    assert growth.exponent is None


@pytest.mark.parametrize(
    ("name", "hours"), [("1", 168), ("13", 2184), ("52", 8760), ("3yr", 26280)]
)
def test_a_horizon_is_as_long_as_it_says(name: str, hours: int) -> None:
    assert sites.horizon(name).size() == {"hours": hours, "unit_types": 5}


def test_every_number_of_unit_types_is_a_site() -> None:
    for count in sites.COUNTS:
        assert sites.choice(count, "4").size() == {"hours": 672, "unit_types": count}


def test_the_first_types_are_those_of_the_site() -> None:
    from optmix.schema.load import load_site

    shipped = {(unit.technology, unit.n_max) for unit in load_site(sites.YEAR).unit}
    assert set(sites.UNIT_TYPES[: len(shipped)]) == shipped


def test_tables_and_plots_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra `bench`")
    monkeypatch.setattr(sites, "horizon", lambda _name: DAY)
    common = ["--gap", "1%", "--methods", "monolithic", "--out", str(tmp_path), "--name", "a"]
    compare.main(["hours", "--horizons", "1", *common])
    compare.main(["relaxation", "--sites", DAY.site, "--linear", "ipm", *common])

    assert {path.name for path in tmp_path.iterdir()} == {
        "a.hours.csv", "a.hours-growth.csv", "a.hours.svg", "a.relaxation.csv", "a.relaxation.svg",
    }  # fmt: skip
    (row,) = csv.DictReader((tmp_path / "a.hours.csv").open())
    assert row["status"] == "optimal"
    assert row["gap_target"] == "0.01"
    assert row["cores"]
    plot = tmp_path / "a.hours.svg"
    assert "monolithic" in plot.read_text()
    assert "MiB" in plot.read_text()
    plot.unlink()
    compare.main(["hours", "--redraw", *common])
    assert "monolithic" in plot.read_text()
    assert "relaxation by ipm" in (tmp_path / "a.relaxation.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["hour"], "unknown: hour"),
        (["--methods", "magic"], "unknown: magic"),
        (["--horizons", "53"], "1 to 52 weeks"),
        (["--counts", "13"], "1 to 12 types"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        compare.main(arguments)

    assert told in capsys.readouterr().err


def test_a_portfolio_is_measured_as_one_solve() -> None:
    subject = sites.Subject(DAY.site, DAY.changes, {"sites": 2})
    (row,) = solves([subject], ["monolithic"], Asked(gap=0.01, time_limit_s=60.0, workers=1))

    assert row["status"] == "optimal", row
    assert (row["sites"], row["hours"]) == (2, 24.0)
    assert 0.0 < row["solve_s"] < row["wall_s"]


def test_nines_are_a_target_of_the_site() -> None:
    from optmix.schema.load import load_site

    subject = sites.target(4, "1")
    site = load_site(subject.site, subject.changes)
    assert site.reliability.availability == 0.9999
    assert subject.size()["nines"] == 4
    with pytest.raises(ValueError, match="1 to 7 nines"):
        sites.target(8, "1")
