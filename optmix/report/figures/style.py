"""What all charts share: colours that stand out on light and dark ground, and the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from optmix.data.arrays import Floats
    from optmix.report.operation import Operation

__all__ = ["COLORS", "HEAT", "LINE", "colors_of", "compact", "figure", "time_axis"]

COLORS = (
    "#3d7dc0",
    "#c9622f",
    "#2b8a68",
    "#9a63b8",
    "#8d7423",
    "#c4517c",
    "#5a72cf",
    "#628a2c",
    "#22879c",
    "#ab6a4c",
)
"""Told apart by most people who see few colours; each has a contrast of 3 on white and on black."""

LINE = "#808890"
"""Demand, limits and other lines, the same on light and dark ground."""

HEAT = (
    (0.0, "#2b2f77"),
    (0.25, "#4b5fa8"),
    (0.5, "#5f9ea0"),
    (0.75, "#c9b458"),
    (1.0, "#f2e58a"),
)
"""From low to high, rising in lightness, so that it is read without colours too."""

_AXIS = {"automargin": True, "title": {"standoff": 15}, "zerolinewidth": 2}

TEMPLATE = {"layout": {"xaxis": _AXIS, "yaxis": _AXIS}}
"""Instead of Plotly's own, which brings colours of its own and 7 kB to each chart."""

MS_PER_HOUR = 3_600_000.0


def compact(values: Floats) -> NDArray[np.float32]:
    """Return a series as charts hold it: seven digits, half the room."""
    return values.astype(np.float32)


def colors_of(names: list[str]) -> dict[str, str]:
    """Return a colour for each name, in order."""
    return {name: COLORS[n % len(COLORS)] for n, name in enumerate(names)}


def figure(**layout: Any) -> go.Figure:
    """Return an empty figure with the layout of all charts."""
    import plotly.graph_objects as go

    common: dict[str, Any] = {
        "template": TEMPLATE,
        "margin": {"l": 64, "r": 16, "t": 16, "b": 48},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0.0},
        "hovermode": "x unified",
        "font": {"family": "system-ui, sans-serif", "size": 13},
    }
    return go.Figure(layout=common | layout)


def time_axis(operation: Operation) -> dict[str, Any]:
    """Return what places a series on the time axis: its first stamp, and the step between."""
    return {"x0": operation.start, "dx": operation.step_h * MS_PER_HOUR}
