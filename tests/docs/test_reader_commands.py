"""Commands of the documentation that take a file or folder of the reader, run with small ones."""

import shlex
from pathlib import Path

import pytest
from docs.test_options import PAGES, WHY_NOT_RUN, app, commands, is_run_by_its_page
from typer.testing import CliRunner

from optmix.schema.load import load_site
from optmix.solve.api import write_model

OF_A_READER = WHY_NOT_RUN["it takes a file or folder of the reader"]
NEEDS_A_CLUSTER = "--scheduler"
"""Tests of portfolios start a cluster of their own."""

ENDINGS = {0, 5}
"""Done, and done but slower than the baseline."""

SITE = """schema_version = 1
name = "small"
[site]
latitude = 31.95
longitude = -102.18
altitude_m = 872.0
timezone = "America/Chicago"
wacc = 0.09
[time]
start = 2030-01-15
hours = 24.0
[demand]
profile = "flat"
peak_mw = 12.0
[fuel]
price_usd_per_mmbtu = 4.0
[[unit]]
technology = "g3520k"
n_max = 20
[grid]
withdrawal_max_mw = 5.0
energy_price = 60.0
[security]
loss_of_unit = true
loss_of_grid = false
[maintenance]
mode = "none"
[rules]
pack = "tx-2026-10"
"""
RACE = """schema_version = 1
title = "mine"
purpose = "to see"
time_limits_s = [60.0]
[[instance]]
site = "SITE"
"""
PORTFOLIO = 'schema_version = 1\ntable = "campuses.csv"\n'


def said(command: str) -> None:
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code in ENDINGS, f"{command}\n{done.output}"
    assert done.exit_code == 0 or "--baseline" in command


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything that the commands name."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("my-site", "sites/a"):
        (folder / name).mkdir(parents=True)
        (folder / name / "site.toml").write_text(SITE)
    (folder / "SITE").write_text(SITE)
    for name in ("RACE.toml", "mine.toml"):
        (folder / name).write_text(RACE)
    table = "name,site,demand.peak_mw\na,my-site/site.toml,10.0\nb,my-site/site.toml,12.0\n"
    (folder / "campuses.csv").write_text(table)
    (folder / "portfolio.toml").write_text(PORTFOLIO)
    write_model(load_site("@tutorial/one-engine"), folder / "uc_1.mps")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said("optmix solve SITE -o OUT")
        said("optmix solve SITE --set demand.peak_mw=10.0 -o OUT2")
        said("optmix bench mine.toml -o before")
    return folder


def commands_of_readers() -> list[str]:
    found = {" ".join(c.split()) for page in PAGES if page.endswith(".md") for c in commands(page)}
    left = {command for command in found if not is_run_by_its_page(command)}
    return sorted(c for c in left if OF_A_READER.fullmatch(c) and NEEDS_A_CLUSTER not in c)


@pytest.mark.slow
@pytest.mark.parametrize("command", commands_of_readers())
def test_a_command_runs_with_files_of_a_reader(
    work: Path, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(work)
    aside = shlex.quote(str(tmp_path / "out"))
    said(command.replace(" -o OUT", f" -o {aside}").replace(" -o out", f" -o {aside}"))
