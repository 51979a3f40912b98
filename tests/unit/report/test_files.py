"""What goes into OUT; when it may be replaced is tested with the command line."""

from pathlib import Path

import pytest

from optmix.data.build import build_case
from optmix.data.fingerprint import input_sha256
from optmix.errors import InputError
from optmix.report.files import Report, write_out
from optmix.schema.load import load_site
from optmix.schema.result import Result

SITE = """
schema_version = 1
name = "two-files-of-one-name"
[site]
latitude = 32
longitude = -102
timezone = "America/Chicago"
[time]
start = 2025-07-01
hours = 2
[demand]
series = { file = "a/x.csv", column = "v" }
[fuel]
price_usd_per_mmbtu = { file = "b/x.csv", column = "v" }
[weather]
series = { file = "b/X.csv", column = "v" }
[grid]
withdrawal_max_mw = 20
energy_price = { file = "./a/x.csv", column = "v" }
export_price = { file = "größe (1).csv", column = "v" }
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    folder = tmp_path / "site"
    for number, name in enumerate(["a/x.csv", "b/x.csv", "b/X.csv", "größe (1).csv"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"v\n{number + 1}\n{number + 2}\n", encoding="utf-8")
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    site = load_site(folder)
    result = Result(
        name=site.name,
        status="no_plan",
        objective_usd=None,
        bound_usd=None,
        gap=None,
        method="monolithic",
        solver="highs:default",
        seconds={},
        mix=None,
        costs_usd={},
        lcoe_usd_per_mwh=None,
        energy_mwh={},
        emissions={},
        input_sha256=input_sha256(site),
        seed=0,
    )
    return Report(site=site, case=build_case(site), result=result, log_lines=("one", "two"))


def test_copies_of_inputs_keep_apart_what_only_folders_told_apart(
    report: Report, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write_out(out, report)
    names = sorted(path.name for path in (out / "inputs").iterdir())
    assert names == ["X-2.csv", "gr__e__1_.csv", "x-3.csv", "x.csv"]
    copy = load_site(out / "site.resolved.toml")
    assert copy.demand.series.file == copy.grid.energy_price.file == "inputs/x.csv"
    assert input_sha256(copy) == report.result.input_sha256
    assert build_case(copy).demand_mw.tolist() == report.case.demand_mw.tolist()


def test_the_log_is_written_line_by_line(report: Report, tmp_path: Path) -> None:
    write_out(tmp_path / "out", report)
    assert (tmp_path / "out" / "run.log").read_bytes() == b"one\ntwo\n"


def test_an_input_that_is_not_what_was_solved_is_not_written(
    report: Report, tmp_path: Path
) -> None:
    (tmp_path / "site" / "a" / "x.csv").write_text("v\n7\n8\n", encoding="utf-8")
    with pytest.raises(InputError, match="changed while the site was being solved"):
        write_out(tmp_path / "out", report)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_full_disk_leaves_the_old_result(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_out(out, report)
    before = {path.name for path in out.iterdir()}

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("optmix.report.placing.os.fsync", refuse)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_out(out, report)
    assert {path.name for path in out.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "site"]
