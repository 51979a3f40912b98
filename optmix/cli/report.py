"""``optmix report``: what was solved as a page, and as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optmix.cli.options import OutFolder, Quiet, SiteReports, Verbose, usage
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, Problem

__all__ = ["report"]

PORTFOLIO_JSON = "portfolio.json"
"""Tells the folder of a portfolio from that of a site; as in `optmix.portfolio.roll_up`."""


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
    site_reports: SiteReports = False,
    open_: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write what was solved as one HTML file, OUT/report.html, that needs no network.

    Where OUT is that of a portfolio, the file is OUT/index.html.

    `optmix solve` does so by itself. Run it again after `optmix explain OUT --save`, which adds
    other mixes, limits, and the price of each rule.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    if (out / PORTFOLIO_JSON).is_file():
        _refuse(
            {"--compare": compare is not None, "--xlsx": xlsx},
            "this is the folder of a portfolio, whose sites have that one by one",
        )
        page = _portfolio_page(terminal, out, site_reports=site_reports)
    else:
        _refuse({"--site-reports": site_reports}, "this is the folder of a single site")
        page = _site_page(terminal, out, compare, xlsx=xlsx)
    if open_:
        typer.launch(page.resolve().as_uri())


def _refuse(asked: dict[str, bool], why: str) -> None:
    """Refuse options that mean nothing for the folder at hand."""
    problems = [
        Problem(why, option, hint="leave it out") for option, is_on in asked.items() if is_on
    ]
    if problems:
        raise InputError(problems)


def _site_page(terminal: Terminal, out: Path, compare: Path | None, *, xlsx: bool) -> Path:
    from optmix.report.html.write import write_html
    from optmix.report.read_out import read_report

    solved = read_report(out)
    for note in solved.notes:
        terminal.warn(note)
    page = write_html(out, solved, None if compare is None else read_report(compare))
    terminal.text(f"{page}\n")
    if xlsx:
        from optmix.report.workbook import write_workbook

        terminal.text(f"{write_workbook(out, solved)}\n")
    return page


def _portfolio_page(terminal: Terminal, out: Path, *, site_reports: bool) -> Path:
    from optmix.portfolio.page import read_result, write_page, write_site_reports

    result = read_result(out)
    if site_reports:
        write_site_reports(out, result, lambda name: terminal.debug(f"report of {name}"))
    page = write_page(out, result)
    terminal.text(f"{page}\n")
    return page
