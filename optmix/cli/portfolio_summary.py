"""What ``optmix portfolio`` prints when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from optmix.portfolio.records import PortfolioResult, SiteOutcome

__all__ = ["portfolio_summary"]

SHOWN_SITES = 40
"""A longer table is read in ``summary.csv``."""


def portfolio_summary(result: PortfolioResult, out: Path) -> Group:
    """Return the ranking, the totals, and where the files are."""
    return Group(*_parts(result, out))


def _parts(result: PortfolioResult, out: Path) -> Iterator[RenderableType]:
    totals = result.totals
    solved = sorted((item for item in result.sites if item.rank), key=lambda item: item.rank or 0)
    if solved:
        yield _ranking(solved[:SHOWN_SITES])
    if len(solved) > SHOWN_SITES:
        yield Text(f"and {len(solved) - SHOWN_SITES} more in summary.csv")
    yield Text(f"{totals.n_solved} of {totals.n_sites} sites solved, {totals.n_failed} failed")
    if totals.n_solved:
        yield Text(
            f"together {totals.objective_usd:,.0f} USD/yr, {totals.installed_mw:,.1f} MW of units, "
            f"{totals.battery_mw:,.1f} MW of batteries, {totals.grid_withdrawal_mw:,.1f} MW of grid"
        )
    yield Text(f"results: {out}")


def _ranking(items: list[SiteOutcome]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("rank", "site", "status", "USD/MWh", "USD/yr", "gap", "mix"):
        is_number = title in {"rank", "USD/MWh", "USD/yr", "gap"}
        table.add_column(title, justify="right" if is_number else "left")
    for item in items:
        table.add_row(
            str(item.rank),
            item.name,
            item.status,
            _number(item.lcoe_usd_per_mwh, ",.2f"),
            _number(item.objective_usd, ",.0f"),
            _number(item.gap, ".2%"),
            _mix(item),
        )
    return table


def _number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"


def _mix(item: SiteOutcome) -> str:
    if item.mix is None:
        return ""
    counts = {**item.mix.units, **item.mix.battery}
    parts = [f"{count} {name}" for name, count in counts.items() if count]
    if item.mix.grid_withdrawal_mw > 0:
        parts.append(f"{item.mix.grid_withdrawal_mw:,.1f} MW grid")
    return ", ".join(parts)
