"""``optmix report``: what was solved as a page, and as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optmix.cli.options import OutFolder, Quiet, Verbose, usage
from optmix.cli.terminal import terminal_of
from optmix.cli.values import parse_path

__all__ = ["report"]


def report(
    ctx: typer.Context,
    out: OutFolder,
    compare: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT2",
            parser=usage(parse_path),
            help="Another solved folder, shown side by side with the first.",
            show_default=False,
        ),
    ] = None,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write a workbook, report.xlsx, too.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write what was solved as one HTML file, OUT/report.html, that needs no network.

    `optmix solve` does so by itself. Run it again after `optmix explain OUT --json >
    OUT/explain.json`, which adds other mixes, limits, and the price of each rule.
    """
    from optmix.report.html.write import write_html
    from optmix.report.read_out import read_report

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    solved = read_report(out)
    other = None if compare is None else read_report(compare)
    page = write_html(out, solved, other)
    terminal.text(f"{page}\n")
    if xlsx:
        from optmix.report.workbook import write_workbook

        terminal.text(f"{write_workbook(out, solved)}\n")
    if open_:
        typer.launch(page.resolve().as_uri())
