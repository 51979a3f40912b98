"""``optmix validate``: everything about a site that can be checked without a solver."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
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

    Every problem of every site is reported, and the method that `optmix solve` would use. Exit code
    3 if an input cannot be used, 4 if all can but a site is proven to have no plan.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    overrides = dict(settings or ())
    found = {path: _check(path, overrides) for path in paths}
    codes = {path: _exit_code(check.told, is_strict=strict) for path, check in found.items()}
    if as_json:
        terminal.json(_report(found, codes))
    else:
        for path, check in found.items():
            _print(terminal, path, check, codes[path])
    bad = [code for code in codes.values() if code]
    raise typer.Exit(min(bad, default=0))


@dataclass(frozen=True)
class _Check:
    """What there is to say about one site.

    Attributes
    ----------
    told
        What is wrong or odd.
    method
        How it would be solved; none where that cannot be told.
    """

    told: list[Complaint]
    method: str | None = None


def _exit_code(told: list[Complaint], *, is_strict: bool) -> int:
    errors = [item for item in told if item.severity == "error" or is_strict]
    if not errors:
        return 0
    is_proven = all(item.is_proof for item in errors)
    return InfeasibleError.exit_code if is_proven else InputError.exit_code


def _check(path: str, overrides: dict[str, Any]) -> _Check:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            check = _checked(path, overrides)
        except InputError as error:
            check = _Check(_errors(error))
    ours = (item.message for item in caught if issubclass(item.category, OptmixWarning))
    warned = [Complaint("warning", Problem(str(message), path)) for message in ours]
    return replace(check, told=warned + check.told)


def _errors(error: InputError) -> list[Complaint]:
    return [Complaint("error", problem) for problem in error.problems]


def _checked(path: str, overrides: dict[str, Any]) -> _Check:
    from optmix.cli.method import method_of
    from optmix.rules.in_force import ready_case
    from optmix.schema.load import load_site

    site = load_site(path, overrides)
    case = ready_case(site)
    told = [Complaint("warning", Problem(text, site.origin.where())) for text in case.warnings]
    told += screened(site, case)
    try:
        return _Check(told, method_of(site, case))
    except InputError as error:
        return _Check(told + _errors(error))


def _print(terminal: Terminal, path: str, check: _Check, code: int) -> None:
    told = check.told
    for complaint in told:
        complaint.tell(terminal)
    said = [
        f"{n} {word}{'s' * (n > 1)}"
        for word in ("error", "warning")
        if (n := sum(complaint.severity == word for complaint in told))
    ]
    verdict = {0: "valid", InfeasibleError.exit_code: "infeasible"}.get(code, "not valid")
    counted = f" ({', '.join(said)})" if said else ""
    method = f", method {check.method}" if code == 0 else ""
    terminal.text(f"{path}: {verdict}{counted}{method}\n")


def _report(found: dict[str, _Check], codes: dict[str, int]) -> dict[str, Any]:
    return {
        "ok": not any(codes.values()),
        "sites": [
            {
                "path": path,
                "ok": codes[path] == 0,
                "method": check.method,
                "problems": [complaint.as_json() for complaint in check.told],
            }
            for path, check in found.items()
        ],
    }
