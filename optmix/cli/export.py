"""``optmix export``: the mathematical model of a site as a file for any solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from optmix.cli.options import Force, Quiet, Settings, SiteArgument, Verbose, usage
from optmix.cli.terminal import terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, Problem

__all__ = ["export"]


def export(
    ctx: typer.Context,
    site: SiteArgument,
    to: Annotated[
        Literal["mps", "lp"], typer.Option("--to", help="Format of the file.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            parser=usage(parse_path),
            help="File to write; by default the site's name in the current folder.",
            show_default=False,
        ),
    ] = None,
    settings: Settings = None,
    force: Force = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write the whole model of a site, with the names of its variables and equations."""
    from optmix.schema.load import load_site
    from optmix.solve.api import write_model

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    loaded = load_site(site, dict(settings or ()))
    path = out or Path(f"{loaded.name}.{to}")
    if path.suffix.lower() != f".{to}":
        what = f'the name does not end in ".{to}"'
        raise InputError(Problem(what, f"-o {path}", f"a name such as {path.stem}.{to}"))
    if path.exists() and not (force and path.is_file()):
        raise InputError(
            Problem("this exists already", f"-o {path}", "a new file", "--force replaces a file")
        )
    if not path.parent.is_dir():
        raise InputError(Problem("there is no such folder", f"-o {path}", "an existing folder"))
    write_model(loaded, path)
    terminal.text(f"{path}\n")
