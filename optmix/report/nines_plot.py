"""Annual cost against nines of availability, as SVG that needs no library to draw or to show."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optmix.report.nines import NinesRow

__all__ = ["nines_plot"]

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 90, 40, 60, 70
USD_PER_MILLION = 1e6
PERCENT = 100.0
TICKS = 5
MARGIN = 0.15
"""Share of the range of costs that is left free above and below."""

COST, BOUND, INK, GRID = "#3d7dc0", "#c9622f", "#333333", "#dddddd"


def nines_plot(name: str, rows: Sequence[NinesRow]) -> str:
    """Return the plot.

    Parameters
    ----------
    name
        Name of the site.
    rows
        The targets; those without a plan stand on the axis alone.
    """
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="13">'
    )
    return "\n".join(
        (
            opening,
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            _text(LEFT, 28, f"{name}: annual cost of availability", size=16),
            *_Plot(rows).lines(),
            "</svg>\n",
        )
    )


class _Plot:
    """Scales of both axes, and what is drawn on them."""

    def __init__(self, rows: Sequence[NinesRow]) -> None:
        self._rows = rows
        usd = [u for row in rows for u in (row.result.objective_usd, row.result.bound_usd) if u]
        self._low, self._high = min(usd, default=0.0), max(usd, default=1.0)
        spread = MARGIN * (self._high - self._low or 0.1 * abs(self._high) or 1.0)
        self._low, self._high = self._low - spread, self._high + spread
        nines = [row.nines for row in rows]
        self._first, self._last = min(nines, default=0.0), max(nines, default=1.0)

    def lines(self) -> Iterator[str]:
        """Yield the parts of the plot."""
        yield from self._axes()
        bound = [(r.nines, r.result.bound_usd) for r in self._rows if r.result.bound_usd]
        cost = [(r.nines, r.result.objective_usd) for r in self._rows if r.result.objective_usd]
        yield self._line(bound, BOUND, "4 4")
        yield self._line(cost, COST, "none")
        for nines, usd in cost:
            x, y = self._x(nines), self._y(usd)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COST}"/>'
            yield _text(x, y - 10, f"{usd / USD_PER_MILLION:.4g}", anchor="middle")
        yield _text(LEFT, TOP - 14, "million USD a year", color=INK)
        yield _text(WIDTH - RIGHT - 90, TOP - 14, "cost", color=COST, anchor="end")
        yield _text(WIDTH - RIGHT, TOP - 14, "no plan below", color=BOUND, anchor="end")

    def _axes(self) -> Iterator[str]:
        for n in range(TICKS + 1):
            usd = self._low + n * (self._high - self._low) / TICKS
            y = self._y(usd)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
            yield _text(LEFT - 8, y + 4, f"{usd / USD_PER_MILLION:.4g}", anchor="end")
        for row in self._rows:
            x, percent = self._x(row.nines), PERCENT * row.availability_target
            yield _text(x, HEIGHT - BOTTOM + 22, f"{percent:.10g} %", anchor="middle")
            if row.result.objective_usd is None:
                told = row.result.status.replace("_", " ")
                yield _text(x, HEIGHT - BOTTOM - 8, told, anchor="middle", color=BOUND)
        yield _text(
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, "share of time served", anchor="middle"
        )

    def _line(self, points: Sequence[tuple[float, float]], color: str, dash: str) -> str:
        path = " ".join(f"{self._x(nines):.1f},{self._y(usd):.1f}" for nines, usd in points)
        return (
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )

    def _x(self, nines: float) -> float:
        inner = LEFT + 40, WIDTH - RIGHT - 40
        if self._last == self._first:
            return sum(inner) / 2
        share = (nines - self._first) / (self._last - self._first)
        return inner[0] + share * (inner[1] - inner[0])

    def _y(self, usd: float) -> float:
        share = (usd - self._low) / (self._high - self._low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, color: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{color}">{escape(text)}</text>'
    )
