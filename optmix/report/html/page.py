"""The report of a plan as one HTML file: all it shows is in the file, and it asks no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.report.html.charts import cost_chart, year_charts
from optmix.report.html.context import page_context
from optmix.report.html.frame import framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optmix.report.files import Report
    from optmix.report.html.charts import YearCharts

__all__ = ["html_report"]


def html_report(
    report: Report, other: Report | None = None, curve: Sequence[dict[str, Any]] = ()
) -> str:
    """Return the report of a plan, or of a site that has none, as the text of an HTML file.

    Parameters
    ----------
    report
        What was solved.
    other
        Another solve to compare it with.
    curve
        Rows of ``nines.json``: what the site costs by nines of availability.

    Notes
    -----
    The same input gives the same text. Scripts and styles are part of the file, and its content
    security policy names them by their hashes and allows nothing else.
    """
    cost, years = cost_chart(report), year_charts(report)
    charts = [*([cost] if cost else []), *(chart for year in years for chart in year.charts)]
    return framed(
        "page.html.j2",
        charts,
        windows=_windows(years),
        **page_context(report, other),
        curve=curve,
        cost_chart=cost,
        years=years,
    )


def _windows(years: Iterable[YearCharts]) -> dict[str, dict[str, float]]:
    """Return the charts that are shown a week at a time."""
    return {
        chart.id: {
            "steps": year.n_steps,
            "week": min(year.steps_per_week, year.n_steps),
            "stepHours": year.step_h,
        }
        for year in years
        for chart in year.charts
        if chart.is_windowed
    }
