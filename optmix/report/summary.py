"""The answer on one screen: what is built, what it costs, and how far that is proven."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from optmix.data.cost_lines import COST_LINES
from optmix.data.mix_io import mix_to_frame
from optmix.report.certificate import bound_text, search_text
from optmix.report.rules import outcome_table
from optmix.report.solved_reliability import reliability_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import RenderableType

    from optmix.report.files import Report
    from optmix.schema.result import Finding, Result
    from optmix.verify.files import FileVerification

__all__ = ["figures_table", "result_summary", "verification_summary"]

SMALL_USD = 0.5
"""A cost line that rounds to 0 is left out."""

SHOWN_FINDINGS = 20

SHOWN_CHANGES = 3
"""Remedies of a site without a plan that are told; ``explain.json`` has them all."""

HEADLINES = {
    "optimal": ("proven within the gap asked for", "bold green"),
    "feasible": ("a plan, not proven to the gap asked for", "bold yellow"),
    "infeasible": ("infeasible: no plan exists", "bold red"),
    "no_plan": ("no plan was found", "bold red"),
}


def result_summary(report: Report, out: Path | None = None) -> RenderableType:
    """Return the answer as text and tables for a terminal.

    Parameters
    ----------
    report
        The answer, and what goes with it.
    out
        Folder that holds its files.
    """
    result = report.result
    parts: list[RenderableType] = [_headline(result)]
    if result.mix is not None:
        mix = mix_to_frame(result.mix, report.case)
        parts += [_mix_table(mix), _cost_table(result), *_proof(result)]
        parts += reliability_lines(result.reliability)
        parts += [outcome_table(result.rules)] if result.rules else []
    else:
        parts += _cause(result, report.explanation or {})
    parts += _certificate(result)
    parts += _origin(result)
    if out is not None:
        parts.append(Text.assemble("Files     ", (f"{out}/", "bold")))
    return Group(*parts)


def verification_summary(checked: FileVerification) -> RenderableType:
    """Return what the check of a written plan found."""
    result, verification = checked.result, checked.verification
    parts: list[RenderableType] = [
        Text.assemble((result.name, "bold"), f": {result.status} as reported"),
        _verdict(checked.findings, verification.n_checks),
        Text(f"Annual cost recomputed: {_usd(verification.objective_usd)} USD"),
    ]
    if checked.findings:
        parts.append(_findings_table(checked.findings))
    return Group(*parts)


def figures_table(figures: Mapping[str, object]) -> RenderableType:
    """Return named figures as a table of two columns."""
    table = _table("Figure", "Value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.6g}" if isinstance(value, float) else str(value))
    return table


def _headline(result: Result) -> Text:
    text = Text.assemble((result.name, "bold"), ": ", HEADLINES[result.status])
    if result.objective_usd is not None:
        text.append(f"\nAnnual cost {_usd(result.objective_usd)} USD")
    if result.lcoe_usd_per_mwh is not None:
        text.append(f", {result.lcoe_usd_per_mwh:,.2f} USD/MWh served")
    return text


def _mix_table(mix: pd.DataFrame) -> Table:
    table = _table("Build", "Count", "MW", "MWh")
    built = mix[(mix["count"] > 0) | (mix["mw"] > 0)]
    for kind, total in (("unit", "all units"), ("battery", "all batteries"), ("grid", "")):
        rows = built[built["kind"] == kind]
        names = rows["name"].astype(str).tolist()
        columns = [rows[column].astype(float).tolist() for column in ("count", "mw", "mwh")]
        for name, count, mw, mwh in zip(names, *columns, strict=True):
            table.add_row(*_cells(kind, name, count, mw, mwh))
        if len(rows) > 1:
            table.add_row(*_cells(kind, total, *map(math.fsum, columns)), style="bold")
    return table


def _cells(kind: str, name: str, count: float, mw: float, mwh: float) -> tuple[str, ...]:
    """Return one row; a tie is not counted, and only batteries hold energy."""
    if kind == "grid":
        return f"grid {name}", "", _size(mw), ""
    return name, f"{count:.0f}", _size(mw), _size(mwh) if kind == "battery" else ""


def _cost_table(result: Result) -> Table:
    table = _table("Annual cost", "USD", "Share")
    total = result.objective_usd or 0.0
    for line, usd in result.costs_usd.items():
        if abs(usd) >= SMALL_USD:
            share = f"{usd / total:.1%}" if total else ""
            table.add_row(COST_LINES.get(line, line), _usd(usd), share)
    table.add_row("all", _usd(total), "", style="bold")
    return table


def _proof(result: Result) -> Iterator[Text]:
    """Say how good the plan is proven to be, and that it was checked."""
    if result.gap is not None and result.bound_usd is not None:
        yield Text(
            f"Proof     at most {result.gap:.3%} above the best possible cost; "
            f"no plan costs less than {_usd(result.bound_usd)} USD"
        )
    else:
        yield Text("Proof     none: the solver gave no bound")
    yield Text("Check     ").append(_verdict(result.findings, result.n_checks))


def _certificate(result: Result) -> Iterator[Text]:
    """Say how the decomposition built its bound, and what it took."""
    if result.certificate is not None:
        yield Text(f"Bound     {bound_text(result.certificate)}")
        yield Text(f"Search    {search_text(result.certificate)}")


def _cause(result: Result, explanation: Mapping[str, Any]) -> Iterator[Text]:
    """Say why there is no plan, as far as that is known."""
    yield Text(f"Reason    {result.reason}")
    for screen in explanation.get("screens", ()):
        if screen["severity"] == "error":
            yield Text(f"Cause     {screen['where']}: {screen['what']}")
    for change in explanation.get("changes", ())[:SHOWN_CHANGES]:
        yield Text(f"Remedy    {'; '.join(each['what'] for each in change['settings'])}")


def _origin(result: Result) -> Iterator[Text]:
    """Say how the answer was found, and what to beware of."""
    seconds = ", ".join(f"{phase} {took:.1f}" for phase, took in result.seconds.items())
    yield Text(f"Solved    {result.method}, {result.solver}; seconds: {seconds}")
    for warning in result.warnings:
        yield Text.assemble(("Warning   ", "yellow"), warning)


def _verdict(findings: Sequence[Finding], n_checks: int) -> Text:
    style = "bold red" if findings else "green"
    plural = "" if len(findings) == 1 else "s"
    return Text.assemble((f"{len(findings)} violation{plural} of {n_checks:,} checks", style))


def _findings_table(findings: Sequence[Finding]) -> Table:
    table = Table("Equation", "What", "Subject", "Excess", "Step", box=box.SIMPLE_HEAD)
    for finding in findings[:SHOWN_FINDINGS]:
        step = "" if finding.step is None else f"{finding.step}"
        if finding.n_steps > 1:
            step += f" and {finding.n_steps - 1} more"
        excess = f"{finding.excess:.4g} {finding.unit}"
        table.add_row(finding.equation, finding.what, finding.subject, excess, step)
    if len(findings) > SHOWN_FINDINGS:
        table.caption = f"and {len(findings) - SHOWN_FINDINGS} more"
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(first, box=box.SIMPLE_HEAD, pad_edge=False)
    for number in numbers:
        table.add_column(number, justify="right", no_wrap=True)
    return table


def _usd(amount: float) -> str:
    return f"{amount:,.0f}"


def _size(amount: float) -> str:
    return f"{amount:,.2f}".rstrip("0").rstrip(".")
