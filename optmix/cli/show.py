"""``optmix show``: one shipped thing in full, with its sources."""

from __future__ import annotations

from typing import Annotated

import typer

from optmix.cli.options import Json, Quiet, Verbose
from optmix.cli.terminal import terminal_of
from optmix.errors import Problem, UnknownNameError, did_you_mean
from optmix.resources import instance_names

__all__ = ["show"]


def show(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="@tutorial/one-engine, titan-350, highs, highs:fast, air.site-tpy, tx-2026-10, …",
            show_default=False,
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option(
            metavar="PACK", help="Show where a rule pack differs from this one.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show an instance, a technology, a solver's profiles, a rule with its sources, or a pack."""
    from optmix.report import details, rules
    from optmix.rules.packs import pack_names
    from optmix.rules.registry import rule_ids
    from optmix.schema.catalog import technology_ids
    from optmix.solve.profiles import solver_names

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    instances = [f"@{known}" for known in instance_names()]
    if against is not None and name not in pack_names():
        raise typer.BadParameter("is for two rule packs", param_hint="--against")
    if name in pack_names():
        found, view = rules.pack_details(name, against), rules.pack_view
    elif name in rule_ids():
        found, view = rules.rule_details(name), rules.rule_view
    elif name.startswith("@") or f"@{name}" in instances:
        found, view = details.instance_details(f"@{name.lstrip('@')}"), details.instance_view
    elif name in technology_ids():
        found, view = details.technology_details(name), details.technology_view
    elif name.partition(":")[0] in solver_names():
        found, view = details.solver_details(name), details.solver_view
    else:
        known = [*instances, *technology_ids(), *solver_names(), *rule_ids(), *pack_names()]
        raise UnknownNameError(
            Problem(
                what="nothing of that name ships with optmix",
                where=name,
                allowed="a name from `optmix list instances`, `technologies`, `solvers` or "
                "`rules`, or of a rule pack",
                hint=did_you_mean(name, known),
            )
        )
    if as_json:
        terminal.json(found)
    else:
        terminal.result(view(found))
