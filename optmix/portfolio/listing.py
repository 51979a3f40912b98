"""The shipped portfolios as rows and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optmix.portfolio.read import read_portfolio
from optmix.portfolio.shared.limits import limits_of
from optmix.portfolio.shipped import portfolio_names
from optmix.report.listings import listing_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

__all__ = ["portfolio_rows", "portfolio_table"]


def portfolio_rows() -> list[dict[str, Any]]:
    """Return name, number of sites, what is shared, and description of each."""
    rows = []
    for name in portfolio_names():
        found = read_portfolio(f"@portfolio/{name}")
        rows.append(
            {
                "name": f"@portfolio/{name}",
                "n_sites": len(found.rows),
                "shared": ", ".join(limit.name for limit in limits_of(found.shared)),
                "description": found.description,
            }
        )
    return rows


def portfolio_table(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """Return the shipped portfolios as a table."""
    titles = {"name": "Portfolio", "n_sites": "Sites", "shared": "Shared", "description": "About"}
    return listing_table(rows, titles)
