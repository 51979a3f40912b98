"""The report tells every figure of reliability, every limit of emissions, and every finding."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report.pages import elements
from report.sites import CAMPUS, NONE, ONE, RULED, SMALL, YEARS

from optmix.data.case import EmissionBudget
from optmix.report.figures.maintenance import maintenance_figure
from optmix.report.figures.overview import days_figure, heat_figure
from optmix.report.files import Report
from optmix.report.html.inputs import source_rows
from optmix.report.html.page import html_report
from optmix.report.operation import operation_of
from optmix.report.read_out import read_report
from optmix.schema.load import load_site
from optmix.schema.result import Finding

Solved = Callable[..., Path]


def with_result(report: Report, **changes: Any) -> Report:
    result = report.result.model_copy(update=changes)
    return Report(site=report.site, case=report.case, result=result)


def test_every_figure_of_reliability_is_told_with_its_unit(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    more = {"lole_days": 0.5, "lolf_per_yr": 2.0, "mean_duration_h": 3.0, "transient_h": 0.25}
    found = report.result.reliability.model_copy(update=more)
    page = elements(html_report(with_result(report, reliability=found)))
    told = {figure.at.removeprefix("/reliability/"): figure.unit for figure in page.figures}
    # These are told as the ends of their intervals, which do not read alike here.
    ends = {"lole_low_h", "lole_high_h", "eue_low_mwh", "eue_high_mwh"}
    is_apart = {"availability", "lole_h", "eue_mwh"}
    wanted = {
        name
        for name, value in found.model_dump().items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    assert wanted - is_apart - {"seconds"} <= told.keys()
    assert ends <= told.keys()
    assert (told["eue_ppm"], told["energy_availability"], told["transient_h"]) == (
        "ppm",
        "%",
        "h/yr",
    )


def test_without_a_target_the_page_says_how_to_ask_for_one_unit_fewer(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    words = " ".join(elements(html_report(report)).words)
    mix = report.result.mix
    assert mix is not None
    assert f"--mix j620={mix.units['j620'] - 1},lfp-2h={mix.battery['lfp-2h']},grid=" in words


def test_what_a_check_found_is_listed(solved: Solved) -> None:
    finding = Finding(
        equation="BAT-2", what="more than it holds", subject="lfp", step=7, excess=1.25, unit="MWh"
    )
    report = with_result(read_report(solved(*ONE)), findings=(finding,))
    page = elements(html_report(report))
    words = " ".join(page.words)
    assert "found 1 violation." in words
    assert "BAT-2" in words
    assert "more than it holds" in words
    assert ("1.25", "MWh") in {(figure.text, figure.unit) for figure in page.figures}


def test_each_limit_of_a_pollutant_stands_beside_it(solved: Solved) -> None:
    report = read_report(solved(*RULED))
    result = report.result
    page = html_report(report)
    section = page.split('<section id="emissions"')[1].split("</section>")[0]
    figures = elements(section).figures
    rule = next(each for each in result.rules if each.id == "air.site-tpy")
    rows = {row.what: row.value for row in rule.evidence_rows}
    for pollutant in ("nox", "co", "voc"):
        left = rows["cap"] - rows[f"{pollutant}: potential"]
        assert any(f.value == pytest.approx(left) and f.unit == "short ton/yr" for f in figures)
    own_left = 40.0 - result.emissions["nox_tpy"]
    assert any(f.value == pytest.approx(own_left) for f in figures)
    assert "the site itself" in section
    assert rule.confidence in section
    assert "no cap of the site and no rule in force counts it" in section  # carbon dioxide
    assert "Rates of unit types" in section


def test_the_margin_of_a_rule_names_what_it_is_that_of(solved: Solved) -> None:
    out = solved(*RULED)
    rules = json.loads((out / "result.json").read_bytes())["rules"]
    told = {figure.at for figure in elements(html_report(read_report(out))).figures}
    every = {
        f"/rules/{n}/margins/{m}/margin"
        for n, each in enumerate(rules)
        for m in range(len(each["margins"]))
    }
    assert len(every) >= 4
    assert every <= told
    rule = next(each for each in rules if each["id"] == "air.site-tpy")
    rows = {row["what"]: row["value"] for row in rule["evidence_rows"]}
    left = {q: rows["cap"] - rows[f"{q}: potential"] for q in ("nox", "co", "voc")}
    assert rule["margin_of"] == min(left, key=left.__getitem__)
    assert f"<small>{rule['margin_of']}</small>" in html_report(read_report(out))


def test_rules_that_do_not_apply_stand_apart(solved: Solved) -> None:
    report = read_report(solved(*RULED))
    page = html_report(report)
    rules = page.split('<section id="rules"')[1].split("</section>")[0]
    n_apart = sum(not rule.applies for rule in report.result.rules)
    assert f"{n_apart} rules in force do not apply" in rules
    ids = [name for name in elements(rules).ids if name.startswith("rule-")]
    assert sorted(ids) == sorted(f"rule-{n}" for n in range(len(report.result.rules)))


@pytest.mark.parametrize("sites", [(NONE, ONE), (ONE, NONE)], ids=["this", "other"])
def test_a_solve_without_a_plan_is_compared_in_words(
    solved: Solved, sites: tuple[tuple[str, ...], ...]
) -> None:
    mine, theirs = (read_report(solved(*site)) for site in sites)
    page = html_report(mine, theirs)
    assert '<a href="#comparison">' in page
    words = " ".join(elements(page).words)
    assert "solve has no plan, so it has no figures here: infeasible: no plan exists" in words
    other = {f.at for f in elements(page).figures if f.at.startswith("other:")}
    assert ("other:/objective_usd" in other) == (theirs.result.mix is not None)


def test_days_are_drawn_where_they_are(solved: Solved) -> None:
    operation = operation_of(read_report(solved(*CAMPUS)).result)
    heat = heat_figure(operation, operation.demand_mw(), "MW").data[0]
    bars = days_figure(operation).data
    # A cell reaches half a day to both sides of its stamp: 11 August from 0 to 24 h.
    assert heat.x0 == "2025-08-11T12:00:00"
    assert {trace.x0 for trace in bars} == {"2025-08-11T12:00:00"}
    assert heat.dx == bars[0].dx == 24 * 3_600_000
    assert len(heat.z[0]) == len(bars[0].y) == 4


def test_weeks_of_maintenance_are_drawn_where_they_are(solved: Solved) -> None:
    operation = operation_of(read_report(solved(*CAMPUS)).result)
    table = operation.table.assign(**{"j620.in_maintenance": 1})
    figure = maintenance_figure(type(operation)("year", table, operation.mix, operation.step_h))
    assert figure is not None
    assert figure.data[0].x0 == "2025-08-14T12:00:00"
    assert figure.data[0].text[0][0] == "Aug 11"


def test_a_figure_of_the_catalog_that_a_site_changes_is_the_site_s() -> None:
    site = load_site(SMALL, {"unit.j620.capex_usd_per_kw": 1900.0})
    rows = {row["name"]: row for row in source_rows(site)[0]["figures"]}
    assert rows["capex_usd_per_kw"]["value"] == "1,900"
    assert rows["capex_usd_per_kw"]["ref"] == "Given in the site file"
    assert rows["fom_usd_per_kw_yr"]["ref"] != "Given in the site file"


def test_the_year_that_emits_most_is_held_to_the_cap(solved: Solved) -> None:
    report = read_report(solved(*YEARS))
    axis, table = report.case.axis, report.result.dispatch
    assert table is not None
    table = table.copy()
    is_first = table["year"] == table["year"].iloc[0]
    table.loc[~is_first, table.filter(like=".output_mw").columns] *= 0.5
    known = report.result.model_copy(update={"emissions_unknown": {}})
    result = known.with_dispatch(table)
    units = tuple(replace(unit, lb_per_mwh={"nox": 1.0}) for unit in report.case.units)
    budget = EmissionBudget("nox", 1e6, False, 0.0)
    case = replace(report.case, units=units, emissions=(budget,))
    page = html_report(Report(site=report.site, case=case, result=result))
    section = page.split('<section id="emissions"')[1].split("</section>")[0]
    (margin,) = (f.value for f in elements(section).figures if 9e5 < f.value < 1e6)
    output_mw = table.filter(like=".output_mw").sum(axis=1)
    of_year = output_mw.groupby(table["year"], sort=False).sum().to_numpy() * axis.annual_factor
    assert of_year.max() > 1.5 * of_year.min()
    assert 1e6 - margin == pytest.approx(of_year.max() * axis.step_h / 2000.0, rel=1e-6)


def test_a_solve_that_ended_first_does_not_say_that_there_is_no_plan(solved: Solved) -> None:
    report = read_report(solved(*NONE))
    assert "Why there is no plan" in html_report(report)
    ended = html_report(with_result(report, status="no_plan", reason="time limit reached"))
    assert "Why there is no plan" not in ended
    assert "the solve ended first (time limit reached)" in ended


def test_what_makes_reliability_less_sure_is_told(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    found = report.result.reliability.model_copy(update={"warnings": ("a budget is <overdrawn>",)})
    page = html_report(with_result(report, reliability=found))
    assert "Warning: a budget is &lt;overdrawn&gt;." in page
