"""Charts of all sites of a portfolio: what their energy costs, and where they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from optmix.report.figures.style import COLORS, HEAT, LINE, figure
from optmix.report.html.charts import Chart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import plotly.graph_objects as go

    from optmix.portfolio.records import SiteOutcome

__all__ = ["portfolio_charts"]

MOST_NAMED = 40
"""So many sites have their names written out; of more, each tells it when pointed at."""

ROW_HEIGHT = 26
LEAST_DEGREES = 0.05
"""Sites that lie nearer together than this have no map; about 5 km."""


def portfolio_charts(sites: Sequence[SiteOutcome]) -> list[Chart]:
    """Return the charts that a portfolio has something to show in.

    Parameters
    ----------
    sites
        Its sites.
    """
    return [*_cost_chart(sites), *_map_chart(sites)]


def _cost_chart(sites: Sequence[SiteOutcome]) -> Iterator[Chart]:
    ranked = sorted((item for item in sites if item.rank), key=lambda item: item.rank or 0)
    if len(ranked) < 2:  # noqa: PLR2004 - a single bar tells nothing
        return
    low, high = (item.lcoe_usd_per_mwh or 0.0 for item in (ranked[0], ranked[-1]))
    alt = f"Cost of energy of {len(ranked)} sites, from {low:,.2f} USD/MWh at {ranked[0].name} "
    alt += f"to {high:,.2f} USD/MWh at {ranked[-1].name}."
    drawn = _named_bars(ranked) if len(ranked) <= MOST_NAMED else _bars_by_rank(ranked)
    yield Chart("energy-costs", "Cost of energy by site", alt, drawn.to_plotly_json())


def _named_bars(ranked: Sequence[SiteOutcome]) -> go.Figure:
    height = 90 + ROW_HEIGHT * len(ranked)
    drawn = figure(hovermode="closest", height=height, showlegend=False)
    drawn.add_bar(
        x=[item.lcoe_usd_per_mwh for item in ranked],
        y=[item.name for item in ranked],
        orientation="h",
        marker={"color": COLORS[0]},
        hovertemplate="%{y}: %{x:,.2f} USD/MWh<extra></extra>",
    )
    drawn.update_xaxes(title="USD/MWh")
    # Names that read as numbers or dates are names all the same.
    drawn.update_yaxes(type="category", autorange="reversed", automargin=True)
    return drawn


def _bars_by_rank(ranked: Sequence[SiteOutcome]) -> go.Figure:
    drawn = figure(hovermode="closest", height=360, showlegend=False, bargap=0.0)
    drawn.add_bar(
        x=[item.rank for item in ranked],
        y=[item.lcoe_usd_per_mwh for item in ranked],
        hovertext=[item.name for item in ranked],
        marker={"color": COLORS[0]},
        hovertemplate="%{hovertext}: %{y:,.2f} USD/MWh<extra></extra>",
    )
    drawn.update_xaxes(title="sites by rank, cheapest energy first")
    drawn.update_yaxes(title="USD/MWh", automargin=True)
    return drawn


def _map_chart(sites: Sequence[SiteOutcome]) -> Iterator[Chart]:
    placed = [item for item in sites if item.latitude is not None and item.longitude is not None]
    spread = max(_spread([x.latitude for x in placed]), _spread([x.longitude for x in placed]))
    if spread < LEAST_DEGREES:
        return
    alt = f"Map of {len(placed)} sites; each circle has an area by the MW that supply the site, "
    alt += "and a colour by its cost of energy. Sites without a plan are crosses."
    drawn = _map([item for item in placed if item.rank], [x for x in placed if not x.rank])
    yield Chart("map", "Where the sites are", alt, drawn.to_plotly_json())


def _spread(degrees: Sequence[float | None]) -> float:
    known = [value for value in degrees if value is not None]
    return max(known) - min(known) if known else 0.0


def _map(solved: Sequence[SiteOutcome], others: Sequence[SiteOutcome]) -> go.Figure:
    """Draw sites by longitude and latitude; what lies under them would come from a network."""
    drawn = figure(hovermode="closest", height=560, showlegend=False)
    is_named = len(solved) + len(others) <= MOST_NAMED
    most = 26.0 if is_named else 12.0  # circles of hundreds of sites would cover each other
    supply_mw = [_supply_mw(item) for item in solved]
    largest = max(supply_mw, default=1.0) or 1.0
    if solved:
        drawn.add_scatter(
            **_places(solved, is_named=is_named),
            customdata=[
                [mw, item.lcoe_usd_per_mwh] for mw, item in zip(supply_mw, solved, strict=True)
            ],
            hovertemplate="%{hovertext}: %{customdata[0]:,.1f} MW, "
            "%{customdata[1]:,.2f} USD/MWh<extra></extra>",
            marker={
                "size": [8.0 + most * math.sqrt(mw / largest) for mw in supply_mw],
                "color": [item.lcoe_usd_per_mwh for item in solved],
                "colorscale": [list(stop) for stop in HEAT],
                "colorbar": {
                    "title": {"text": "USD/MWh"},
                    "orientation": "h",
                    "thickness": 12,
                    "y": -0.2,
                    "yanchor": "top",
                },
                "line": {"color": LINE, "width": 1},
            },
        )
    if others:
        drawn.add_scatter(
            **_places(others, is_named=is_named),
            hovertemplate="%{hovertext}: no plan<extra></extra>",
            marker={"size": 11, "symbol": "x", "color": COLORS[1]},
        )
    # A degree of longitude is shorter than one of latitude.
    middle = sum(item.latitude or 0.0 for item in (*solved, *others)) / len((*solved, *others))
    drawn.update_xaxes(title="degrees east", constrain="domain")
    ratio = 1.0 / max(0.1, math.cos(math.radians(middle)))
    drawn.update_yaxes(title="degrees north", scaleanchor="x", scaleratio=ratio, constrain="domain")
    return drawn


def _places(items: Sequence[SiteOutcome], *, is_named: bool) -> dict[str, Any]:
    names = [item.name for item in items]
    return {
        "x": [item.longitude for item in items],
        "y": [item.latitude for item in items],
        "mode": "markers+text" if is_named else "markers",
        "text": names if is_named else None,
        "textposition": "top center",
        "hovertext": names,
        "cliponaxis": False,
    }


def _supply_mw(item: SiteOutcome) -> float:
    return item.mix.installed_mw + item.mix.grid_withdrawal_mw if item.mix else 0.0
