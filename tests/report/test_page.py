"""The report says what the files of the solve say, and nothing from elsewhere."""

import base64
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from report.pages import decoded, drawn, elements
from report.sites import BATTERY, CAMPUS, NONE, ONE, SHOWN, YEARS
from rich.console import Console

from optmix.errors import InputError
from optmix.report.files import Report
from optmix.report.html.inputs import source_rows
from optmix.report.html.page import html_report
from optmix.report.html.write import write_html
from optmix.report.read_out import read_report
from optmix.report.summary import result_summary

Solved = Callable[..., Path]

every_site = pytest.mark.parametrize("name", SHOWN)


def page_of(out: Path) -> str:
    return (out / "report.html").read_text(encoding="utf-8")


def at(document: Any, pointer: str) -> float:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return float(document)


@every_site
def test_every_figure_is_that_of_the_result(solved: Solved, name: str) -> None:
    out = solved(*SHOWN[name])
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    figures = elements(page_of(out)).figures
    assert figures
    for figure in figures:
        if figure.at:
            assert figure.value == at(result, figure.at), figure
        shown = float(figure.text.replace(",", ""))
        mantissa, _, exponent = figure.text.partition("e")
        digits = len(mantissa.partition(".")[2])
        last = 10.0 ** (int(exponent or 0) - digits)
        assert abs(shown - figure.value * figure.scale) <= 0.5000001 * last, figure


@every_site
def test_every_figure_has_a_unit(solved: Solved, name: str) -> None:
    for figure in elements(page_of(solved(*SHOWN[name]))).figures:
        assert figure.unit, figure


def test_the_answer_is_there(solved: Solved) -> None:
    out = solved(*CAMPUS)
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    page = elements(page_of(out))
    told = {figure.at for figure in page.figures}
    assert {"/objective_usd", "/bound_usd", "/gap", "/lcoe_usd_per_mwh", "/n_checks"} <= told
    assert {"/mix/installed_mw", "/mix/battery_mw", "/mix/grid_withdrawal_mw"} <= told
    built = {f"/mix/units/{name}" for name, count in result["mix"]["units"].items() if count}
    assert built <= told
    lines = {f"/costs_usd/{line}" for line, usd in result["costs_usd"].items() if abs(usd) >= 0.5}
    assert lines <= told
    assert {f"/emissions/{name}" for name in result["emissions"]} <= told


@every_site
def test_the_page_refers_to_nothing_but_itself(solved: Solved, name: str) -> None:
    page = page_of(solved(*SHOWN[name]))
    found = elements(page)
    for link in found.links:
        assert link.startswith("#"), link
        assert link[1:] in found.ids
    assert len(found.ids) == len(set(found.ids))
    assert "<link" not in page
    assert "@import" not in page


@every_site
def test_the_policy_allows_the_scripts_of_the_page_alone(solved: Solved, name: str) -> None:
    page = page_of(solved(*SHOWN[name]))
    (escaped,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    policy = unescape(escaped)
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert "connect-src" not in policy  # so that default-src, nothing, holds
    for script in elements(page).scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_same_folder_gives_the_same_page(solved: Solved) -> None:
    out = solved(*BATTERY)
    assert html_report(read_report(out)) == html_report(read_report(out))


def test_the_page_that_solve_writes_is_that_of_its_files(solved: Solved) -> None:
    for site in (CAMPUS, NONE):
        assert page_of(solved(*site)) == html_report(read_report(solved(*site)))


def test_charts_hold_the_operation_to_seven_digits(solved: Solved) -> None:
    out = solved(*CAMPUS)
    table = pd.read_csv(out / "dispatch.csv")
    charts = drawn(page_of(out))
    series = {trace["name"]: decoded(trace["y"]) for trace in charts["dispatch-0"]["data"]}
    np.testing.assert_allclose(series["demand"], table["demand_mw"], rtol=1e-6)
    np.testing.assert_allclose(series["grid import"], table["import_mw"], rtol=1e-6, atol=1e-4)
    given = sum(
        values for name, values in series.items() if name in {"grid import", *_units(table)}
    )
    given += sum(values for name, values in series.items() if name.endswith("discharging"))
    given += sum(values for name, values in series.items() if name.endswith("(curtailed)"))
    taken = -sum(
        values for name, values in series.items() if name.endswith((" charging", "export"))
    )
    # Auxiliaries of batteries are all that is left.
    assert np.ptp(given - taken - series["demand"]) < 1e-3
    heat = decoded(charts["heat-demand-0"]["data"][0]["z"]).reshape(24, 4).T.ravel()
    np.testing.assert_allclose(heat, table["demand_mw"], rtol=1e-6)


def _units(table: pd.DataFrame) -> set[str]:
    return {name.removesuffix(".online") for name in table.columns if name.endswith(".online")}


def test_each_operating_year_has_its_charts(solved: Solved) -> None:
    out = solved(*YEARS)
    years = pd.read_csv(out / "dispatch.csv")["year"].unique()
    found = elements(page_of(out))
    assert [name for name in found.charts if name.startswith("dispatch")] == [
        f"dispatch-{n}" for n in range(len(years))
    ]
    words = " ".join(found.words)
    assert all(f"Operating year {year}" in words for year in years)


@every_site
def test_every_chart_says_in_words_what_it_shows(solved: Solved, name: str) -> None:
    page = page_of(solved(*SHOWN[name]))
    charts = elements(page).charts
    assert set(charts) == set(drawn(page))
    assert all(len(words) > 20 for words in charts.values())


def test_without_a_plan_the_page_says_why(solved: Solved) -> None:
    page = page_of(solved(*NONE))
    words = " ".join(elements(page).words)
    assert "infeasible: no plan exists" in words
    assert "raise cap_tpy of nox" in words
    assert "--set emissions.nox.cap_tpy=" in words
    assert len(page) < 100_000  # nothing to draw, so no library that draws


def test_text_of_the_site_is_text_on_the_page(solved: Solved) -> None:
    report = read_report(solved(*ONE))
    hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    site = report.site.model_copy(update={"description": hostile})
    result = report.result.model_copy(update={"warnings": (hostile,), "name": hostile})
    page = html_report(type(report)(site=site, case=report.case, result=result))
    assert (
        "alert"
        not in page.replace("&lt;script&gt;alert(1)", "")
        .replace("onerror=&#34;alert(2)", "")
        .split('id="data"')[0]
    )
    assert len(elements(page).scripts) == 2


def test_what_explain_found_is_shown(solved: Solved) -> None:
    report = read_report(solved(*ONE))
    told = {
        "runners_up": [{"mix": {"engine-5mw": 4.0}, "cost_usd": 123_456.0, "above_frac": 0.012}],
        "steps": [],
        "limits": [],
        "rules": [],
    }
    page = html_report(
        type(report)(site=report.site, case=report.case, result=report.result, explanation=told)
    )
    figures = {figure.text: figure.unit for figure in elements(page).figures}
    assert figures["123,456"] == "USD/yr"
    assert figures["1.20"] == "%"
    assert "4&nbsp;engine-5mw" in page


def test_a_short_horizon_is_said_to_stand_for_the_year(solved: Solved) -> None:
    figures = {f.unit: f.text for f in elements(page_of(solved(*CAMPUS))).figures}
    assert figures["horizons/yr"] == f"{8760 / 96:.2f}"


def terminal_of(report: Report) -> str:
    shown = io.StringIO()
    Console(width=200, file=shown).print(result_summary(report))
    return shown.getvalue()


def test_without_failure_data_no_availability_is_told(solved: Solved) -> None:
    without, with_data = read_report(solved(*ONE)), read_report(solved(*CAMPUS))
    assert without.result.reliability.availability == 1.0
    assert "/reliability/availability" not in {
        figure.at for figure in elements(html_report(without)).figures
    }
    assert "No failure data given" in " ".join(elements(html_report(without)).words)
    assert "Outages   no failure data given" in terminal_of(without)
    assert "% of the time" not in terminal_of(without)
    assert "No failure data given" not in " ".join(elements(html_report(with_data)).words)
    assert "% of the time" in terminal_of(with_data)


def test_nines_that_no_data_can_bear_are_not_told(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    words = []
    for availability in (0.9995, 1.0 - 1e-12):
        found = report.result.reliability.model_copy(
            update={"availability": availability, "lole_low_h": None}
        )
        result = report.result.model_copy(update={"reliability": found})
        page = html_report(type(report)(site=report.site, case=report.case, result=result))
        words.append(" ".join(elements(page).words))
    assert "3.30 nines" in words[0]
    assert "more than 9 nines, by these data" in words[1]


def test_availability_is_told_as_far_as_it_is_known(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    wide = {"hours": 8760.0, "lole_low_h": 8.76, "lole_high_h": 166.44, "availability": 0.99}
    found = report.result.reliability.model_copy(update=wide)
    result = report.result.model_copy(update={"reliability": found})
    told = Report(site=report.site, case=report.case, result=result)
    page = html_report(told)
    cards = page.split("<dl", 1)[1].split("</dl>", 1)[0]
    assert [f.text for f in elements(cards).figures if "98.1" in f.text or "99." in f.text] == [
        "98.1",
        "99.9",
    ]
    assert "1.72 to 3.00 nines" in cards
    assert "/reliability/availability" not in {figure.at for figure in elements(page).figures}
    assert "available 98.1 to 99.9 % of the time" in terminal_of(told)
    exact = found.model_copy(update={"lole_low_h": 87.6, "lole_high_h": 87.6})
    result = report.result.model_copy(update={"reliability": exact})
    told = Report(site=report.site, case=report.case, result=result)
    assert "/reliability/availability" in {f.at for f in elements(html_report(told)).figures}
    assert "available 99 % of the time" in terminal_of(told)


def test_every_figure_of_a_unit_stands_beside_its_source(solved: Solved) -> None:
    of_catalog, of_site = (
        {row["name"]: row for row in source_rows(read_report(solved(*site)).site)[0]["figures"]}
        for site in (CAMPUS, ONE)
    )
    main = {"rating_mw", "heat_rate_mmbtu_per_mwh", "fom_usd_per_kw_yr", "nox_lb_per_mwh"}
    main |= {"forced_outage_frac", "mttr_h"}
    assert main <= of_catalog.keys() & of_site.keys()
    outage = of_catalog["forced_outage_frac"]
    assert (outage["value"], outage["unit"], outage["confidence"]) == ("0.025", "share", "medium")
    assert of_site["rating_mw"]["ref"] == "the site, or a default"
    assert of_catalog["n_max"]["ref"] == "the site, or a default"
    words = " ".join(elements(page_of(solved(*ONE))).words)
    assert "Figures and sources of engine-5mw" in words
    assert "10, 8" in words


def test_two_solves_stand_side_by_side(solved: Solved) -> None:
    mine, theirs = solved(*ONE), solved(*ONE, "--set", "fuel.price_usd_per_mmbtu=7.0")
    page = html_report(read_report(mine), read_report(theirs))
    documents = [json.loads((out / "result.json").read_text("utf-8")) for out in (mine, theirs)]
    figures = elements(page).figures
    other = {f.at.removeprefix("other:"): f.value for f in figures if f.at.startswith("other:")}
    assert other["/objective_usd"] == documents[1]["objective_usd"]
    assert other["/costs_usd/fuel"] == documents[1]["costs_usd"]["fuel"]
    more = documents[1]["objective_usd"] - documents[0]["objective_usd"]
    assert more > 0
    assert any(f.value == pytest.approx(more) and not f.at for f in figures)


def test_a_folder_of_a_curve_shows_the_curve(solved: Solved, tmp_path: Path) -> None:
    out = tmp_path / "three"
    shutil.copytree(solved(*ONE), out)
    row = {"nines": 3.0, "objective_usd": 987_654.0, "gap": 0.001, "lole_h": 8.5, "is_met": True}
    rows = [row | {"status": "optimal", "folder": "three"}]
    (tmp_path / "nines.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    write_html(out, read_report(out))
    figures = {figure.text: figure.unit for figure in elements(page_of(out)).figures}
    assert figures["987,654"] == "USD/yr"
    assert figures["8.5"] == "h/yr"
    (tmp_path / "nines.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="no curve of costs by nines"):
        write_html(out, read_report(out))
