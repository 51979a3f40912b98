"""``optmix explain``: why a plan looks as it does, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optmix.cli.errors import INTERRUPTED
from optmix.cli.options import COUNT, Gap, Json, Quiet, Settings, TimeLimit, Verbose, usage
from optmix.cli.progress import shown_progress
from optmix.cli.terminal import Terminal, terminal_of
from optmix.cli.values import parse_gap

if TYPE_CHECKING:
    from optmix.explain.records import Explanation
    from optmix.schema.site import Site

__all__ = ["explain"]

RESULT_FILE = "result.json"

SHOWN_ROWS = 8

SHOWN_WITHIN = 0.02


def explain(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="SITE|OUT",
            help="A folder that `optmix solve` wrote, or a site, which is solved first.",
            show_default=False,
        ),
    ],
    rule: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only this rule: its price.", show_default=False),
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=COUNT, help="Rows of each table that are shown.", show_default="8"
        ),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            parser=usage(parse_gap),
            help="Other mixes are shown if they cost up to this share more: 2% or 0.02.",
            show_default="2%",
        ),
    ] = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    settings: Settings = None,
    no_rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Leave a rule of a site out. Repeatable.", show_default=False
        ),
    ] = None,
    save: Annotated[
        bool,
        typer.Option(
            "--save",
            help="Of a solved folder: write OUT/explain.json, which `optmix report OUT` shows.",
        ),
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Explain a plan: limits, prices of rules, one more and one fewer. Or why there is none.

    Without a plan, the least changes that leave one are told; each was applied and solved. Ctrl-C
    stops the work and shows what was found so far.
    """
    from optmix.cli.interrupt import ToldInterrupt
    from optmix.explain.api import explain as explain_site

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    subject = _subject(what, dict(settings or ()), no_rule or [])
    explained = _explained_sha256(subject, is_part=rule is not None, save=save)
    interrupt = ToldInterrupt(as_json=False)
    with shown_progress(terminal, "auto") as sink, interrupt.on_signals():
        told = explain_site(
            subject,
            rule=rule,
            within=SHOWN_WITHIN if within is None else within,
            gap=gap,
            time_limit_s=time_limit,
            sink=sink,
            interrupt=interrupt,
        )
    _print(terminal, told, explained, top=top or SHOWN_ROWS, as_json=as_json)
    if save and isinstance(subject, Path):
        from optmix.report.explain_file import save_explanation

        terminal.info(f"wrote {save_explanation(subject, told, explained)}")
    if interrupt.is_set():
        raise typer.Exit(INTERRUPTED)


def _explained_sha256(subject: Path | Site, *, is_part: bool, save: bool) -> str:
    """Return the hash of the result that is explained; empty of a site that is solved first."""
    if not isinstance(subject, Path):
        if save:
            raise typer.BadParameter("is for a solved folder, not a site", param_hint="--save")
        return ""
    if save and is_part:
        raise typer.BadParameter("keeps all of it; leave out --rule", param_hint="--save")
    from optmix.report.explain_file import result_sha256

    return result_sha256((subject / RESULT_FILE).read_bytes())


def _print(
    terminal: Terminal, told: Explanation, explained: str, *, top: int, as_json: bool
) -> None:
    if as_json:
        from optmix.report.explain_file import saved_form

        terminal.text(saved_form(told, explained).to_json() if explained else told.to_json())
        return
    from optmix.report.explanation import explanation_view

    terminal.result(explanation_view(told, top=top))


def _subject(what: str, settings: dict[str, object], no_rule: list[str]) -> Path | Site:
    from optmix.schema.load import load_site

    if (Path(what) / RESULT_FILE).is_file():
        for given, option in ((settings, "--set"), (no_rule, "--no-rule")):
            if given:
                what_for = "is for a site, not for a solved folder"
                raise typer.BadParameter(what_for, param_hint=option)
        return Path(what)
    site = load_site(what, settings)
    if not no_rule:
        return site
    from optmix.rules.without import without_rules

    return without_rules(site, no_rule, reason="--no-rule", where="--no-rule")
