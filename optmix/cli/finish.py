"""What becomes of an answer: its folder, what is printed, one more check, and the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optmix.cli.errors import INTERRUPTED
from optmix.cli.terminal import Terminal
from optmix.errors import (
    InfeasibleError,
    InputError,
    NoPlanError,
    SolverError,
    VerificationError,
)

if TYPE_CHECKING:
    from optmix.report.files import Report
    from optmix.schema.result import Result

__all__ = ["check_again", "exit_code", "print_report", "write_page", "write_report"]


def write_report(
    terminal: Terminal, out: Path, report: Report, replaceable: frozenset[str]
) -> tuple[Path | None, InputError | SolverError | None]:
    """Write the folder, or one aside; return which, and what was in the way of the first.

    Parameters
    ----------
    terminal
        Where to say so.
    out
        The folder.
    report
        What it is to hold.
    replaceable
        Hashes of the inputs whose results it may hold already.
    """
    from optmix.report.files import write_aside, write_out

    terminal.note("INFO", f"writing {out}")
    try:
        write_out(out, report, replaceable=replaceable)
    except (InputError, SolverError) as failure:
        try:
            aside = write_aside(out, report)
        except InputError:
            return None, failure
        terminal.error(f"{aside}: the results are kept in this folder instead")
        return aside, failure
    return out, None


def print_report(terminal: Terminal, out: Path | None, report: Report, *, as_json: bool) -> None:
    """Print an answer on stdout, and where its files are."""
    from optmix.report.summary import result_summary

    if as_json:
        terminal.text(report.result.to_json())
    else:
        terminal.result(result_summary(report, out))


def write_page(terminal: Terminal, out: Path, report: Report) -> None:
    """Write the report as HTML beside the files, which are safe by now."""
    from optmix.report.html.write import write_html

    try:
        write_html(out, report)
    except InputError as failure:
        terminal.warn(f"no report.html: {failure}")


def check_again(terminal: Terminal, out: Path) -> None:
    """Verify the plan once more, from what the folder holds.

    Raises
    ------
    VerificationError
        The files do not hold the plan that was verified.
    """
    from optmix.verify.files import verify_out

    checked = verify_out(out)
    if checked.findings:
        told = "; ".join(f"{item.equation} {item.what}" for item in checked.findings[:5])
        raise VerificationError(f"the plan read back from {out} does not hold: {told}")
    terminal.info(f"double check: 0 violations of {checked.verification.n_checks:,} from the files")


def exit_code(result: Result, *, is_interrupted: bool, require_optimal: bool) -> int:
    """Return the exit code of a solve that ended with a result."""
    if is_interrupted:
        return INTERRUPTED
    if result.status == "infeasible":
        return InfeasibleError.exit_code
    if result.status == "no_plan" or (require_optimal and result.status != "optimal"):
        return NoPlanError.exit_code
    return 0
