"""What a report says in words: of charts to those who do not see them, and of tables."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report.pages import elements
from report.sites import CAMPUS, ONE, SHOWN, YEARS

from optmix.errors import InputError
from optmix.report.capability import capability_of
from optmix.report.figures.overview import mwh_by_day
from optmix.report.html.charts import year_charts
from optmix.report.operation import operations
from optmix.report.read_out import read_report
from optmix.schema.load import load_site

Solved = Callable[..., Path]

CAPTION = re.compile(r"<(?:fig)?caption>(.*?)</(?:fig)?caption>")


@pytest.mark.parametrize("name", ["campus", "rules", "years"])
def test_no_two_captions_are_alike(solved: Solved, name: str) -> None:
    page = (solved(*SHOWN[name]) / "report.html").read_text(encoding="utf-8")
    captions = CAPTION.findall(page)
    assert len(captions) > 5
    assert sorted(set(captions)) == sorted(captions)


def test_the_words_of_a_chart_tell_its_figures(solved: Solved) -> None:
    out = solved(*CAMPUS)
    (operation,) = operations(read_report(out).result)
    charts = elements((out / "report.html").read_text(encoding="utf-8")).charts
    demand = operation.demand_mw()
    ends = f"demand between {demand.min():,.1f} and {demand.max():,.1f} MW"
    assert ends in charts["dispatch-0"]
    assert ends in charts["duration-0"]
    assert f"above {np.median(demand):,.1f} MW half of the time" in charts["duration-0"]
    for name, values in operation.supply_mw().items():
        days = mwh_by_day(operation, values)
        assert f"{name} {days.sum():,.0f} MWh in all" in charts["days-0"]


def test_the_words_of_the_maintenance_chart_tell_its_weeks(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    table = report.result.dispatch
    assert table is not None
    out = np.zeros(len(table), dtype=int)
    out[:48] = 2
    result = report.result.with_dispatch(table.assign(**{"j620.in_maintenance": out}))
    (year,) = year_charts(replace(report, result=result))
    (chart,) = [each for each in year.charts if each.id.startswith("maintenance")]
    assert "j620 in 1 week, that of 2025-08-11, at most 2 at once" in chart.alt


def test_a_series_that_does_not_change_has_no_map_and_no_range(solved: Solved) -> None:
    report = read_report(solved(*CAMPUS))
    table = report.result.dispatch
    assert table is not None
    result = report.result.with_dispatch(table.assign(demand_mw=40.00001))
    steady = replace(report, result=result)
    assert capability_of(steady)
    (year,) = year_charts(steady)
    assert "heat-demand-0" not in {chart.id for chart in year.charts}
    assert all("demand steady at 40.0 MW" in c.alt for c in year.charts if "duration" in c.id)


def test_years_are_told_apart_by_the_titles_of_their_charts(solved: Solved) -> None:
    years = year_charts(read_report(solved(*YEARS)))
    assert [year.charts[0].title for year in years] == [f"Dispatch, {year.year}" for year in years]


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200f"])
@pytest.mark.parametrize("key", ["description", "unit.engine-5mw.model", "demand.series.column"])
def test_what_turns_text_is_refused(character: str, key: str) -> None:
    with pytest.raises(InputError, match=f"holds U\\+{ord(character):04X}") as caught:
        load_site(*ONE, {key: f"a{character}b"})
    assert character not in str(caught.value)
