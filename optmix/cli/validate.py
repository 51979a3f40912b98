"""``optmix validate``: everything about a site that can be checked without a solver."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from optmix.cli.options import Json, Quiet, Settings, Verbose
from optmix.cli.screening import Complaint, screened
from optmix.cli.terminal import Terminal, terminal_of
from optmix.errors import InfeasibleError, InputError, OptmixWarning, Problem

__all__ = ["validate"]


def validate(
    ctx: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="SITE...",
            help="Site files, their folders, or shipped instances.",
            show_default=False,
        ),
    ],
    settings: Settings = None,
    strict: Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Check sites without solving them: fields, series, and whether supply can meet demand.

    Every problem of every site is reported. Exit code 3 if an input cannot be used, 4 if all can
    but a site is proven to have no plan.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    overrides = dict(settings or ())
    found = {path: _complaints(path, overrides) for path in paths}
    codes = {path: _exit_code(told, is_strict=strict) for path, told in found.items()}
    if as_json:
        terminal.json(_report(found, codes))
    else:
        for path, told in found.items():
            _print(terminal, path, told, codes[path])
    bad = [code for code in codes.values() if code]
    raise typer.Exit(min(bad, default=0))


def _exit_code(told: list[Complaint], *, is_strict: bool) -> int:
    errors = [item for item in told if item.severity == "error" or is_strict]
    if not errors:
        return 0
    is_proven = all(item.is_proof for item in errors)
    return InfeasibleError.exit_code if is_proven else InputError.exit_code


def _complaints(path: str, overrides: dict[str, Any]) -> list[Complaint]:
    """Return what there is to say about one site."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            told = [*_checked(path, overrides)]
        except InputError as error:
            told = [Complaint("error", problem) for problem in error.problems]
    ours = (item.message for item in caught if issubclass(item.category, OptmixWarning))
    return [Complaint("warning", Problem(str(message), path)) for message in ours] + told


def _checked(path: str, overrides: dict[str, Any]) -> Iterator[Complaint]:
    from optmix.data.build import build_case
    from optmix.schema.load import load_site

    site = load_site(path, overrides)
    case = build_case(site)
    for text in case.warnings:
        yield Complaint("warning", Problem(text, site.origin.where()))
    yield from screened(site, case)


def _print(terminal: Terminal, path: str, told: list[Complaint], code: int) -> None:
    for complaint in told:
        complaint.tell(terminal)
    said = [
        f"{n} {word}{'s' * (n > 1)}"
        for word in ("error", "warning")
        if (n := sum(complaint.severity == word for complaint in told))
    ]
    verdict = {0: "valid", InfeasibleError.exit_code: "infeasible"}.get(code, "not valid")
    terminal.text(f"{path}: {verdict}{' (' + ', '.join(said) + ')' if said else ''}\n")


def _report(found: dict[str, list[Complaint]], codes: dict[str, int]) -> dict[str, Any]:
    return {
        "ok": not any(codes.values()),
        "sites": [
            {
                "path": path,
                "ok": codes[path] == 0,
                "problems": [complaint.as_json() for complaint in told],
            }
            for path, told in found.items()
        ],
    }
