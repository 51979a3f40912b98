"""Load duration curves: how long each level is exceeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optmix.report.figures.style import COLORS, LINE, compact, figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optmix.data.arrays import Floats
    from optmix.report.operation import Operation

__all__ = ["duration_figure"]

POINTS = 1000
"""A curve of more steps than this is drawn through so many of them, first and last included."""

PERCENT = 100.0


def duration_figure(operation: Operation) -> go.Figure:
    """Draw demand and output of the thermal units, each sorted from high to low."""
    curves = {"demand": (operation.demand_mw(), LINE)}
    if operation.mix.installed_mw:
        curves["thermal output"] = (operation.thermal_mw(), COLORS[0])
    drawn = figure()
    for name, (values, color) in curves.items():
        share, level = _sorted(values)
        drawn.add_scatter(
            x=compact(share),
            y=compact(level),
            name=name,
            line={"color": color, "width": 2},
            meta="ink" if color == LINE else None,
            hovertemplate="%{y:,.2f} MW",
        )
    drawn.update_xaxes(title="share of time, %", range=[0, 100], hoverformat=".1f")
    drawn.update_yaxes(title="MW", rangemode="tozero")
    return drawn


def _sorted(values: Floats) -> tuple[Floats, Floats]:
    """Return shares of time and the levels that are reached for so long."""
    level = np.sort(values)[::-1]
    share = np.arange(1, len(level) + 1) / len(level) * PERCENT
    kept = np.unique(np.linspace(0, len(level) - 1, POINTS).round().astype(np.int64))
    # The highest level is reached from the start on, not only after its step has passed.
    return np.concatenate([[0.0], share[kept]]), np.concatenate([level[:1], level[kept]])
