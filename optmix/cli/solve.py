"""``optmix solve``: build, solve, verify, write."""

from __future__ import annotations

import platform
import shlex
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optmix._version import __version__
from optmix.cli.finish import (
    check_again,
    exit_code,
    print_report,
    write_page,
    write_report,
)
from optmix.cli.options import (
    Force,
    Gap,
    Json,
    Method,
    Quiet,
    Seed,
    Settings,
    SiteArgument,
    Solver,
    Threads,
    TimeLimit,
    Verbose,
    Workers,
    usage,
)
from optmix.cli.price_rules import priced
from optmix.cli.progress import ProgressKind, shown_progress
from optmix.cli.screening import Complaint, screened
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_nines, parse_path
from optmix.cli.why_none import why_none
from optmix.errors import InputError, Problem

if TYPE_CHECKING:
    from optmix.report.files import Report
    from optmix.schema.result import Result
    from optmix.schema.site import Site

__all__ = ["solve"]

INTERRUPTED_WITH = {
    "optimal": "the plan was already proven within the gap asked for",
    "feasible": "this is the best plan so far",
    "infeasible": "it was already proven that there is no plan",
    "no_plan": "no plan was found yet",
}
"""What is there when a solve is stopped from outside, by its status."""


def solve(
    ctx: typer.Context,
    site: SiteArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            *("-o", "--out"),
            metavar="OUT",
            parser=usage(parse_path),
            help="Folder to write.",
            show_default=False,
        ),
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    method: Method = None,
    solver: Solver = None,
    workers: Workers = None,
    seed: Seed = None,
    threads: Threads = None,
    settings: Settings = None,
    no_rule: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Leave a rule out. Repeatable.", show_default=False),
    ] = None,
    price_rules: Annotated[
        bool,
        typer.Option(
            "--price-rules", help="Solve again without each rule, and tell what each one costs."
        ),
    ] = False,
    double_check: Annotated[
        bool, typer.Option("--double-check", help="Verify again from the written files.")
    ] = False,
    require_optimal: Annotated[
        bool, typer.Option("--require-optimal", help="Exit code 5 unless proven within the gap.")
    ] = False,
    keep_model: Annotated[
        bool, typer.Option("--keep-model", help="Write the mathematical model as model.mps too.")
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
    nines: Annotated[
        Any,
        typer.Option(
            "--nines",
            metavar="N,…",
            parser=usage(parse_nines),
            help="Solve for several availabilities, for example 3,4,5 for 99.9 to 99.999 %, and "
            "write what each one costs as a table and a plot.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read, check and build; solve and write nothing.")
    ] = False,
    force: Force = False,
    as_json: Json = False,
    progress: Annotated[
        ProgressKind, typer.Option(help="How progress is shown on stderr.")
    ] = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find the least-cost mix of a site, verify the plan, and write it into a folder.

    Ctrl-C stops the search and keeps the best plan so far, if any; a second Ctrl-C breaks off.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    terminal.json_lines = progress == "json"
    if out is None and not dry_run:
        raise typer.BadParameter("name a folder for the results", param_hint="-o")
    loaded = _load(terminal, site, dict(settings or ()), no_rule or [])
    if out is None or dry_run:
        from optmix.cli.dry_run import show_dry_run

        show_dry_run(terminal, loaded, method=method, solver=solver, as_json=as_json)
        return
    asked = _Asked(
        site=site,
        options={
            "gap": gap,
            "time_limit_s": time_limit,
            "method": method,
            "solver": solver,
            "seed": seed,
            "threads": threads,
            "workers": workers,
        },
        progress=progress,
        force=force,
        keep_model=keep_model,
        no_report=no_report,
        price_rules=price_rules,
        double_check=double_check,
        require_optimal=require_optimal,
    )
    if nines is not None:
        from optmix.cli.nines import solve_nines

        into = partial(_solve_into, terminal, asked, as_json=None)
        raise typer.Exit(solve_nines(terminal, loaded, nines, out, into, as_json=as_json))
    raise typer.Exit(_solve_into(terminal, asked, loaded, out, as_json=as_json)[1])


@dataclass(frozen=True)
class _Asked:
    """What a solve was asked for on the command line."""

    site: str
    options: dict[str, Any]
    progress: ProgressKind
    force: bool
    keep_model: bool
    no_report: bool
    price_rules: bool
    double_check: bool
    require_optimal: bool


def _solve_into(
    terminal: Terminal, asked: _Asked, site: Site, out: Path, *, as_json: bool | None
) -> tuple[Result, int]:
    """Solve a site and write the folder; print the answer unless ``as_json`` is none."""
    digest, replaceable = _room_for(out, site, force=asked.force)
    screens = _screen(terminal, site)
    result, is_interrupted = _solve(terminal, site, asked.options, asked.progress)
    if result.input_sha256 != digest:
        raise InputError(Problem("an input file was changed during the solve", asked.site))
    if asked.options["workers"] is not None and result.method == "monolithic":
        terminal.warn("--workers had no effect: the monolithic method uses one process")
    if asked.price_rules and not is_interrupted:
        result = priced(terminal, site, result, asked.options, asked.progress)
    why = why_none(terminal, site, result, asked.progress) if not is_interrupted else {}
    report = _report(terminal, site, result, screens, why, keep_model=asked.keep_model)
    written, failure = write_report(terminal, out, report, replaceable)
    if as_json is not None:
        print_report(terminal, written, report, as_json=as_json)
    if failure is not None:
        raise failure
    if not asked.no_report:
        write_page(terminal, out, report)
    if asked.double_check and result.mix is not None:
        check_again(terminal, out)
    strict = asked.require_optimal
    return result, exit_code(result, is_interrupted=is_interrupted, require_optimal=strict)


def _load(terminal: Terminal, site: str, overrides: dict[str, Any], no_rule: list[str]) -> Site:
    from optmix.schema.load import load_site

    terminal.note("INFO", f"optmix {__version__}, Python {platform.python_version()}")
    terminal.note("INFO", f"command: {shlex.join(['optmix', *sys.argv[1:]])}")
    loaded = load_site(site, overrides)
    if not no_rule:
        return loaded
    from optmix.rules.without import without_rules

    return without_rules(loaded, no_rule, reason="--no-rule", where="--no-rule")


def _room_for(out: Path, site: Site, *, force: bool) -> tuple[str, frozenset[str]]:
    """Return the hash of the input, and those of inputs whose results may be replaced.

    A folder that cannot be used is refused before an hour is spent on solving for it.
    """
    from optmix.data.fingerprint import input_sha256
    from optmix.report.files import require_free

    digest = input_sha256(site)
    return digest, require_free(out, digest, force=force)


def _screen(terminal: Terminal, site: Site) -> list[Complaint]:
    """Look for what can be told without a solver; what rules out every plan is told at once."""
    from optmix.rules.in_force import ready_case

    case = ready_case(site)
    screens = [*screened(site, case)]
    for text in case.warnings:
        terminal.warn(text)
    errors = [complaint for complaint in screens if complaint.severity == "error"]
    for complaint in errors:
        complaint.tell(terminal)
    if errors:
        terminal.info("No plan can satisfy this; the solver is asked all the same.")
    return screens


def _solve(
    terminal: Terminal, site: Site, options: dict[str, Any], progress: ProgressKind
) -> tuple[Result, bool]:
    """Solve with progress shown and Ctrl-C heard; tell whether it was."""
    from optmix.cli.interrupt import ToldInterrupt
    from optmix.report.certificate import bound_text, search_text
    from optmix.solve.api import solve as solve_site

    interrupt = ToldInterrupt(as_json=terminal.json_lines)
    with shown_progress(terminal, progress) as sink, interrupt.on_signals():
        result = solve_site(site, **options, sink=sink, interrupt=interrupt)
    terminal.note("INFO", f"{result.status}: {result.reason}")
    if result.certificate is not None:
        terminal.note("INFO", f"bound: {bound_text(result.certificate)}")
        terminal.note("INFO", f"search: {search_text(result.certificate)}")
    if interrupt.is_set():
        terminal.warn(f"interrupted: {INTERRUPTED_WITH[result.status]}")
    elif result.status == "feasible":
        terminal.warn(f"stopped before the gap was proven: {result.reason}")
    return result, interrupt.is_set()


def _report(
    terminal: Terminal,
    site: Site,
    result: Result,
    screens: list[Complaint],
    why: dict[str, Any],
    *,
    keep_model: bool,
) -> Report:
    from optmix.report.files import Report
    from optmix.rules.in_force import ready_case
    from optmix.solve.api import write_model

    explanation = {
        **why,
        "status": result.status,
        "reason": result.reason,
        "screens": [complaint.as_json() for complaint in screens],
    }
    told = [str(item.problem) for item in screens if item.severity == "warning"]
    result = result.model_copy(update={"warnings": (*result.warnings, *told)})
    for warning in told:
        terminal.note("WARNING", warning)
    return Report(
        site=site,
        case=ready_case(site),
        result=result,
        log_lines=terminal.log_lines,
        explanation=explanation if result.mix is None else None,
        write_model=(lambda path: write_model(site, path)) if keep_model else None,
    )
