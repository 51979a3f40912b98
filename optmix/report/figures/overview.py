"""A whole year at one look: every hour as a point of a map, and energy by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.report.figures.style import HEAT, LINE, MS_PER_HOUR, colors_of, compact, figure

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.report.operation import Operation

__all__ = ["days_figure", "heat_figure", "mwh_by_day"]

MS_PER_DAY = 24.0 * MS_PER_HOUR


def heat_figure(operation: Operation, values: Floats, unit: str) -> go.Figure:
    """Draw a series as a map: days from left to right, hours of the day upwards.

    Parameters
    ----------
    operation
        One operating year.
    values
        A series on its steps. Shape (n,).
    unit
        Unit of the series.
    """
    drawn = figure(hovermode="closest")
    drawn.add_heatmap(
        z=compact(by_day(operation, values).T),
        x0=_first_noon(operation),
        dx=MS_PER_DAY,
        y0=operation.step_h / 2.0,
        dy=operation.step_h,
        colorscale=HEAT,
        colorbar={"title": {"text": unit}, "thickness": 12},
        hovertemplate=f"%{{x|%b %-d}}, hour %{{y:.2f}}: %{{z:,.2f}} {unit}<extra></extra>",
    )
    drawn.update_xaxes(type="date")
    drawn.update_yaxes(title=f"hour of day, {operation.clock}", dtick=6, range=[0, 24])
    return drawn


def days_figure(operation: Operation) -> go.Figure:
    """Draw the energy that each source gives on each day, and demand."""
    supply = operation.supply_mw()
    colors = colors_of([name.removesuffix(" discharging") for name in supply])
    axis = {"x0": _first_noon(operation), "dx": MS_PER_DAY}
    drawn = figure(barmode="stack", bargap=0.0)
    for name, values in supply.items():
        drawn.add_bar(
            **axis,
            y=compact(mwh_by_day(operation, values)),
            name=name,
            marker={"color": colors[name.removesuffix(" discharging")], "line": {"width": 0}},
            hovertemplate="%{y:,.0f} MWh",
        )
    drawn.add_scatter(
        **axis,
        y=compact(mwh_by_day(operation, operation.demand_mw())),
        name="demand",
        line={"color": LINE, "width": 2},
        meta="ink",
        hovertemplate="%{y:,.0f} MWh",
    )
    drawn.update_xaxes(type="date", hoverformat="%b %-d")
    drawn.update_yaxes(title="MWh a day")
    return drawn


def by_day(operation: Operation, values: Floats) -> NDArray[np.float64]:
    """Return a series by day and step of the day; what no step covers is not a number.

    Shape
    -----
    (days, steps of a day).
    """
    a_day, passed = operation.steps_per_day, operation.first_of_day
    n_days = -(-(passed + len(values)) // a_day)
    padded = np.full(n_days * a_day, np.nan)
    padded[passed : passed + len(values)] = values
    return padded.reshape(n_days, a_day)


def mwh_by_day(operation: Operation, values: Floats) -> Floats:
    """Return the energy of a series on each day. Shape (days,)."""
    return np.asarray(np.nansum(by_day(operation, values), axis=1) * operation.step_h)


def _first_noon(operation: Operation) -> str:
    """Return the middle of the first day: charts draw a cell or a bar around its stamp."""
    return f"{operation.start[:10]}T12:00:00"
