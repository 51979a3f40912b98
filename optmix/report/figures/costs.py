"""What the annual cost is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.report.figures.style import COLORS, figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optmix.schema.result import Result

__all__ = ["COST_NAMES", "SMALL_USD", "costs_figure", "shown_costs"]

SMALL_USD = 0.5
"""A line that rounds to 0 is left out."""

USD_PER_MUSD = 1e6
LINE_HEIGHT = 30

COST_NAMES = {
    "unit_capital": "units: capital",
    "unit_fom": "units: fixed O&M",
    "fuel": "gas",
    "stock_fuel": "fuel on site",
    "unit_vom": "units: variable O&M",
    "starts": "starts",
    "battery_capital": "batteries: capital",
    "battery_fom": "batteries: fixed O&M",
    "battery_vom": "batteries: variable O&M",
    "grid_energy": "grid: energy",
    "grid_demand": "grid: demand charge",
    "grid_coincident": "grid: coincident peaks",
    "grid_capital": "grid: interconnection",
    "grid_security": "grid: security",
    "grid_export": "grid: export",
    "flexible": "flexible demand",
    "unserved": "unserved energy",
    "emissions": "emissions",
    "rules": "rules",
}
"""Short names of the lines of `optmix.data.cost_lines.COST_LINES`."""


def shown_costs(result: Result) -> dict[str, float]:
    """Return the lines that do not round to 0, the largest first."""
    shown = {line: usd for line, usd in result.costs_usd.items() if abs(usd) >= SMALL_USD}
    return dict(sorted(shown.items(), key=lambda item: -abs(item[1])))


def costs_figure(result: Result) -> go.Figure:
    """Draw the lines of the annual cost as bars, the largest on top."""
    lines = shown_costs(result)
    drawn = figure(hovermode="closest", height=110 + LINE_HEIGHT * len(lines), showlegend=False)
    drawn.add_bar(
        x=[usd / USD_PER_MUSD for usd in lines.values()],
        y=[COST_NAMES.get(line, line) for line in lines],
        orientation="h",
        marker={"color": COLORS[0]},
        hovertemplate="%{y}: %{x:,.3f} million USD/yr<extra></extra>",
    )
    drawn.update_xaxes(title="million USD/yr")
    drawn.update_yaxes(autorange="reversed", automargin=True)
    return drawn
