"""``optmix verify``: check a written plan against its site, without a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from optmix.cli.options import Json, OutFolder, Quiet, Verbose
from optmix.cli.terminal import terminal_of
from optmix.errors import VerificationError

if TYPE_CHECKING:
    from optmix.verify.files import FileVerification

__all__ = ["verify"]


def verify(
    ctx: typer.Context,
    out: OutFolder,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Check a written plan again: every equation, every cost, from the files alone.

    Exit code 7 if anything is broken.
    """
    from optmix.verify.files import verify_out

    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    checked = verify_out(out)
    if as_json:
        terminal.json(_report(checked))
    else:
        from optmix.report.summary import verification_summary

        terminal.result(verification_summary(checked))
    if not checked.is_correct:
        raise typer.Exit(VerificationError.exit_code)


def _report(checked: FileVerification) -> dict[str, object]:
    return {
        "ok": checked.is_correct,
        "n_checks": checked.verification.n_checks,
        "objective_usd": checked.verification.objective_usd,
        "findings": [finding.model_dump() for finding in checked.findings],
    }
