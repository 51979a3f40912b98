"""Performance profiles drawn with matplotlib, which is the extra ``bench``."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

__all__ = ["can_plot", "profile_png", "profile_svg"]

WIDEST: Final = 1000.0
"""Factors beyond this are not drawn."""

Curves = dict[str, list[tuple[float, float]]]


def can_plot() -> bool:
    """Return whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def profile_png(path: Path, curves: Curves) -> None:
    """Write the profiles as a picture."""
    _figure(curves).savefig(path, dpi=150)


def profile_svg(curves: Curves) -> str:
    """Return the profiles as an SVG element, for a page."""
    text = io.StringIO()
    _figure(curves).savefig(text, format="svg", metadata={"Date": None})
    return "<svg" + text.getvalue().partition("<svg")[2]


def _figure(curves: Curves) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 4.5), layout="constrained")
    axes = figure.add_subplot()
    factors = [factor for curve in curves.values() for factor, _ in curve]
    end = min(1.2 * max([2.0, *factors]), WIDEST)
    for name, curve in curves.items():
        xs = [1.0, *(factor for factor, _ in curve), end]
        ys = [0.0, *(share for _, share in curve)]
        axes.step(xs, [*ys, ys[-1]], where="post", label=name)
    axes.set_xscale("log")
    axes.set_xlim(1.0, end)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("time, as a multiple of the fastest")
    axes.set_ylabel("share of tasks solved within it")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower right", fontsize="small")
    return figure
