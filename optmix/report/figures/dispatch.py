"""How demand is served in every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optmix.report.figures.style import LINE, colors_of, compact, figure, time_axis

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optmix.data.arrays import Floats
    from optmix.report.operation import Operation

__all__ = ["dispatch_figure"]

STORE_SHARE = 0.22
"""Height of the chart of stored energy, below that of power."""

CHARGING = " charging"
"""Ends the name of what a battery takes."""


def dispatch_figure(operation: Operation, capability_mw: Floats | None = None) -> go.Figure:
    """Draw supply by source as a stack, what batteries and export take, and demand.

    Parameters
    ----------
    operation
        One operating year.
    capability_mw
        The most that could be supplied in each step, drawn as a line. Shape (n,).
    """
    supply, uses = operation.supply_mw(), operation.uses_mw()
    axis = time_axis(operation)
    drawn = figure()
    # A battery has one colour, whether it gives or takes; what it takes is hatched.
    owners = list(dict.fromkeys(_owner(name) for name in (*supply, *uses)))
    colors = colors_of(owners)
    for sign, stack in ((1.0, supply), (-1.0, uses)):
        for name, values in stack.items():
            color = colors[_owner(name)]
            hatched = {"shape": "/", "size": 5, "solidity": 0.4, "fgcolor": color}
            drawn.add_scatter(
                **axis,
                y=compact(sign * values),
                name=name,
                stackgroup="supply" if sign > 0 else "uses",
                line={"width": 0, "shape": "hv"},
                fillcolor=color,
                fillpattern=hatched if name.endswith(CHARGING) else None,
                hovertemplate="%{y:,.2f} MW",
            )
    lines = {"demand": operation.demand_mw()}
    if capability_mw is not None:
        lines["capability"] = capability_mw
    for name, values in lines.items():
        style = {"color": LINE, "width": 2, "shape": "hv"}
        style |= {"dash": "dot"} if name == "capability" else {}
        drawn.add_scatter(
            **axis,
            y=compact(values),
            name=name,
            line=style,
            meta="ink",
            hovertemplate="%{y:,.2f} MW",
        )
    drawn.update_xaxes(type="date", title=f"time, {operation.clock}")
    drawn.update_yaxes(title="MW", rangemode="tozero")
    if operation.mix.battery_mwh:
        _add_store(drawn, operation)
    return drawn


def _add_store(drawn: go.Figure, operation: Operation) -> None:
    """Draw stored energy below, on the same axis of time."""
    drawn.add_scatter(
        **time_axis(operation),
        y=compact(operation.stored_mwh()),
        name="stored energy",
        yaxis="y2",
        line={"color": LINE, "width": 1.5},
        fill="tozeroy",
        hovertemplate="%{y:,.2f} MWh",
        showlegend=False,
    )
    drawn.update_layout(
        yaxis={"domain": [STORE_SHARE + 0.08, 1.0]},
        yaxis2={"domain": [0.0, STORE_SHARE], "title": "stored, MWh", "rangemode": "tozero"},
        xaxis={"anchor": "y2"},
    )


def _owner(name: str) -> str:
    """Return the thing that a series belongs to."""
    return name.removesuffix(" discharging").removesuffix(CHARGING)
