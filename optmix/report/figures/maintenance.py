"""When units are in planned maintenance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from optmix.report.figures.style import HEAT, MS_PER_HOUR, figure
from optmix.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optmix.data.arrays import Floats
    from optmix.report.operation import Operation

__all__ = ["maintenance_figure", "weeks_out"]

ROW_HEIGHT = 44

WEEK = dt.timedelta(weeks=1)


def maintenance_figure(operation: Operation) -> go.Figure | None:
    """Draw the units of each type in planned maintenance by week; none where there never are."""
    found = operation.in_maintenance()
    if not found:
        return None
    weekly = np.array([_by_week(operation, values) for values in found.values()])
    starts = _starts(operation, weekly.shape[1])
    first = starts[0]
    drawn = figure(hovermode="closest", height=120 + ROW_HEIGHT * len(found))
    drawn.add_heatmap(
        z=np.where(weekly > 0, weekly, np.nan),
        # A cell is drawn around its stamp.
        x0=(first + WEEK / 2).isoformat(),
        dx=HOURS_PER_WEEK * MS_PER_HOUR,
        y=list(found),
        zmin=0,
        zmax=float(weekly.max()),
        colorscale=HEAT,
        colorbar={"title": {"text": "units"}, "thickness": 12, "nticks": 4, "tickformat": "d"},
        xgap=1,
        ygap=2,
        text=[[f"{start:%b} {start.day}" for start in starts]] * len(found),
        hovertemplate="%{y}, week from %{text}: %{z:.0f} in maintenance<extra></extra>",
    )
    drawn.update_xaxes(type="date", title="week")
    drawn.update_yaxes(automargin=True, type="category")
    return drawn


def weeks_out(operation: Operation, values: Floats) -> dict[dt.datetime, float]:
    """Return the most units in maintenance in each week in which there are any, by its start."""
    weekly = _by_week(operation, values)
    starts = _starts(operation, len(weekly))
    return {start: float(n) for start, n in zip(starts, weekly, strict=True) if n > 0}


def _starts(operation: Operation, n_weeks: int) -> list[dt.datetime]:
    first = dt.datetime.fromisoformat(operation.start)
    return [first + week * WEEK for week in range(n_weeks)]


def _by_week(operation: Operation, values: Floats) -> Floats:
    """Return the most units in maintenance in each week of the horizon."""
    a_week = max(1, round(HOURS_PER_WEEK / operation.step_h))
    padded = np.zeros(-(-len(values) // a_week) * a_week)
    padded[: len(values)] = values
    return np.asarray(padded.reshape(-1, a_week).max(axis=1))
