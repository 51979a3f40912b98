"""The workbook holds the tables of the result, as text and numbers alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from report.sites import NONE, RULED
from typer.testing import CliRunner

from optmix.cli.app import app
from optmix.report.read_out import read_report
from optmix.report.tables import report_tables
from optmix.report.workbook import write_workbook

Solved = Callable[..., Path]


def test_every_sheet_holds_its_table(solved: Solved, tmp_path: Path) -> None:
    out = solved(*RULED)
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    sheets = pd.read_excel(write_workbook(tmp_path, read_report(out)), sheet_name=None)
    names = ["answer", "mix", "costs", "energy", "emissions", "monthly", "dispatch", "reliability"]
    assert list(sheets) == [*names, "rules", "margins"]
    costs = sheets["costs"].set_index("line")["usd_per_yr"]
    assert costs["all"] == pytest.approx(result["objective_usd"], rel=1e-15)
    assert costs.drop("all").to_dict() == pytest.approx(result["costs_usd"])
    written = pd.read_csv(out / "dispatch.csv")
    for name in written.columns.drop(["time", "year"]):
        assert sheets["dispatch"][name].to_numpy() == pytest.approx(written[name].to_numpy())
    time, offset_h = "time (America/Chicago)", sheets["dispatch"]["utc_offset_h"]
    assert sheets["dispatch"][time].dtype.kind == "M"  # a date to the workbook, not text
    shown = sheets["dispatch"][time].dt.tz_localize("UTC") - pd.to_timedelta(offset_h, unit="h")
    # Times in a workbook are days as floating-point numbers.
    expected = pd.to_datetime(written["time"], utc=True)
    assert (shown - expected).abs().max() < pd.Timedelta(milliseconds=1)
    assert sheets["dispatch"][time].iloc[0] == pd.Timestamp("2025-08-11")
    units = sheets["reliability"].set_index("figure")["unit"]
    assert units["lole_h"] == "h/yr"
    assert (units["availability"], units["eue_mwh"]) == ("share", "MWh/yr")
    demand_mwh = written["demand_mw"].sum()
    assert sheets["monthly"]["demand_mwh"].sum() == pytest.approx(demand_mwh)
    assert sheets["rules"]["id"].tolist() == [rule["id"] for rule in result["rules"]]


def test_text_is_never_a_formula(solved: Solved, tmp_path: Path) -> None:
    report = read_report(solved(*NONE))
    result = report.result.model_copy(update={"warnings": ("=1+1", "http://example.org")})
    report = type(report)(site=report.site, case=report.case, result=result)
    book = load_workbook(write_workbook(tmp_path, report))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_the_command_writes_page_and_workbook(solved: Solved) -> None:
    out = solved(*RULED)
    told = CliRunner().invoke(app, ["report", str(out), "--xlsx"])
    assert told.exit_code == 0, told.output
    assert told.stdout.split() == [str(out / "report.html"), str(out / "report.xlsx")]
    again = CliRunner().invoke(app, ["solve", *RULED, "-o", str(out), "-q"])
    assert again.exit_code == 0, again.output  # the workbook is no foreign file
    assert not (out / "report.xlsx").exists()


def test_without_the_extra_the_message_names_it(
    solved: Solved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    told = CliRunner().invoke(app, ["report", str(solved(*NONE)), "--xlsx"])
    assert told.exit_code == 3
    assert "pip install 'optmix[xlsx]'" in told.stderr


@pytest.mark.parametrize("name", ["result.json", "site.resolved.toml", "dispatch.csv"])
def test_a_folder_that_lacks_a_file_is_refused(solved: Solved, tmp_path: Path, name: str) -> None:
    for path in solved(*RULED).iterdir():
        if path.is_file() and path.name != name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    told = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert told.exit_code == 3
    assert f"no file {name} in this folder" in told.stderr


@pytest.mark.slow
def test_libreoffice_reads_every_number_as_it_was(solved: Solved, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: apt install libreoffice-calc-nogui")
    report = read_report(solved(*RULED))
    book = write_workbook(tmp_path, report)
    done = subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            # Commas, quotes, UTF-8, from the first row; values in full; every sheet.
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
            "--outdir",
            str(tmp_path / "sheets"),
            str(book),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert "Error" not in done.stdout + done.stderr
    for name, written in report_tables(report).items():
        read = pd.read_csv(tmp_path / "sheets" / f"report-{name}.csv")
        assert list(read) == list(written)
        assert len(read) == len(written)
        for column in written.select_dtypes("number"):
            expected = written[column].to_numpy(dtype=float)
            assert read[column].to_numpy(dtype=float) == pytest.approx(expected, nan_ok=True)
