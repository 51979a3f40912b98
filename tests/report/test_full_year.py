"""The page of a full year: small enough to send, and whole in a browser.

The plan is made up, four days over and over: how it came about does not matter here.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report.browser import DESKTOP, PHONE, Page
from report.pages import decoded, drawn
from report.sites import CAMPUS, SMALL
from report.test_browser import DRAWN, FROM, TOO_WIDE

from optmix.data.fingerprint import input_sha256
from optmix.report.files import write_out
from optmix.report.html.write import write_html
from optmix.report.read_out import read_report
from optmix.rules.in_force import ready_case
from optmix.schema.load import load_site

Solved = Callable[..., Path]

HOURS = 8760
MOST_BYTES = 8_000_000


@pytest.fixture(scope="session")
def year(solved: Solved, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a solve of a full year leaves it."""
    short = read_report(solved(*CAMPUS))
    site = load_site(SMALL, {"time.start": "2025-01-01", "time.hours": float(HOURS)})
    case = ready_case(site)
    assert short.result.dispatch is not None
    rows = np.arange(HOURS) % len(short.result.dispatch)
    time = pd.DatetimeIndex(case.axis.start_utc).tz_localize("UTC").tz_convert(case.axis.timezone)
    table = short.result.dispatch.iloc[rows].reset_index(drop=True).assign(time=time)
    table["j620.in_maintenance"] = (np.arange(HOURS) // 168 % 13 == 0).astype(int)
    result = short.result.model_copy(update={"input_sha256": input_sha256(site)})
    report = replace(short, site=site, case=case, result=result.with_dispatch(table))
    out = tmp_path_factory.mktemp("year") / "out"
    write_out(out, report)
    write_html(out, read_report(out))
    return out


def test_the_page_of_a_full_year_is_small_and_holds_every_hour(year: Path) -> None:
    page = (year / "report.html").read_text(encoding="utf-8")
    assert len(page.encode("utf-8")) < MOST_BYTES
    charts = drawn(page)
    written = pd.read_csv(year / "dispatch.csv")["demand_mw"].to_numpy()
    (demand,) = (trace for trace in charts["dispatch-0"]["data"] if trace["name"] == "demand")
    np.testing.assert_allclose(decoded(demand["y"]), written, rtol=1e-6)
    heat = charts["heat-demand-0"]["data"][0]["z"]
    assert heat["shape"] == "24, 365"
    assert charts.keys() >= {"days-0", "duration-0", "maintenance-0", "costs"}


COLORS_ACROSS = """(() => {
  const image = document.querySelector('[data-chart=heat-demand-0] .heatmaplayer image');
  return image && Number(image.getAttribute('width')) > 300;
})()"""


@pytest.mark.slow
def test_a_full_year_is_whole_in_a_browser(browser: Page, year: Path) -> None:
    file = year / "report.html"
    charts = len(drawn(file.read_text(encoding="utf-8")))
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        browser.size(*size)
        browser.prefer(scheme)
        browser.open(file)
        assert browser.complaints == []
        assert browser.requests == [file.resolve().as_uri()]
        assert browser.run(DRAWN) == charts
        assert browser.run(TOO_WIDE) <= 0
    browser.size(*DESKTOP)
    browser.open(file)
    assert browser.run(FROM) == 168
    browser.run("document.querySelector('[data-all]').click()")
    browser.run("new Promise((done) => setTimeout(done, 3000))")
    assert browser.run(FROM) == HOURS
    shown = "document.querySelector('[data-chart=dispatch-0]').layout.xaxis.range"
    first, last = browser.run(shown)
    assert (first[:7], last[:4]) == ("2025-01", "2026") or last[:7] == "2025-12"
    assert browser.run(COLORS_ACROSS)
    assert browser.complaints == []
