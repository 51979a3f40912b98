"""What a solve does not know is said to be so, wherever its figures are shown."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from portfolio.made_up import portfolio, site
from report.pages import elements
from report.sites import CAMPUS, ONE
from rich.console import Console

from optmix.portfolio.page import portfolio_page
from optmix.report.files import Report
from optmix.report.html.inputs import WITHOUT_UNIT, input_rows, source_rows
from optmix.report.html.page import html_report
from optmix.report.indices import NO_FAILURE_DATA
from optmix.report.read_out import read_report
from optmix.report.summary import result_summary
from optmix.report.tables import report_tables
from optmix.resources import instance_names
from optmix.schema.load import load_site

Solved = Callable[..., Path]

ENDS = ["/reliability/lole_low_h", "/reliability/lole_high_h"]


@pytest.fixture
def wide(solved: Solved) -> Report:
    """A solve whose loss of load is only known to lie between two ends."""
    report = read_report(solved(*CAMPUS))
    found = report.result.reliability
    assert found.lole_low_h is not None
    assert found.lole_high_h is not None
    assert found.lole_low_h < 0.9 * found.lole_high_h
    return report


@pytest.fixture
def bare(solved: Solved) -> Report:
    """A solve of a site that states no failures, and no rate of nitrogen oxides."""
    return read_report(solved(*ONE))


def terminal_of(report: Report) -> str:
    shown = io.StringIO()
    Console(width=200, file=shown).print(result_summary(report))
    return shown.getvalue()


def test_the_middle_of_a_wide_interval_is_never_told_as_the_value(wide: Report) -> None:
    for page in (html_report(wide), wide.result._repr_html_()):
        places = [figure.at for figure in elements(page).figures]
        assert "/reliability/lole_h" not in places
        assert set(ENDS) <= set(places)
    compared = html_report(wide, wide).split('<section id="comparison"')[1].split("</section>")[0]
    places = [figure.at for figure in elements(compared).figures]
    assert [at for at in places if "lole" in at] == [*ENDS, *(f"other:{end}" for end in ENDS)]
    width = wide.result.reliability.lole_high_h - wide.result.reliability.lole_low_h  # type: ignore[operator]
    told = [f.value for f in elements(compared).figures if f.unit == "h/yr" and not f.at]
    assert told == pytest.approx([-width, width])


def test_an_interval_that_reads_as_one_figure_is_told_as_one(wide: Report) -> None:
    narrow = {"lole_h": 8.76, "lole_low_h": 8.76 - 1e-7, "lole_high_h": 8.76 + 1e-7}
    found = wide.result.reliability.model_copy(update=narrow)
    result = wide.result.model_copy(update={"reliability": found})
    figures = {f.at: f.text for f in elements(result._repr_html_()).figures}
    assert figures["/reliability/lole_h"] == "8.76"


def test_the_ranking_of_a_portfolio_tells_what_is_known() -> None:
    ends = {"lole_h": 5.0, "lole_low_h": 1.5, "lole_high_h": 8.5}
    sites = [
        site(0, "wide").model_copy(update=ends),
        site(1, "no data").model_copy(update={"lole_h": 0.0, "has_failure_data": False}),
        site(2, "known"),
    ]
    page = portfolio_page(portfolio(*sites), set())
    places = {figure.at for figure in elements(page).figures}
    assert {"/sites/0/lole_low_h", "/sites/0/lole_high_h", "/sites/2/lole_h"} <= places
    assert not {"/sites/0/lole_h", "/sites/1/lole_h"} & places
    assert page.count(NO_FAILURE_DATA) == 1


def test_a_portfolio_tells_what_its_emissions_leave_out() -> None:
    nothing = {"emissions": {"nox_tpy": 0.0}, "emissions_unknown": {"nox_tpy": ("engine",)}}
    one = portfolio(site(0, "a").model_copy(update=nothing), site(1, "b"))
    alone = portfolio(site(0, "a").model_copy(update=nothing))
    words = [" ".join(elements(portfolio_page(each, set())).words) for each in (one, alone)]
    assert "at least" in words[0]
    assert all("engine: no figure" in each for each in words)
    assert "/totals/emissions/nox_tpy" not in {
        figure.at for figure in elements(portfolio_page(alone, set())).figures
    }


def test_without_failure_data_no_index_is_told_anywhere(bare: Report) -> None:
    assert bare.result.reliability.has_failure_data is False
    assert json.loads(bare.result.to_json())["reliability"]["has_failure_data"] is False
    for text in (bare.result._repr_html_(), html_report(bare, bare), terminal_of(bare)):
        assert NO_FAILURE_DATA in text
    for page in (bare.result._repr_html_(), html_report(bare, bare)):
        assert not any("lole" in figure.at for figure in elements(page).figures)
    table = report_tables(bare)["reliability"].set_index("figure")["value"]
    assert table["indices"] == NO_FAILURE_DATA
    assert "lole_h" not in table


def test_emissions_without_a_figure_are_not_known(bare: Report) -> None:
    assert bare.result.emissions_unknown["nox_tpy"] == ("engine-5mw",)
    assert "co2_tpy" not in bare.result.emissions_unknown
    page = html_report(bare, bare)
    places = {figure.at for figure in elements(page).figures}
    assert not any("nox_tpy" in at for at in places)
    assert {"/emissions/co2_tpy", "other:/emissions/co2_tpy"} <= places
    table = report_tables(bare)["emissions"].set_index("pollutant")
    assert table["short_tons_per_yr"].isna().to_dict() == {
        name: name != "co2" for name in ("nox", "co", "voc", "co2")
    }
    assert table.loc["nox", "not_counted"] == "engine-5mw"
    offered = {row["name"]: row["value"] for row in source_rows(bare.site)[0]["figures"]}
    assert offered["nox_lb_per_mwh"] == "not known"


def test_a_rate_of_zero_is_known(solved: Solved) -> None:
    report = read_report(solved(*ONE, "--set", "unit.engine-5mw.nox_lb_per_mwh=0.0"))
    assert "nox_tpy" not in report.result.emissions_unknown
    figures = {f.at: f.text for f in elements(html_report(report)).figures}
    assert figures["/emissions/nox_tpy"] == "0.00"


def test_the_terminal_tells_what_makes_reliability_less_sure(wide: Report) -> None:
    assert wide.result.reliability.warnings
    for warning in wide.result.reliability.warnings:
        assert f"Warning   {warning}" in terminal_of(wide)


def test_two_solves_are_told_apart_by_their_inputs(bare: Report, solved: Solved) -> None:
    other = read_report(solved(*ONE, "--set", "fuel.price_usd_per_mmbtu=7.0"))
    page = html_report(bare, other)
    compared = page.split('<section id="comparison"')[1].split("</section>")[0]
    words = " ".join(" ".join(elements(compared).words).split())
    assert "fuel.price_usd_per_mmbtu 4 7 USD/MMBtu" in words
    assert "battery" not in words
    assert "grid" not in words
    units = [figure.unit for figure in elements(compared).figures]
    assert units.count("percentage points") == 1
    same = html_report(bare, bare)
    assert "The inputs are the same." in same


@pytest.mark.parametrize("name", instance_names())
def test_every_number_of_the_inputs_has_a_unit(name: str) -> None:
    loaded = load_site(f"@{name}")
    rows = [*input_rows(loaded), *(f for each in source_rows(loaded) for f in each["figures"])]
    bare = {
        row["name"].rpartition(".")[2]
        for row in rows
        if row["value"][:1].isdigit() and row["unit"] in {"", WITHOUT_UNIT}
    }
    assert bare <= {"seed", "start", "energization_date", "operation_start", "model", "vendor"}
