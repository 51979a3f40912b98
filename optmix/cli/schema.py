"""``optmix schema``: the formats of optmix for editors and other programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from optmix.cli.options import Quiet, Verbose
from optmix.cli.terminal import terminal_of

__all__ = ["schema"]


def schema(
    ctx: typer.Context,
    what: Annotated[
        Literal["site", "result"], typer.Argument(help="Site file, or result.json.")
    ] = "site",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Print the JSON Schema of a site file, or of result.json.

    Editors complete and check a site file whose first line is `#:schema ./site.schema.json`.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    if what == "site":
        from optmix.schema.export import site_json_schema

        terminal.json(site_json_schema())
    else:
        from optmix.schema.result import Result

        terminal.json(Result.model_json_schema())
