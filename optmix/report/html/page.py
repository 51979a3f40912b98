"""The report of a plan as one HTML file: all it shows is in the file, and it asks no network."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from optmix._version import __version__
from optmix.report.html.charts import Chart, cost_chart, year_charts
from optmix.report.html.context import page_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2 import Environment

    from optmix.report.files import Report
    from optmix.report.html.charts import YearCharts

__all__ = ["html_report"]

ASSETS = resources.files("optmix.report.html") / "assets"


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
    scripts = [_plotly(), _asset("report.js")] if charts else []
    page = _environment().get_template("page.html.j2")
    return page.render(
        **page_context(report, other),
        curve=curve,
        cost_chart=cost,
        years=years,
        version=__version__,
        style=Markup(_asset("report.css")),  # noqa: S704 - a file of this package
        scripts=[Markup(text) for text in scripts],  # noqa: S704 - files of installed packages
        script_hashes=" ".join(map(_hash, scripts)) or "'none'",
        data=_data(charts, years),
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("optmix.report.html", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data(charts: Iterable[Chart], years: Iterable[YearCharts]) -> Markup:
    """Return what the script draws, as JSON that cannot end the element it stands in."""
    values: dict[str, Any] = {
        "charts": {chart.id: chart.figure for chart in charts},
        "windows": {
            chart.id: {
                "steps": year.n_steps,
                "week": min(year.steps_per_week, year.n_steps),
                "stepHours": year.step_h,
            }
            for year in years
            for chart in year.charts
            if chart.is_windowed
        },
    }
    text = json.dumps(values, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - made safe right here
