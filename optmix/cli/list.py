"""``optmix list``: what ships with optmix, and what is installed."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from optmix.cli.options import Json, Quiet, Verbose
from optmix.cli.terminal import terminal_of

__all__ = ["list_"]


def list_(
    ctx: typer.Context,
    what: Annotated[
        Literal["instances", "portfolios", "technologies", "solvers", "rules"],
        typer.Argument(help="What to list.", show_default=False),
    ],
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List shipped instances, portfolios and technologies, solvers and their profiles, or rules."""
    from optmix.portfolio.listing import portfolio_rows, portfolio_table
    from optmix.report import listings, rules

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    rows_of, table_of = {
        "instances": (listings.instance_rows, listings.instance_table),
        "portfolios": (portfolio_rows, portfolio_table),
        "technologies": (listings.technology_rows, listings.technology_table),
        "solvers": (listings.solver_rows, listings.solver_table),
        "rules": (rules.rule_rows, rules.rule_table),
    }[what]
    rows = rows_of()
    if as_json:
        terminal.json(rows)
    else:
        terminal.result(table_of(rows))
