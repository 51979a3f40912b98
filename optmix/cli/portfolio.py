"""``optmix portfolio``: many campuses in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optmix.cli.errors import INTERRUPTED
from optmix.cli.options import (
    COUNT,
    Gap,
    Json,
    Method,
    Quiet,
    Seed,
    SiteReports,
    Solver,
    TimeLimit,
    Verbose,
    usage,
)
from optmix.cli.portfolio_progress import shown_count
from optmix.cli.progress import ProgressKind
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, PortfolioError

if TYPE_CHECKING:
    from optmix.portfolio.records import PortfolioResult

__all__ = ["portfolio"]

SHOWN_FAILURES = 20
"""So many failed sites are spelt out on stderr; ``summary.csv`` has them all."""


def portfolio(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|DIR",
            parser=usage(parse_path),
            help="portfolio.toml, a folder of sites, a CSV or Parquet table, or @portfolio/NAME.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            *("-o", "--out"),
            metavar="OUT",
            parser=usage(parse_path),
            help="Folder to write; a run that was broken off there goes on.",
            show_default=False,
        ),
    ],
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            parser=COUNT,
            help="Sites solved at once, each in a process of its own.",
            show_default="all cores",
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="tcp://HOST:PORT",
            help="Use the workers of a Dask cluster.",
            show_default="this machine",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume/--no-resume", help="Keep what an earlier run finished in OUT."),
    ] = True,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first site that fails.")
    ] = False,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    method: Method = None,
    solver: Solver = None,
    seed: Seed = None,
    store: Annotated[
        bool,
        typer.Option("--store", help="Write results and operation as Parquet too (extra `store`)."),
    ] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write the page of all sites, index.html.")
    ] = True,
    site_reports: SiteReports = False,
    as_json: Json = False,
    progress: Annotated[
        ProgressKind, typer.Option(help="How progress is shown on stderr.")
    ] = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Solve many campuses, on this machine or on a cluster, with shared limits on equipment.

    A campus that fails is a row of summary.csv, not the end of the run; the exit code is then 8.
    Ctrl-C ends the run; what is finished is kept, and the same command goes on from there.
    """
    from optmix.cli.interrupt import ToldInterrupt
    from optmix.portfolio.api import solve_portfolio
    from optmix.portfolio.store import require_store, write_store

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    terminal.json_lines = progress == "json"
    if store:
        require_store()
    interrupt = ToldInterrupt(as_json=terminal.json_lines)
    with shown_count(terminal, progress) as tell, interrupt.on_signals():
        result = solve_portfolio(
            file,
            out,
            gap=gap,
            time_limit_s=time_limit,
            method=method,
            solver=solver,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            resume=resume,
            fail_fast=fail_fast,
            on_progress=tell,
            interrupt=interrupt,
        )
    if store:
        write_store(out, result)
    _write_pages(terminal, result, out, index=report, sites=site_reports)
    _tell_failures(terminal, result)
    _print(terminal, result, out, as_json=as_json)
    if interrupt.is_set():
        raise typer.Exit(INTERRUPTED)
    if result.totals.n_failed:
        raise PortfolioError(f"{result.totals.n_failed} of {result.totals.n_sites} sites failed")


def _write_pages(
    terminal: Terminal, result: PortfolioResult, out: Path, *, index: bool, sites: bool
) -> None:
    """Write the pages for readers; the results are safe by now, whatever becomes of these."""
    from optmix.portfolio.page import write_page, write_site_reports

    try:
        if sites:
            write_site_reports(out, result, lambda name: terminal.debug(f"report of {name}"))
        if index:
            write_page(out, result)
    except InputError as failure:
        terminal.warn(f"not every page is written: {failure}")


def _tell_failures(terminal: Terminal, result: PortfolioResult) -> None:
    failed = [item for item in result.sites if item.problems and not item.is_solved]
    for item in failed[:SHOWN_FAILURES]:
        terminal.error(f"{item.name}: {'; '.join(item.problems)}")
    if len(failed) > SHOWN_FAILURES:
        terminal.error(f"and {len(failed) - SHOWN_FAILURES} more; summary.csv has them all")


def _print(terminal: Terminal, result: PortfolioResult, out: Path, *, as_json: bool) -> None:
    if as_json:
        terminal.text(result.to_json())
        return
    from optmix.cli.portfolio_summary import portfolio_summary

    terminal.result(portfolio_summary(result, out))
