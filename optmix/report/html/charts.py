"""Which charts a report shows, and what each says to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optmix.report.capability import Capability, capability_of
from optmix.report.figures.costs import costs_figure, shown_costs
from optmix.report.figures.dispatch import dispatch_figure
from optmix.report.figures.duration import duration_figure
from optmix.report.figures.maintenance import maintenance_figure, weeks_out
from optmix.report.figures.overview import days_figure, heat_figure, mwh_by_day
from optmix.report.html.ranges import range_text, varies
from optmix.report.operation import operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    import plotly.graph_objects as go

    from optmix.report.files import Report
    from optmix.report.operation import Operation

__all__ = ["Chart", "YearCharts", "cost_chart", "year_charts"]

FEWEST_DAYS = 3
"""A map of days is drawn for horizons of so many days or more."""


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart.

    Attributes
    ----------
    id
        Name on the page.
    title
        What it shows.
    alt
        The same in words, with its main figures.
    figure
        The figure as plain values.
    is_windowed
        Whether it is shown a week at a time.
    """

    id: str
    title: str
    alt: str
    figure: dict[str, Any]
    is_windowed: bool = False


@dataclass(frozen=True, eq=False)
class YearCharts:
    """The charts of one operating year.

    Attributes
    ----------
    n_steps, step_h, steps_per_week
        The time that the charts cover.
    marks
        Steps that the reader may want to go to, by name.
    """

    year: str
    n_steps: int
    step_h: float
    steps_per_week: int
    marks: dict[str, int]
    tightest_at: str
    margin_mw: float
    charts: tuple[Chart, ...]


def cost_chart(report: Report) -> Chart | None:
    """Return the chart of the annual cost; none where there is no plan."""
    lines = shown_costs(report.result)
    if not lines:
        return None
    first = next(iter(lines))
    share = lines[first] / sum(lines.values())
    alt = f"Bars of {len(lines)} cost lines; the largest, {first}, is {share:.0%} of the total."
    return _chart("costs", "Annual cost by line", alt, costs_figure(report.result))


def year_charts(report: Report) -> list[YearCharts]:
    """Return the charts of each operating year; none without a plan."""
    found = zip(operations(report.result), capability_of(report), strict=True)
    years = [_of_year(n, operation, capability) for n, (operation, capability) in enumerate(found)]
    return years if len(years) < 2 else [_titled(year) for year in years]  # noqa: PLR2004


def _titled(year: YearCharts) -> YearCharts:
    """Name the year in the titles of its charts, which are those of the other years too."""
    charts = (replace(chart, title=f"{chart.title}, {year.year}") for chart in year.charts)
    return replace(year, charts=tuple(charts))


def _of_year(n: int, operation: Operation, capability: Capability) -> YearCharts:
    demand_mw = operation.demand_mw()
    marks = {
        "tightest": capability.tightest,
        "highest demand": int(demand_mw.argmax()),
        "lowest demand": int(demand_mw.argmin()),
    }
    stamp = operation.table["time"].iloc[capability.tightest]
    return YearCharts(
        year=operation.year,
        n_steps=len(demand_mw),
        step_h=operation.step_h,
        steps_per_week=7 * operation.steps_per_day or len(demand_mw),
        marks=marks,
        tightest_at=stamp.isoformat(sep=" ", timespec="minutes"),
        margin_mw=capability.margin_mw,
        charts=tuple(_drawn(n, operation, capability)),
    )


def _drawn(n: int, operation: Operation, capability: Capability) -> Iterator[Chart]:
    demand_mw = operation.demand_mw()
    demand = f"demand {range_text(demand_mw, 'MW')}"
    supply = operation.supply_mw()
    sources = ", ".join(supply) or "nothing"
    alt = f"Power from {sources}, stacked, beside {demand}."
    drawn = dispatch_figure(operation, capability.mw)
    yield _chart(f"dispatch-{n}", "Dispatch", alt, drawn, is_windowed=True)
    if operation.steps_per_day and len(demand_mw) >= FEWEST_DAYS * operation.steps_per_day:
        for name, values, unit in (
            ("demand", demand_mw, "MW"),
            ("thermal output", operation.thermal_mw(), "MW"),
            ("grid import", operation.series("import_mw"), "MW"),
            ("stored energy", operation.stored_mwh(), "MWh"),
        ):
            # A map of one colour tells nothing that its range does not.
            if varies(values):
                alt = f"Map of {name} by day and hour, {range_text(values, unit)}."
                drawn = heat_figure(operation, values, unit)
                title = f"{name.capitalize()} by day and hour"
                yield _chart(f"heat-{name.replace(' ', '-')}-{n}", title, alt, drawn)
        alt = f"Energy by day: {_of_days(operation)}."
        yield _chart(f"days-{n}", "Energy by day", alt, days_figure(operation))
    alt = f"Load duration curve: {demand}{_of_duration(operation)}."
    yield _chart(f"duration-{n}", "Load duration curve", alt, duration_figure(operation))
    maintenance = maintenance_figure(operation)
    if maintenance is not None:
        alt = f"Planned maintenance by week: {_of_maintenance(operation)}."
        yield _chart(f"maintenance-{n}", "Planned maintenance", alt, maintenance)


def _of_days(operation: Operation) -> str:
    """Return in words what each source gives in all, and on its days of least and most."""
    told = []
    for name, values in operation.supply_mw().items():
        days = mwh_by_day(operation, values)
        told.append(f"{name} {days.sum():,.0f} MWh in all, {range_text(days, 'MWh')} a day")
    demand = mwh_by_day(operation, operation.demand_mw())
    return "; ".join([*told, f"demand {range_text(demand, 'MWh')} a day"])


def _of_duration(operation: Operation) -> str:
    """Return in words what demand is for half of the time, and how the units follow it."""
    told = f", above {np.median(operation.demand_mw()):,.1f} MW half of the time"
    if operation.mix.installed_mw:
        told += f"; thermal output {range_text(operation.thermal_mw(), 'MW')}"
    return told


def _of_maintenance(operation: Operation) -> str:
    """Return in words in which weeks units of each type are out, and how many at most."""
    told = []
    for name, values in operation.in_maintenance().items():
        out = weeks_out(operation, values)
        first, last = (week.date().isoformat() for week in (min(out), max(out)))
        plural = "" if len(out) == 1 else "s"
        when = f"that of {first}" if first == last else f"from that of {first} to that of {last}"
        most = f"at most {max(out.values()):.0f} at once"
        told.append(f"{name} in {len(out)} week{plural}, {when}, {most}")
    return "; ".join(told)


def _chart(
    name: str, title: str, alt: str, drawn: go.Figure, *, is_windowed: bool = False
) -> Chart:
    return Chart(name, title, alt, drawn.to_plotly_json(), is_windowed)
